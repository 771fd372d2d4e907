import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { byStage, type EpochFolder } from "./epoch_folders.ts";
import { arrayOf, readJson, textOf, under } from "./json_access.ts";
import { counted, LIMITS, whole } from "./limits.ts";

/** One explained image of a gallery. */
export interface CamCard {
  readonly id: string;
  readonly trueClass: string | undefined;
  readonly predictedClass: string | undefined;
  readonly explainedClass: string | undefined;
  readonly head: string;
  readonly method: string;
  readonly layer: string;
  readonly why: string;
  /** Why the map says nothing; empty for one that is well. */
  readonly fault: string;
  /** Paths inside the run folder; undefined where there is no such file. */
  readonly original: string | undefined;
  readonly overlay: string | undefined;
}

/** What a check of one method's maps found. */
export interface CamVerdict {
  readonly method: string;
  readonly verdict: string;
  readonly reasons: readonly string[];
}

/** The explained images of one epoch. */
export interface CamPanel {
  readonly place: EpochFolder;
  readonly cards: readonly CamCard[];
  readonly verdicts: readonly CamVerdict[];
  /** Path of the whole panel, where there is one. */
  readonly picture: string | undefined;
  /** Classes of which no image could be taken. */
  readonly missingClasses: readonly string[];
}

/** The explanations of a run and what is to be said about them, in sentences. */
export interface CamRecords {
  readonly panels: readonly CamPanel[];
  readonly notes: readonly string[];
}

/** Reads the Grad-CAM manifests of a run, the latest epochs of each stage first until it is enough. */
export async function loadCams(
  run: string,
  folders: readonly EpochFolder[],
): Promise<CamRecords> {
  const stages = byStage(folders), panels: CamPanel[] = [], notes: string[] = [];
  const each = Math.floor(LIMITS.cards / Math.max(1, stages.length));
  let leftOut = 0;
  for (const stage of stages) {
    let room = each;
    for (const place of [...stage].reverse()) {
      const path = `${place.path}/gradcam/manifest.json`;
      const { value, missing, gone } = await readJson(join(run, path), path);
      if (gone) continue;
      if (missing !== undefined) {
        notes.push(`Explanations of ${place.stage}, epoch ${place.epoch}: ${missing}.`);
        continue;
      }
      const panel = await panelOf(run, place, value);
      // At least some of the newest epoch, and whole epochs after it.
      const cards = room === each ? panel.cards.slice(0, room) : panel.cards;
      if (cards.length <= room) panels.push({ ...panel, cards });
      leftOut += panel.cards.length - (cards.length <= room ? cards.length : 0);
      room -= Math.min(room, cards.length);
    }
  }
  if (leftOut > 0) {
    notes.push(
      `${counted(leftOut, "older image")} left out: the page lists at most ${
        whole(LIMITS.cards)
      }. ` +
        "The run folder has all of them.",
    );
  }
  panels.sort((a, b) => a.place.stageIndex - b.place.stageIndex || a.place.epoch - b.place.epoch);
  return { panels, notes };
}

async function panelOf(run: string, place: EpochFolder, value: unknown): Promise<CamPanel> {
  const folder = `${place.path}/gradcam`;
  const names = new Set(await readdir(join(run, folder)).catch(() => []));
  const file = (name: string) => names.has(name) ? `${folder}/${name}` : undefined;
  const word = (image: unknown, key: string) => textOf(under(image, key)) ?? "";
  return {
    place,
    cards: arrayOf(under(value, "images")).map((image, i) => {
      const number = String(i + 1).padStart(2, "0");
      const status = word(image, "status");
      return {
        id: word(image, "id") || `image ${i + 1}`,
        trueClass: textOf(under(image, "trueClass")),
        predictedClass: textOf(under(image, "predictedClass")),
        explainedClass: textOf(under(image, "explainedClass")),
        head: word(image, "head"),
        method: word(image, "method"),
        layer: word(image, "layer"),
        why: word(image, "why"),
        fault: status === "ok" || status === "" ? "" : word(image, "diagnosis") || status,
        original: file(`${number}_original.png`),
        overlay: file(`${number}_overlay.png`),
      };
    }),
    verdicts: arrayOf(under(value, "check", "methods")).map((method) => ({
      method: word(method, "method") || "maps",
      verdict: word(method, "verdict") || "undecided",
      reasons: arrayOf(under(method, "reasons")).flatMap((reason) => textOf(reason) ?? []),
    })),
    picture: file("panel.png"),
    missingClasses: arrayOf(under(value, "missingClasses")).flatMap((name) => textOf(name) ?? []),
  };
}
