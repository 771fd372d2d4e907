import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { checkOptions } from "../_internal/check_options.ts";
import { sha256 } from "../_internal/sha256.ts";
import { writeAtomic } from "../_internal/write_atomic.ts";
import { stableJson } from "../runs/stable_json.ts";
import { refuseLinks } from "../runs/written_files.ts";
import { type JsonObject, objectOf } from "./json_access.ts";
import { PAGE } from "./list_run_files.ts";
import { reportPage } from "./report_page.ts";
import { loadRunRecord } from "./run_record.ts";

/** Options of {@linkcode saveReport}. */
export interface SaveReportOptions {
  /**
   * What is known of a run that has no manifest yet: the facts that `run.finish()` will be given, and
   * `seed`, `synthetic`, `started`, `git`, `versions` and `hardware` where they are known. A manifest
   * goes before them.
   * @default {}
   */
  readonly facts?: Readonly<Record<string, unknown>>;
}

/**
 * Writes `reports/index.html` into a run folder, in one step: one page that opens from disk without
 * network, with the figures, curves, confusion matrices, explanations, tables, configuration,
 * environment and files of the run. What the run lacks is said in words. The same run gives the same
 * bytes.
 *
 * Before the end of a run the page is made of what is on disk and of `facts`; call it just before
 * `run.finish()`, so that the manifest lists the page. After the end, it takes everything from the
 * manifest and renews the page's own line in it; nothing else of the manifest changes.
 *
 * @param runFolder e.g. `trained_model/<run-id>`
 * @returns the path of the page
 * @throws {ReportError} when the folder holds nothing of a run
 * @throws {TypeError} on an unknown option, or facts that JSON cannot hold
 * @throws {RangeError} when `reports` is a link, which may lead out of the run
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { mkdtemp, readFile } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { saveReport } from "@qsight/qsight/report";
 * import { openRun } from "@qsight/qsight/runs";
 *
 * const root = await mkdtemp(join(tmpdir(), "runs-"));
 * const run = await openRun({ root, seed: 1, config: { epochs: 1 } });
 * await run.appendMetrics([{ stage: "a", epoch: 1, split: "val", head: "quantum", accuracy: 0.5 }]);
 * const path = await saveReport(run.folder, { facts: { status: "finished", seed: 1 } });
 * assert.equal(path, join(run.folder, "reports", "index.html"));
 * assert.match(await readFile(path, "utf8"), /^<!doctype html>/);
 * assert.equal((await run.finish()).files.length, 4); // the page is one of them
 * ```
 */
export async function saveReport(
  runFolder: string,
  options: SaveReportOptions = {},
): Promise<string> {
  checkOptions("saveReport()", options, ["facts"]);
  const facts = objectOf(JSON.parse(stableJson(options.facts ?? {}).text));
  const record = await loadRunRecord(runFolder, facts);
  const html = await reportPage(record);
  await refuseLinks(runFolder, PAGE);
  const path = join(runFolder, PAGE);
  await writeAtomic(path, html);
  if (record.manifest !== undefined) await renewDigest(join(runFolder, "manifest.json"), html);
  return path;
}

/** The manifest names each file by its digest; without this line, the new page would look damaged. */
async function renewDigest(path: string, html: string): Promise<void> {
  const text = await readFile(path, "utf8");
  // Not through the schema, which would drop what a newer version has written.
  const manifest = JSON.parse(text) as JsonObject & { files: { path: string }[] };
  const digest = { path: PAGE, bytes: new TextEncoder().encode(html).length, sha256: sha256(html) };
  const files = [...manifest.files.filter(({ path }) => path !== PAGE), digest]
    .sort((a, b) => a.path < b.path ? -1 : 1);
  const renewed = JSON.stringify({ ...manifest, files }, null, 2) + "\n";
  if (renewed !== text) await writeAtomic(path, renewed);
}
