// Hand-computed values and the cases in which a metric is not defined.
import assert from "node:assert/strict";
import { accuracy, balancedAccuracy } from "../../src/metrics/accuracy.ts";
import { classificationReport } from "../../src/metrics/classification_report.ts";
import { cohenKappa } from "../../src/metrics/cohen_kappa.ts";
import { brier, logLoss } from "../../src/metrics/log_loss.ts";
import { rocAuc } from "../../src/metrics/roc_auc.ts";

Deno.test("accuracy() and balancedAccuracy() differ where classes are uneven", () => {
  const yTrue = [0, 0, 0, 0, 0, 0, 0, 0, 1, 3], yPred = [0, 0, 0, 0, 0, 0, 0, 0, 0, 3];
  assert.equal(accuracy(yTrue, yPred).value, 0.9);
  assert.equal(balancedAccuracy(yTrue, yPred, { classes: 5 }).value, 2 / 3);
  assert.equal(balancedAccuracy([], [], { classes: 5 }).value, null);
});

Deno.test("cohenKappa() counts all classes, absent ones too", () => {
  // Observed 1 + 1, expected (1·1 + 1·1)·1/2 = 1.
  assert.equal(cohenKappa([0, 1], [1, 0], { classes: 5, weights: "quadratic" }).value, -1);
  const yTrue = [0, 4, 4], yPred = [0, 4, 3];
  // True 0 once, 4 twice; predicted 0, 3, 4 once each. Σ w·true·predicted =
  // 9·1·1 + 16·1·1 (from 0) + 16·2·1 + 1·2·1 (from 4) = 59, over 3 rows; observed 1.
  const { value } = cohenKappa(yTrue, yPred, { classes: 5, weights: "quadratic" });
  assert.ok(Math.abs(value! - (1 - 3 / 59)) < 1e-15);
});

Deno.test("cohenKappa() is undefined with a reason, not NaN and not 1", () => {
  const options = { classes: 5, weights: "quadratic" } as const;
  assert.deepEqual(cohenKappa([], [], options), { value: null, reason: "there are no rows" });
  assert.equal(cohenKappa([2, 2], [2, 2], options).value, null);
  assert.equal(cohenKappa([2, 2], [3, 3], options).value, 0);
  assert.throws(() => cohenKappa([0], [0], { classes: 2, weights: "square" as never }), /square/);
});

Deno.test("classificationReport() averages over the classes where a value is defined", () => {
  const report = classificationReport([0, 0, 1], [0, 2, 2], { classes: 4 });
  const values = (name: "precision" | "recall" | "f1") => report.perClass.map((c) => c[name].value);
  assert.deepEqual(values("precision"), [1, null, 0, null]);
  assert.deepEqual(values("recall"), [0.5, 0, null, null]);
  assert.deepEqual(values("f1"), [2 / 3, 0, 0, null]);
  assert.equal(report.macro.precision.value, 0.5);
  assert.equal(report.macro.recall.value, 0.25);
  assert.equal(report.perClass[1].precision.reason, "class 1 is never predicted");
  assert.deepEqual(report.perClass.map((c) => c.support), [2, 1, 0, 0]);
});

Deno.test("rocAuc() counts ties half and leaves absent classes out of the mean", () => {
  const flat = rocAuc([0, 1, 1], new Float32Array(9).fill(1 / 3), { classes: 3 });
  assert.deepEqual(flat.perClass.map((one) => one.value), [0.5, 0.5, null]);
  assert.deepEqual([flat.macro.value, flat.definedClasses], [0.5, 2]);
  assert.equal(flat.perClass[2].reason, "class 2 has no rows");
  const single = rocAuc([1, 1], [0.2, 0.8, 0.3, 0.7], { classes: 2 });
  assert.deepEqual(single.perClass.map((one) => one.reason), [
    "class 0 has no rows",
    "every row is of class 1",
  ]);
  assert.equal(single.macro.value, null);
});

Deno.test("rocAuc() with NaN is undefined for that class only", () => {
  const auc = rocAuc([0, 1], [NaN, 0.1, 0.5, 0.9], { classes: 2 });
  assert.deepEqual(auc.perClass.map((one) => one.value), [null, 1]);
});

Deno.test("logLoss() of a certain mistake is large and finite", () => {
  assert.equal(logLoss([1], [1, 0], { classes: 2 }).value, 52 * Math.LN2);
  assert.equal(logLoss([0], [1, 0], { classes: 2 }).value, 0);
});

Deno.test("logLoss() and brier() are undefined without rows and with NaN", () => {
  for (const metric of [logLoss, brier]) {
    assert.equal(metric([], [], { classes: 2 }).reason, "there are no rows");
    assert.equal(metric([0], [1, NaN], { classes: 2 }).reason, "a probability of row 0 is NaN");
  }
});

Deno.test("brier() is 0 when perfect and 2 when certain and wrong", () => {
  assert.equal(brier([0], [1, 0, 0], { classes: 3 }).value, 0);
  assert.equal(brier([0], [0, 1, 0], { classes: 3 }).value, 2);
});

Deno.test("metrics of probabilities reject a wrong length and unknown options", () => {
  for (const metric of [logLoss, brier, rocAuc]) {
    assert.throws(
      () => metric([0, 1], [1, 0, 1], { classes: 2 }),
      /3 probabilities, wanted 2 rows × 2 classes = 4/,
    );
    assert.throws(() => metric([0], [1, 0], { classes: 2, bins: 3 } as never), /unknown option/);
  }
});
