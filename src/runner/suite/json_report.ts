import type { OutputDifference } from "../compare/output_difference.ts";
import { countVerdicts, type SuiteResult } from "./suite_result.ts";

/**
 * The JSON report of a suite: `schema`, a `summary` with counts, and all verdicts with cells, errors
 * and differences. Pictures are left out; they are in the HTML report.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { jsonReport } from "@qsight/qsight/runner";
 *
 * const report = JSON.parse(jsonReport({ verdicts: [], durationMs: 0, found: 0, warnings: [] }));
 * assert.equal(report.summary.failed, 0);
 * ```
 */
export function jsonReport({ verdicts, durationMs, found, warnings }: SuiteResult): string {
  const counts = countVerdicts(verdicts);
  const summary = {
    passed: counts.passed,
    failed: counts.failed,
    faults: counts.fault,
    interrupted: counts.interrupted,
    skipped: counts.skipped,
    cached: counts.cached,
  };
  const notebooks = verdicts.map(({ cells, differences, ...rest }) => ({
    ...rest,
    cells: cells.map(({ error, source: _source, ...cell }) =>
      error === undefined ? cell : { ...cell, error: { name: error.name, message: error.message } }
    ),
    differences: differences.map(withoutBytes),
  }));
  const report = { schema: "qsight.test/1", summary, found, durationMs, warnings, notebooks };
  return JSON.stringify(report, undefined, 2) + "\n";
}

/** A picture's share of pixels that differ and the sizes of both files say enough here. */
function withoutBytes({ image, ...rest }: OutputDifference): unknown {
  if (image === undefined) return rest;
  const [storedBytes, freshBytes] = [image.stored, image.fresh].map((file) => file.length);
  return { ...rest, image: { share: image.share, storedBytes, freshBytes } };
}
