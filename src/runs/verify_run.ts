import { checkOptions } from "../_internal/check_options.ts";
import { compareRun, type VerifyFinding } from "./compare_run.ts";
import { rebuildManifest } from "./rebuild_manifest.ts";
import { repairFiles } from "./repair_files.ts";

export type { VerifyFinding } from "./compare_run.ts";

/** Options of {@linkcode verifyRun}. */
export interface VerifyRunOptions {
  /**
   * Makes the manifest true again: takes off what is missing or changed, with its old hash under
   * `damaged`, and takes on again what came back; removes halves of stopped writes. A run that was
   * killed gets a manifest of the files that are whole; a training cannot go on with it then.
   * @default {false}
   */
  readonly repair?: boolean;
  /** Time by which a write counts as stopped. @default the system clock */
  readonly now?: Date;
}

/**
 * Compares a run folder with its manifest: every file by size and SHA-256. An empty list means
 * that the run is whole and untouched. Links are not followed.
 *
 * With `repair` the findings are those of before, and say under `repaired` what was done. A changed
 * file stays where it is and stays a finding: no repair calls it whole.
 *
 * @throws {TypeError} on an unknown option
 * @throws {Error} when the folder cannot be read
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { mkdtemp, rm } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { openRun, verifyRun } from "@qsight/qsight/runs";
 *
 * const root = await mkdtemp(join(tmpdir(), "runs-"));
 * const run = await openRun({ root, seed: 1, config: {} });
 * const lost = await run.save("reports/notes.txt", "notes");
 * await run.finish({});
 * assert.deepEqual(await verifyRun(run.folder), []);
 * await rm(lost);
 * const [finding] = await verifyRun(run.folder, { repair: true });
 * assert.equal(finding.status, "missing");
 * assert.deepEqual(await verifyRun(run.folder), []);
 * ```
 */
export async function verifyRun(
  folder: string,
  options: VerifyRunOptions = {},
): Promise<VerifyFinding[]> {
  checkOptions("verifyRun()", options, ["repair", "now"]);
  const { repair = false, now = new Date() } = options;
  const findings = await compareRun(folder);
  if (!repair || findings.length === 0) return findings;
  const [first] = findings;
  if (first.path !== "manifest.json") return await repairFiles(folder, { findings, now });
  // Without the hashes of a manifest that is there but unreadable, nothing could be called whole.
  if (first.status === "changed") return findings;
  return [{ ...first, ...await rebuildManifest(folder, now) }];
}
