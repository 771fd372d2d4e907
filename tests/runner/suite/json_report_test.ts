import assert from "node:assert/strict";
import { jsonReport } from "../../../src/runner/suite/json_report.ts";
import { everything } from "./_verdicts.ts";

Deno.test("jsonReport() counts verdicts and keeps errors and differences, without pictures", () => {
  const report = JSON.parse(jsonReport(everything()));
  assert.equal(report.schema, "qsight.test/1");
  assert.deepEqual(report.summary, {
    ...{ passed: 1, failed: 5, faults: 1, interrupted: 1, skipped: 1, cached: 1 },
  });
  assert.deepEqual([report.found, report.durationMs], [12, 2500]);
  assert.deepEqual(report.warnings, ["The cache is torn"]);
  const [, failed, differs] = report.notebooks;
  assert.equal(failed.cells[1].error.name, "CellExecutionError");
  assert.match(failed.cells[1].error.message, /^Cell 1 failed with TypeError/);
  assert.deepEqual([failed.line, failed.cellIndex], [12, 1]);
  assert.deepEqual(differs.differences[0].image, { share: 0.03, storedBytes: 9, freshBytes: 7 });
});
