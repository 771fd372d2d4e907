import assert from "node:assert/strict";
import { batches } from "../../src/data/batches.ts";
import { syntheticFundus } from "../../src/data/synthetic_fundus.ts";
import { correctImbalance } from "../../src/training/correct_imbalance.ts";
import {
  effectiveNumberWeights,
  inverseFrequencyWeights,
} from "../../src/training/class_weights.ts";

const TRAIN = { labels: [0, 0, 0, 0, 0, 0, 1, 1, 1, 2], classes: 3 };
const COUNTS = [6, 3, 1];

function assertNear(found: readonly number[] | undefined, wanted: readonly number[]): void {
  assert.equal(found?.length, wanted.length);
  wanted.forEach((x, c) => assert.ok(Math.abs(found![c] - x) < 1e-12, `${found}, not ${wanted}`));
}

Deno.test("correctImbalance() leaves everything alone unless asked", () => {
  assert.deepEqual(correctImbalance({ loss: "cross_entropy" }, TRAIN), {
    corrections: [],
    classWeights: undefined,
    imageWeights: undefined,
    balance: false,
  });
});

Deno.test("correctImbalance() gives the weights of the one correction", () => {
  const effective = correctImbalance({ loss: "focal_class_balanced" }, TRAIN);
  assertNear(effective.classWeights, effectiveNumberWeights(COUNTS));
  const inverse = correctImbalance(
    { loss: "cross_entropy", imbalance: "class_weights", exponent: 0.65 },
    TRAIN,
  );
  assertNear(inverse.classWeights, inverseFrequencyWeights(COUNTS, { exponent: 0.65 }));
  assert.equal(inverse.imageWeights, undefined);
  const drawn = correctImbalance({ loss: "cross_entropy", imbalance: "sampler" }, TRAIN);
  assert.equal(drawn.classWeights, undefined);
  const [frequent, rare] = [drawn.imageWeights![0], drawn.imageWeights![9]];
  assert.ok(Math.abs(rare / frequent - 6) < 1e-9);
});

Deno.test("correctImbalance() refuses two, and multiplies them when they are meant", () => {
  const both = { loss: "class_balanced", imbalance: "class_weights" } as const;
  assert.throws(() => correctImbalance(both, TRAIN), /found 2 corrections/);
  const { classWeights } = correctImbalance({ ...both, allowSeveral: true }, TRAIN);
  const [a, b] = [effectiveNumberWeights(COUNTS), inverseFrequencyWeights(COUNTS)];
  assert.ok(Math.abs(classWeights![2] / classWeights![0] - a[2] * b[2] / (a[0] * b[0])) < 1e-9);
});

Deno.test("correctImbalance(): with the weights of the sampler all classes come equally often", () => {
  const set = syntheticFundus({ count: 60, size: 16, seed: 4 });
  const labels = set.labels.map((_, i) => i < 48 ? 0 : i < 57 ? 1 : 2);
  const { imageWeights } = correctImbalance(
    { loss: "cross_entropy", imbalance: "sampler" },
    { labels, classes: 3 },
  );
  const counts = [0, 0, 0], epochs = 30;
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const { indices } of batches(set, { weights: imageWeights, seed: 1, epoch })) {
      indices.forEach((index) => counts[labels[index]]++);
    }
  }
  const total = 60 * epochs, sigma = Math.sqrt(2 / 9 / total);
  for (const count of counts) {
    assert.ok(Math.abs(count / total - 1 / 3) <= 3 * sigma, `${counts}`);
  }
});
