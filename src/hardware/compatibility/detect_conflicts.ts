import { COMPATIBILITY_MATRIX } from "./compatibility_matrix.ts";
import type { CompatibilityRow } from "./compatibility_row.ts";
import { type Detection, DETECTORS, type InstalledFacts } from "./detectors.ts";

/** A row that holds on a machine, as far as versions and platform tell. */
export interface Conflict {
  /** The row, with its remedies. */
  readonly row: CompatibilityRow;
  /** What was found. */
  readonly reason: string;
}

/**
 * The rows of the compatibility matrix that hold for what is installed. Pure: it reads nothing but
 * what it is given, and rows that no machine can tell are not among them.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { detectConflicts } from "@qsight/qsight/hardware";
 *
 * const found = detectConflicts({
 *   packages: { "nodejs-polars": "0.26.1" },
 *   runtime: { name: "node", version: "20.20.2" },
 *   platform: { os: "linux", arch: "x64" },
 * });
 * assert.deepEqual(found.map(({ row }) => row.id), ["QC501"]);
 * ```
 */
export function detectConflicts(facts: InstalledFacts): Conflict[] {
  return COMPATIBILITY_MATRIX.flatMap((row) => {
    const { matched, reason } = detectRow(row, facts);
    return matched ? [{ row, reason }] : [];
  });
}

/** Whether one row holds, and why; a row without a detector never does. */
export function detectRow(row: CompatibilityRow, facts: InstalledFacts): Detection {
  if (row.detector === undefined) {
    return { matched: false, reason: "versions and platform do not tell" };
  }
  return DETECTORS[row.detector](facts);
}
