import assert from "node:assert/strict";
import { SeededRandom } from "../../src/_internal/seeded_random.ts";
import { adaptiveCalibrationError } from "../../src/metrics/adaptive_calibration.ts";
import { bootstrapInterval } from "../../src/metrics/bootstrap_interval.ts";
import { expectedCalibrationError } from "../../src/metrics/calibration.ts";
import { cohenKappa } from "../../src/metrics/cohen_kappa.ts";
import { logLoss } from "../../src/metrics/log_loss.ts";
import { referableMetrics } from "../../src/metrics/referable.ts";
import { rocAuc } from "../../src/metrics/roc_auc.ts";
import { summarizePredictions } from "../../src/metrics/summarize_predictions.ts";

const random = new SeededRandom(5), classes = 3, count = 40;
const yTrue = Array.from({ length: count }, () => random.integer(classes));
const probabilities = Float32Array.from(yTrue.flatMap((label) => {
  const scores = [0, 1, 2].map((c) => random.next() + (c === label ? 0.3 : 0));
  const sum = scores.reduce((a, b) => a + b);
  return scores.map((score) => score / sum);
}));

Deno.test("summarizePredictions() intervals are those of the single metrics, without its shortcuts", () => {
  const summary = summarizePredictions(yTrue, probabilities, { classes, seed: 7, samples: 100 });
  const resampled = (
    metric: (labels: number[], flat: number[], preds: number[]) => number | null,
  ) =>
    bootstrapInterval({
      count,
      seed: 7,
      samples: 100,
      statistic: (rows) => {
        const picked = [...rows];
        const flat = picked.flatMap((row) => [...probabilities.subarray(row * 3, row * 3 + 3)]);
        return metric(picked.map((r) => yTrue[r]), flat, picked.map((r) => summary.yPred[r]));
      },
    });
  const close = (
    name: "quadraticWeightedKappa" | "macroAuc" | "logLoss" | "expectedCalibrationError",
    other: ReturnType<typeof resampled>,
  ) => {
    const { interval } = summary[name];
    assert.ok(Math.abs(interval!.low! - other.low!) < 1e-12, name);
    assert.ok(Math.abs(interval!.high! - other.high!) < 1e-12, name);
  };
  close(
    "quadraticWeightedKappa",
    resampled((l, _, p) => cohenKappa(l, p, { classes, weights: "quadratic" }).value),
  );
  close("macroAuc", resampled((l, flat) => rocAuc(l, flat, { classes }).macro.value));
  close("logLoss", resampled((l, flat) => logLoss(l, flat, { classes }).value));
  close(
    "expectedCalibrationError",
    resampled((l, flat) => expectedCalibrationError(l, flat, { classes }).value),
  );
});

Deno.test("summarizePredictions() holds each value within its interval on ordinary data", () => {
  const summary = summarizePredictions(yTrue, probabilities, { classes, seed: 1 });
  for (const name of ["accuracy", "balancedAccuracy", "macroAuc", "logLoss", "brier"] as const) {
    const { value, interval } = summary[name];
    assert.ok(interval!.low! < value! && value! < interval!.high!, name);
  }
});

Deno.test("summarizePredictions() with NaN rows says so and goes on", () => {
  const broken = probabilities.slice();
  broken[4] = NaN;
  broken[30] = Infinity;
  const summary = summarizePredictions(yTrue, broken, { classes, seed: 1 });
  assert.equal(summary.invalid, 2);
  assert.deepEqual([summary.yPred[1], summary.yPred[10]], [-1, -1]);
  assert.deepEqual(summary.accuracy, {
    value: null,
    reason: "2 of 40 rows hold NaN or infinite probabilities",
    interval: null,
  });
  assert.equal(summary.confusion.flat().reduce((a, b) => a + b), 38);
});

Deno.test("summarizePredictions() gives the probability of each predicted class, null without one", () => {
  const broken = probabilities.slice();
  broken[4] = NaN;
  const { yPred, confidences } = summarizePredictions(yTrue, broken, { classes, seed: 1 });
  assert.equal(confidences.length, count);
  assert.equal(confidences[1], null);
  confidences.forEach((confidence, row) => {
    const highest = Math.max(...broken.subarray(row * classes, row * classes + classes));
    if (yPred[row] !== -1) assert.equal(confidence, highest);
  });
});

Deno.test("summarizePredictions() is plain JSON without NaN, also of nothing and of one class", () => {
  for (const labels of [[], [2, 2, 2], yTrue]) {
    const flat = probabilities.subarray(0, labels.length * 3);
    const summary = summarizePredictions(labels, flat, { classes, seed: 1, samples: 10 });
    assert.deepEqual(JSON.parse(JSON.stringify(summary)), summary);
  }
});

Deno.test("summarizePredictions() rejects unknown options and wrong lengths", () => {
  const options = { classes, seed: 1 };
  assert.throws(() => summarizePredictions(yTrue, [1], options), /1 probabilities, wanted 40/);
  assert.throws(
    () => summarizePredictions(yTrue, probabilities, { ...options, bin: 3 } as never),
    /Did you mean "bins"/,
  );
});

Deno.test("summarizePredictions() has intervals for each class, all calibration errors and referral", () => {
  const options = { classes, seed: 7, samples: 100 };
  const plain = summarizePredictions(yTrue, probabilities, options);
  assert.equal(plain.referable, null);
  const summary = summarizePredictions(yTrue, probabilities, { ...options, referableFrom: 1 });
  assert.deepEqual({ ...summary, referable: null }, plain);
  const { yPred } = summary;
  const { sensitivity } = referableMetrics(yTrue, yPred, { classes, from: 1 });
  assert.equal(summary.referable!.sensitivity.value, sensitivity.value);
  const resampled = bootstrapInterval({
    count,
    seed: 7,
    samples: 100,
    statistic: (rows) => {
      const picked = [...rows];
      const flat = picked.flatMap((row) => [...probabilities.subarray(row * 3, row * 3 + 3)]);
      return adaptiveCalibrationError(picked.map((r) => yTrue[r]), flat, { classes }).value;
    },
  });
  assert.ok(Math.abs(summary.adaptiveCalibrationError.interval!.low! - resampled.low!) < 0.01);
  const found = [
    ...[summary.macroF1, summary.maximumCalibrationError, summary.adaptiveCalibrationError],
    ...[summary.referable!.sensitivity, summary.referable!.specificity],
    ...summary.perClass.flatMap(({ recall, f1, auc }) => [recall, f1, auc]),
  ];
  assert.equal(found.length, 14);
  for (const { value, interval } of found) {
    assert.ok(interval!.low! <= value! + 1e-9 && interval!.high! > 0);
  }
  assert.throws(
    () => summarizePredictions(yTrue, probabilities, { ...options, referableFrom: 3 }),
    /from 1 to 2/,
  );
});
