import assert from "node:assert/strict";
import { precisionRecallCurves } from "../../src/metrics/precision_recall_curves.ts";
import { rocAuc } from "../../src/metrics/roc_auc.ts";
import { type RocCurve, rocCurves } from "../../src/metrics/roc_curves.ts";
import fixture from "../../fixtures/metrics/sklearn.json" with { type: "json" };

const near = (found: number, wanted: number, what?: string) =>
  assert.ok(Math.abs(found - wanted) < 1e-9, `${what}: ${found}, wanted ${wanted}`);

function area({ falsePositiveRate: x, truePositiveRate: y }: RocCurve): number {
  return x.slice(1).reduce((sum, at, i) => sum + (at - x[i]) * (y[i] + y[i + 1]) / 2, 0);
}

const cases = fixture.cases.map(({ yTrue, classes, sixtyFourths, auc }) => ({
  yTrue,
  classes,
  auc,
  probabilities: sixtyFourths.split(" ").map((count) => Number(count) / 64),
}));

Deno.test("rocCurves() encloses scikit-learn's area, with corners alone", () => {
  let undefinedCurves = 0;
  cases.forEach(({ yTrue, classes, auc, probabilities }, n) => {
    const { perClass, macro, count } = rocCurves(yTrue, probabilities, { classes });
    assert.equal(count, yTrue.length);
    perClass.forEach((curve, c) => {
      const wanted = auc[c];
      if (wanted === null) {
        undefinedCurves++;
        assert.deepEqual(curve.falsePositiveRate, []);
        return assert.ok(curve.auc.reason);
      }
      near(area(curve), wanted, `case ${n}, class ${c}`);
      assert.deepEqual([curve.falsePositiveRate[0], curve.truePositiveRate[0]], [0, 0]);
      assert.deepEqual([curve.falsePositiveRate.at(-1), curve.truePositiveRate.at(-1)], [1, 1]);
    });
    assert.deepEqual(macro.auc, rocAuc(yTrue, probabilities, { classes }).macro);
    // The mean of exact curves, up to the width of the grid.
    if (macro.auc.value !== null) assert.ok(Math.abs(area(macro) - macro.auc.value) < 0.02);
    else assert.deepEqual(macro.truePositiveRate, []);
  });
  assert.ok(undefinedCurves > 10);
});

Deno.test("precisionRecallCurves() has the average precision of its definition, ties together", () => {
  for (const { yTrue, classes, probabilities } of cases) {
    const { perClass, macro } = precisionRecallCurves(yTrue, probabilities, { classes });
    perClass.forEach(({ averagePrecision, recall, precision, support }, c) => {
      const scores = yTrue.map((_, row) => probabilities[row * classes + c]);
      if (support === 0) return assert.match(averagePrecision.reason ?? "", /has no rows/);
      let wanted = 0, before = 0;
      for (const threshold of [...new Set(scores)].sort((a, b) => b - a)) {
        const taken = yTrue.filter((_, row) => scores[row] >= threshold);
        const hits = taken.filter((label) => label === c).length;
        wanted += (hits - before) / support * hits / taken.length;
        before = hits;
      }
      near(averagePrecision.value!, wanted);
      assert.deepEqual([recall[0], precision[0], recall.at(-1)], [0, 1, 1]);
      // What the curve leaves out does not change the sum over its steps.
      near(
        recall.slice(1).reduce((sum, at, i) => sum + (at - recall[i]) * precision[i + 1], 0),
        wanted,
      );
    });
    const found = perClass.flatMap(({ averagePrecision: { value } }) => value ?? []);
    if (found.length > 0) {
      near(
        macro.averagePrecision.value!,
        found.reduce((a, b) => a + b) / found.length,
      );
    }
    assert.ok(macro.precision.every((p) => p > 0 && p <= 1));
  }
});

Deno.test("curves of one class, of no rows and of NaN say why there is none", () => {
  const reasons = (yTrue: number[], probabilities: number[]) => [
    rocCurves(yTrue, probabilities, { classes: 2 }).perClass.map(({ auc }) => auc.reason),
    precisionRecallCurves(yTrue, probabilities, { classes: 2 }).perClass.map((one) =>
      one.averagePrecision.reason
    ),
  ];
  assert.deepEqual(reasons([0], [1, 0]), [
    ["every row is of class 0", "class 1 has no rows"],
    [null, "class 1 has no rows"],
  ]);
  assert.deepEqual(reasons([], []), [
    ["class 0 has no rows", "class 1 has no rows"],
    ["class 0 has no rows", "class 1 has no rows"],
  ]);
  assert.deepEqual(reasons([0, 1], [NaN, 0.5, 0.5, 0.5]), [
    ["a probability of class 0 is NaN", null],
    ["a probability of class 0 is NaN", null],
  ]);
});

Deno.test("curves know classes by name or number, and refuse what does not fit", () => {
  const labels = rocCurves([0, 1], [1, 0, 0, 1], { classes: ["no", "yes"] }).perClass;
  assert.deepEqual(labels.map(({ label, support }) => [label, support]), [["no", 1], ["yes", 1]]);
  assert.throws(() => rocCurves([0], [1], { classes: 2 }), /1 probabilities, wanted 1 rows × 2/);
  assert.throws(() => rocCurves([2], [1, 0], { classes: 2 }), /label 2/);
  assert.throws(() => rocCurves([0], [1, 0], { class: 2 } as never), /Did you mean "classes"/);
  assert.throws(() => rocCurves([0], [1, 0], { classes: [] }), /classes is 0/);
});
