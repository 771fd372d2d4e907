import { resolve } from "node:path";
import { checkOptions } from "../_internal/check_options.ts";
import { writeAtomic } from "../_internal/write_atomic.ts";
import { comparePage } from "./compare_page.ts";
import { loadRunRecord } from "./run_record.ts";

/** Options of {@linkcode saveComparison}. */
export interface SaveComparisonOptions {
  /** Where the page goes; links to the runs start there. */
  readonly out: string;
}

/** A page with more columns cannot be read. */
const MOST_RUNS = 20;

/**
 * Writes a page that shows several runs side by side: their figures with the differences from the first
 * one, curves over each other, and which values of configuration and environment differ. Runs on
 * other data, backends or seeds are warned of at the top. What a run lacks is said in words.
 *
 * @param runFolders from 2 to 20 folders, e.g. `trained_model/<run-id>`; the first is compared with
 * @returns the path of the page
 * @throws {RangeError} for fewer than 2 or more than 20 runs, or one that stands twice
 * @throws {ReportError} when a folder holds nothing of a run
 * @throws {TypeError} on an unknown option or a missing `out`
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { mkdtemp, readFile } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { saveComparison } from "@qsight/qsight/report";
 * import { openRun } from "@qsight/qsight/runs";
 *
 * const root = await mkdtemp(join(tmpdir(), "runs-"));
 * const folders = [];
 * for (const seed of [1, 2]) {
 *   const run = await openRun({ root, seed, config: { seed } });
 *   await run.finish();
 *   folders.push(run.folder);
 * }
 * const out = await saveComparison(folders, { out: join(root, "comparison.html") });
 * assert.match(await readFile(out, "utf8"), /Different seeds/);
 * ```
 */
export async function saveComparison(
  runFolders: readonly string[],
  options: SaveComparisonOptions,
): Promise<string> {
  checkOptions("saveComparison()", options, ["out"]);
  const { out } = options ?? {};
  if (typeof out !== "string" || out === "") {
    throw new TypeError(
      `saveComparison(): found out ${JSON.stringify(out)}, wanted a path. ` +
        'Pass e.g. { out: "trained_model/comparison.html" }',
    );
  }
  const places = runFolders.map((folder) => resolve(folder));
  if (places.length < 2 || places.length > MOST_RUNS || new Set(places).size < places.length) {
    throw new RangeError(
      `saveComparison(): found ${places.length} run folders, ${
        new Set(places).size
      } of them different; ` +
        `wanted from 2 to ${MOST_RUNS} different ones. For a single run call saveReport()`,
    );
  }
  const runs = [];
  for (const [i, folder] of runFolders.entries()) {
    runs.push({ run: await loadRunRecord(folder), letter: String.fromCharCode(65 + i) });
  }
  await writeAtomic(out, comparePage(runs, out));
  return out;
}
