import assert from "node:assert/strict";
import { classMetricsTable } from "../../src/metrics/class_metrics_table.ts";
import { classificationReport } from "../../src/metrics/classification_report.ts";
import { cohenKappa } from "../../src/metrics/cohen_kappa.ts";
import { headAgreement } from "../../src/metrics/head_agreement.ts";

const yTrue = [0, 0, 1, 2, 2];
const heads = { a: [0, 0, 1, 2, 1], b: [0, 1, 1, 0, 1], quantum: [0, 2, 0, 0, 2] };

Deno.test("headAgreement() counts pairs, rows that all or one get right, and what fusion makes of them", () => {
  const found = headAgreement({ yTrue, heads, fused: [0, 0, 1, 0, 1], classes: 3 });
  assert.deepEqual(found.pairs.map(({ a, b, agreement }) => [a, b, agreement.value]), [
    ["a", "b", 0.6],
    ["a", "quantum", 0.2],
    ["b", "quantum", 0.4],
  ]);
  assert.deepEqual(found.pairs[0].kappa, cohenKappa(heads.a, heads.b, { classes: 3 }));
  assert.deepEqual(found.rightCounts, [
    { right: 0, count: 0, fusedRight: 0 },
    { right: 1, count: 3, fusedRight: 1 },
    { right: 2, count: 1, fusedRight: 1 },
    { right: 3, count: 1, fusedRight: 1 },
  ]);
  assert.deepEqual(found.onlyRight, [
    { head: "a", count: 2 },
    { head: "b", count: 0 },
    { head: "quantum", count: 1 },
  ]);
});

Deno.test("headAgreement() works for every mask of three heads", () => {
  for (let mask = 0; mask < 8; mask++) {
    const masked = Object.fromEntries(
      Object.entries(heads).map(([head, votes], i) => [head, mask & (1 << i) ? votes : null]),
    );
    const found = headAgreement({ yTrue, heads: masked, classes: 3 });
    const n = found.heads.length;
    assert.equal(found.masked.length, 3 - n);
    assert.equal(found.pairs.length, [0, 0, 1, 3][n]);
    assert.equal(found.rightCounts.length, n + 1);
    assert.equal(found.rightCounts.reduce((sum, { count }) => sum + count, 0), 5);
    assert.ok(found.rightCounts.every(({ fusedRight }) => fusedRight === null));
  }
});

Deno.test("headAgreement() leaves out rows without a prediction, and without any is undefined", () => {
  const some = headAgreement({ yTrue: [0, 1], heads: { a: [-1, 1], b: [0, 1] }, classes: 2 });
  assert.deepEqual([some.count, some.invalid, some.pairs[0].agreement.value], [1, 1, 1]);
  const none = headAgreement({ yTrue: [0], heads: { a: [-1], b: [0] }, classes: 2 });
  assert.deepEqual([none.pairs[0].agreement.value, none.pairs[0].kappa.value], [null, null]);
  assert.throws(() => headAgreement({ yTrue: [0], heads: { a: [3] }, classes: 2 }), /label 3/);
  assert.throws(
    () => headAgreement({ yTrue: [0], heads: { a: [] }, classes: 2 }),
    /wanted the same/,
  );
});

Deno.test("specificity is the share of other rows not taken for a class", () => {
  const { perClass } = classificationReport(yTrue, heads.b, { classes: 3 });
  assert.deepEqual(perClass.map(({ specificity }) => specificity.value), [2 / 3, 1 / 2, 1]);
  const alone = classificationReport([0, 0], [0, 1], { classes: 2 }).perClass;
  assert.equal(alone[0].specificity.reason, "every row is of class 0");
  assert.equal(alone[1].specificity.value, 0.5);
  const none = classificationReport([], [], { classes: 1 }).perClass;
  assert.equal(none[0].specificity.reason, "there are no rows");
});

Deno.test("classMetricsTable() has the report's numbers, for every mask, and leaves NaN rows out", () => {
  const labels = [0, 0, 1], probabilities = [0.6, 0.4, 0, 0.1, 0.9, 0, NaN, 1, 0];
  for (let mask = 0; mask < 4; mask++) {
    const table = classMetricsTable({
      yTrue: labels,
      heads: { a: mask & 1 ? probabilities : null, quantum: mask & 2 ? probabilities : null },
      classes: ["x", "y", "z"],
    });
    assert.equal(table.rows.length, 3 * table.heads.length);
    for (const head of table.heads) {
      const rows = table.rows.filter((row) => row.head === head);
      assert.deepEqual(
        rows.map(({ support, predicted, invalid }) => [support, predicted, invalid]),
        [
          [2, 1, 0],
          [0, 1, 1],
          [0, 0, 0],
        ],
      );
      const report = classificationReport([0, 0], [0, 1], { classes: 3 }).perClass;
      for (const metric of ["precision", "recall", "f1", "specificity"] as const) {
        assert.deepEqual(rows.map((row) => row[metric]), report.map((one) => one[metric].value));
      }
      assert.deepEqual(rows.map(({ predictedShare }) => predictedShare), [0.5, 0.5, 0]);
    }
    assert.deepEqual(JSON.parse(JSON.stringify(table)), table);
  }
});
