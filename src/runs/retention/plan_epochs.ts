import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { listFiles } from "../file_digest.ts";

/** Epoch folders of a run that go, and how large they are. */
export interface EpochPlan {
  /** Paths inside the run folder, with `/`, sorted. */
  readonly folders: readonly string[];
  readonly bytes: number;
}

/** Where each stage has a folder with one folder an epoch. */
const PLACES = ["reports/visualizations", "checkpoints"];
const EPOCH = /^epoch_(\d+)$/;

/**
 * The epoch folders that are neither a multiple of `every` nor the last one of their stage. What is not
 * named so stays: `last`, `best` and `_start` of the checkpoints, metrics, tables of the whole run.
 * Looks at the disk, not at the manifest, so that it finds what a killed prune left over.
 */
export async function planEpochs(folder: string, every: number): Promise<EpochPlan> {
  const folders: string[] = [];
  let bytes = 0;
  for (const place of PLACES) {
    for (const stage of await foldersIn(folder, place)) {
      const epochs = (await foldersIn(folder, `${place}/${stage}`)).filter((name) =>
        EPOCH.test(name)
      );
      const last = Math.max(...epochs.map(numberOf));
      for (const name of epochs) {
        if (numberOf(name) % every === 0 || numberOf(name) === last) continue;
        folders.push(`${place}/${stage}/${name}`);
        bytes += await sizeOf(join(folder, place, stage, name));
      }
    }
  }
  return { folders: folders.sort(), bytes };
}

/** Whether a path is one that {@linkcode planEpochs} gives. */
export function isEpochFolder(path: string): boolean {
  return /^(?:reports\/visualizations|checkpoints)\/(?!\.{1,2}\/)[^/\\]+\/epoch_\d+$/.test(path);
}

function numberOf(name: string): number {
  return Number(EPOCH.exec(name)?.[1]);
}

/** Folders in a folder of the run; none where a link is on the way. */
async function foldersIn(folder: string, inner: string): Promise<string[]> {
  let path = folder;
  for (const part of inner.split("/")) {
    path = join(path, part);
    if (!await lstat(path).then((kind) => kind.isDirectory(), () => false)) return [];
  }
  const entries = await readdir(path, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const { path } of await listFiles(folder)) bytes += (await lstat(join(folder, path))).size;
  return bytes;
}
