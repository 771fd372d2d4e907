import { Buffer } from "node:buffer";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { byStage, type EpochFolder } from "./epoch_folders.ts";
import { LIMITS } from "./limits.ts";

/** A figure of a run that has no part of the page to itself. */
export interface FigureFile {
  /** As a person says it: "confidence distributions ensemble". */
  readonly name: string;
  /** Path of the SVG inside the run folder. */
  readonly path: string;
  /** The figure itself, or undefined where the page loads it from its file. */
  readonly uri: string | undefined;
}

/** Figures that belong together. */
export interface FigureGroup {
  readonly title: string;
  readonly figures: readonly FigureFile[];
}

/** What the page draws or shows elsewhere. */
const ELSEWHERE = /^(history|confusion_matrix.*|confidence_table|reliability.*|panel)\.svg$/;

/**
 * The figures of the whole run, which the page carries as far as there is room, those of each head,
 * and those of the last epoch of each stage, which it leads to.
 */
export async function loadFigures(
  run: string,
  folders: readonly EpochFolder[],
): Promise<FigureGroup[]> {
  const room = { characters: LIMITS.figureCharacters as number };
  const groups: FigureGroup[] = [
    { title: "Whole run", figures: await figuresIn(run, { folder: "reports", room }) },
    { title: "Heads", figures: await figuresIn(run, { folder: "reports/heads" }) },
  ];
  for (const stage of byStage(folders)) {
    const { stage: name, epoch, path } = stage[stage.length - 1];
    const title = `Stage ${name}, epoch ${epoch}`;
    groups.push({ title, figures: await figuresIn(run, { folder: path }) });
  }
  return groups.filter(({ figures }) => figures.length > 0).slice(0, LIMITS.figureGroups);
}

async function figuresIn(
  run: string,
  { folder, room }: { readonly folder: string; readonly room?: { characters: number } },
): Promise<FigureFile[]> {
  const entries = await readdir(join(run, folder), { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isFile() && entry.name.endsWith(".svg"))
    .map(({ name }) => name).filter((name) => !ELSEWHERE.test(name)).sort();
  const figures: FigureFile[] = [];
  for (const name of names.slice(0, LIMITS.figuresOfGroup)) {
    const path = `${folder}/${name}`;
    const uri = room === undefined ? undefined : await uriOf(join(run, path), room);
    figures.push({ name: name.slice(0, -".svg".length).replaceAll("_", " "), path, uri });
  }
  return figures;
}

/** As a picture an SVG runs nothing and loads nothing, whatever is in it. */
async function uriOf(file: string, room: { characters: number }): Promise<string | undefined> {
  const bytes = await readFile(file).catch(() => undefined);
  if (bytes === undefined) return undefined;
  const uri = `data:image/svg+xml;base64,${Buffer.from(bytes).toString("base64")}`;
  if (uri.length > room.characters) return undefined;
  room.characters -= uri.length;
  return uri;
}
