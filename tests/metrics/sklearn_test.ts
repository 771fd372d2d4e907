// Agreement with scikit-learn on the cases of fixtures/metrics/sklearn.json.
import assert from "node:assert/strict";
import * as metrics from "../../src/metrics/mod.ts";
import fixture from "../../fixtures/metrics/sklearn.json" with { type: "json" };

type Value = number | null;

function agree(found: readonly Value[], wanted: readonly Value[], what: string): void {
  assert.equal(found.length, wanted.length, what);
  found.forEach((value, i) => {
    const other = wanted[i];
    if (value === null || other === null) return assert.equal(value, other, `${what}[${i}]`);
    const tolerance = 1e-9 * Math.max(1, Math.abs(other));
    assert.ok(Math.abs(value - other) <= tolerance, `${what}[${i}]: ${value}, sklearn ${other}`);
  });
}

Deno.test("the fixture has 200 cases, with absent classes, undefined values and certain mistakes", () => {
  const { cases } = fixture;
  assert.equal(cases.length, 200);
  assert.ok(cases.filter((one) => new Set(one.yTrue).size < one.classes).length >= 60);
  assert.ok(cases.some((one) => one.kappa.quadratic === null));
  assert.ok(cases.some((one) => one.auc.every((value) => value === null)));
  assert.ok(cases.some((one) => one.logLoss > 1));
});

fixture.cases.forEach((one, number) => {
  Deno.test(`metrics agree with scikit-learn ${fixture.sklearn}, case ${number}`, () => {
    const { yTrue, yPred, classes } = one, of = { classes };
    const probabilities = one.sixtyFourths.split(" ").map((count) => Number(count) / 64);
    assert.deepEqual(metrics.confusionMatrix(yTrue, yPred, of).counts, one.confusion);
    agree([metrics.accuracy(yTrue, yPred).value], [one.accuracy], "accuracy");
    agree(
      [metrics.balancedAccuracy(yTrue, yPred, of).value],
      [one.balancedAccuracy],
      "balanced accuracy",
    );
    for (const weights of ["none", "linear", "quadratic"] as const) {
      const kappa = metrics.cohenKappa(yTrue, yPred, { classes, weights });
      agree([kappa.value], [one.kappa[weights]], `${weights} kappa`);
    }
    const { perClass: report, macro } = metrics.classificationReport(yTrue, yPred, of);
    for (const name of ["precision", "recall", "f1"] as const) {
      agree(report.map((row) => row[name].value), one[name], name);
    }
    const auc = metrics.rocAuc(yTrue, Float32Array.from(probabilities), of);
    agree(auc.perClass.map(({ value }) => value), one.auc, "auc");
    agree([metrics.logLoss(yTrue, probabilities, of).value], [one.logLoss], "log loss");
    agree([metrics.brier(yTrue, probabilities, of).value], [one.brier], "brier");
    agree([auc.macro.value, macro.f1.value], [one.macroAuc, one.macroF1], "macro AUC, F1");
    const largest = metrics.maximumCalibrationError(yTrue, probabilities, { classes, bins: 7 });
    const adaptive = metrics.adaptiveCalibrationError(yTrue, probabilities, { classes, bins: 5 });
    agree([largest.value, adaptive.value], [one.largest7, one.adaptive5], "calibration errors");
    const { from, ...shares } = one.referable;
    const referred = metrics.referableMetrics(yTrue, yPred, { classes, from });
    for (const name of ["sensitivity", "specificity", "precision"] as const) {
      agree([referred[name].value], [shares[name]], name);
    }
    const test = metrics.mcnemar(yTrue, { a: yPred, b: one.mcnemar.other });
    assert.deepEqual([test.onlyA, test.onlyB], one.mcnemar.counts);
    agree([test.exact, test.midP], [one.mcnemar.exact, one.mcnemar.midP], "McNemar");
    if (one.temperature !== null) {
      const { value, after } = metrics.fitTemperature(yTrue, probabilities, of);
      agree([value, after], one.temperature, "temperature, log loss");
    }
    if (one.calibration7 === null) return;
    const { bins } = metrics.expectedCalibrationError(yTrue, probabilities, { classes, bins: 7 });
    const filled = bins.filter((bin) => bin.count > 0);
    agree(filled.map((bin) => bin.accuracy), one.calibration7[0], "share right");
    agree(filled.map((bin) => bin.confidence), one.calibration7[1], "mean confidence");
  });
});

Deno.test("summarizePredictions() agrees with the single metrics on every case", () => {
  for (const one of fixture.cases) {
    const { yTrue, classes } = one;
    const probabilities = one.sixtyFourths.split(" ").map((count) => Number(count) / 64);
    const summary = metrics.summarizePredictions(yTrue, probabilities, {
      classes,
      seed: 1,
      samples: 20,
    });
    assert.deepEqual(summary.yPred, one.yPred);
    assert.deepEqual(summary.confusion, one.confusion);
    const { accuracy, balancedAccuracy, quadraticWeightedKappa, logLoss, brier } = summary;
    const all = [accuracy, balancedAccuracy, quadraticWeightedKappa, logLoss, brier];
    agree(all.map(({ value }) => value), [
      one.accuracy,
      one.balancedAccuracy,
      one.kappa.quadratic,
      one.logLoss,
      one.brier,
    ], "summary");
    const defined = one.auc.flatMap((value) => value === null ? [] : [value]);
    const macro = defined.length === 0 ? null : defined.reduce((a, b) => a + b, 0) / defined.length;
    agree([summary.macroAuc.value], [macro], "macro auc");
    assert.equal(summary.auc.definedClasses, defined.length);
  }
});
