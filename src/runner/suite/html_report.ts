import { compareReport } from "../compare/compare_report.ts";
import type { SuiteResult } from "./suite_result.ts";

/**
 * The HTML report of a suite: one page that needs nothing else, with sources, messages, and what
 * differs side by side, pictures included. It executes nothing of what notebooks put out.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { htmlReport } from "@qsight/qsight/runner";
 *
 * const page = await htmlReport({ verdicts: [], durationMs: 0, found: 0, warnings: [] });
 * assert.match(page, /^<!doctype html>/);
 * ```
 */
export async function htmlReport({ verdicts }: SuiteResult): Promise<string> {
  return await compareReport(verdicts.map((verdict) => ({
    ...verdict,
    cells: verdict.cells.map(({ error, ...cell }) =>
      error === undefined ? cell : { ...cell, message: error.message }
    ),
    // Its cells are those of the run.
    differences: verdict.differences.map((one) => ({
      ...one,
      cellIndex: one.executedIndex ?? one.cellIndex,
    })),
  })));
}
