import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { EpochRow } from "./callback.ts";

/** Rows of a table of one epoch, as `saveFigures()` left them. */
export type EpochTableRow =
  & {
    readonly stage: string;
    readonly epoch: number;
    readonly head: string;
    readonly label: string;
  }
  & Readonly<Record<string, unknown>>;

/** What all epochs left, in the order of the training. */
export interface EpochTables {
  /** Rows of `confidence_table`. */
  readonly confidence: readonly EpochTableRow[];
  /** Rows of `class_metrics`. */
  readonly classMetrics: readonly EpochTableRow[];
}

const ROOT = "reports/visualizations";

/**
 * The tables of all epochs of a run, read from disk, so that those before a resume are among them.
 * Folders of epochs that are not in the history, as an earlier training may have left, are passed
 * over, and so is what cannot be read: a figure less is no reason to lose a run.
 */
export async function readEpochTables(
  folder: string,
  history: readonly EpochRow[],
): Promise<EpochTables> {
  const order = [...new Set(history.map(keyOf))];
  const found = new Map<string, EpochTables>();
  for (const stage of await foldersIn(join(folder, ROOT))) {
    for (const epoch of await foldersIn(join(folder, ROOT, stage))) {
      const place = join(folder, ROOT, stage, epoch);
      const classMetrics = rowsOf(await readJson(join(place, "class_metrics.json")), "rows");
      const first = classMetrics[0];
      if (first === undefined || !order.includes(keyOf(first))) continue;
      const figure = await readJson(join(place, "confidence_table.json")) as { data?: unknown };
      const { stage: name, epoch: number } = first;
      const confidence = rowsOf(figure?.data, "rows")
        .map((row) => ({ ...row, stage: name, epoch: number }));
      found.set(keyOf(first), { confidence, classMetrics });
    }
  }
  const inOrder = order.flatMap((key) => found.get(key) ?? []);
  return {
    confidence: inOrder.flatMap(({ confidence }) => confidence),
    classMetrics: inOrder.flatMap(({ classMetrics }) => classMetrics),
  };
}

/** What tells an epoch of a training from all others. */
export function keyOf(
  { stage, epoch }: { readonly stage: string; readonly epoch: number },
): string {
  return JSON.stringify([stage, epoch]);
}

function rowsOf(json: unknown, key: string): EpochTableRow[] {
  const rows = (json as Record<string, unknown> | undefined)?.[key];
  return Array.isArray(rows) ? rows : [];
}

/** Names of the folders in a folder; links are not followed. */
async function foldersIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name).sort();
}

async function readJson(path: string): Promise<unknown> {
  return await readFile(path, "utf8").then(JSON.parse).catch(() => undefined);
}
