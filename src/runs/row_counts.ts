import { join } from "node:path";
import { countLines, keepLines } from "./json_lines.ts";
import type { RowCounts } from "./run.ts";

/** Whole rows of the two files of a run folder that grow. */
export async function countRows(folder: string): Promise<RowCounts> {
  return {
    metrics: await countLines(join(folder, "metrics.jsonl")),
    timings: await countLines(join(folder, "timings.jsonl")),
  };
}

/**
 * Cuts off the rows behind the first so many.
 *
 * @throws {RangeError} when there are fewer
 */
export async function keepRows(folder: string, { metrics, timings }: RowCounts): Promise<void> {
  await keepLines(join(folder, "metrics.jsonl"), metrics);
  await keepLines(join(folder, "timings.jsonl"), timings);
}
