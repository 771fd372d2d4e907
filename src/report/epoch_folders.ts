import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { safeName } from "../runs/safe_path.ts";
import { arrayOf, textOf, under } from "./json_access.ts";

/** A folder of figures: what one epoch of one stage left. */
export interface EpochFolder {
  /** Name of the stage as its configuration writes it, else of its folder. */
  readonly stage: string;
  /** Place of the stage in the training, from 0. */
  readonly stageIndex: number;
  readonly epoch: number;
  /** Path inside the run folder. */
  readonly path: string;
}

const ROOT = "reports/visualizations";

/**
 * The folders `reports/visualizations/<stage>/epoch_NN` of a run, in the order of the training.
 *
 * @param config what `config.json` holds: it knows the order and the names of the stages
 */
export async function epochFolders(run: string, config: unknown): Promise<EpochFolder[]> {
  const names = new Map<string, string>();
  for (const stage of arrayOf(under(config, "stages"))) {
    const name = textOf(under(stage, "name"));
    if (name !== undefined) names.set(safeName(textOf(under(stage, "logAlias")) ?? name), name);
  }
  const order = [...names.keys()];
  const found = await foldersIn(join(run, ROOT));
  const rank = (name: string) => names.has(name) ? order.indexOf(name) : order.length;
  found.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  const out: EpochFolder[] = [];
  for (const [stageIndex, folder] of found.entries()) {
    const epochs = (await foldersIn(join(run, ROOT, folder))).flatMap((name) => {
      const digits = /^epoch_(\d{1,9})$/.exec(name)?.[1];
      return digits === undefined ? [] : [{ name, epoch: Number(digits) }];
    });
    epochs.sort((a, b) => a.epoch - b.epoch);
    const stage = names.get(folder) ?? folder;
    for (const { name, epoch } of epochs) {
      out.push({ stage, stageIndex, epoch, path: `${ROOT}/${folder}/${name}` });
    }
  }
  return out;
}

/** Names of the folders in a folder; links are not followed, as they may lead out of the run. */
async function foldersIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

/** Folders by stage, in their order. */
export function byStage(folders: readonly EpochFolder[]): EpochFolder[][] {
  const stages = new Map<number, EpochFolder[]>();
  for (const folder of folders) {
    const list = stages.get(folder.stageIndex);
    if (list === undefined) stages.set(folder.stageIndex, [folder]);
    else list.push(folder);
  }
  return [...stages.values()];
}
