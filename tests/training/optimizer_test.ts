import assert from "node:assert/strict";
import { STAGE_DEFAULTS } from "../../src/stages/stage.ts";
import { defineStages } from "../../src/stages/define_stages.ts";
import { openTensors } from "../../src/tensors/open_tensors.ts";
import type { Variable } from "../../src/tensors/tf.ts";
import { GradientAccumulator } from "../../src/training/accumulate_gradients.ts";
import { optimizerOf } from "../../src/training/optimizer_of.ts";

const NAMES = ["adamw", "adam", "sgd"] as const;

function stageOf(optimizer: (typeof NAMES)[number], weightDecay = 0.5) {
  const stage = { name: "s", epochs: 1, train: ["*"], heads: ["a"], optimizer, weightDecay };
  return defineStages([stage])[0];
}

/** The textbook forms for one number of a matrix. */
function reference(optimizer: string, gradients: readonly number[]): number {
  const [rate, decay] = [0.1, 0.5];
  let value = 1, first = 0, second = 0, velocity = 0;
  gradients.forEach((given, i) => {
    const gradient = optimizer === "adamw" ? given : given + decay * value;
    if (optimizer === "sgd") {
      velocity = 0.9 * velocity + gradient;
      value -= rate * velocity;
      return;
    }
    first = 0.9 * first + 0.1 * gradient;
    second = 0.999 * second + 0.001 * gradient ** 2;
    const step = (first / (1 - 0.9 ** (i + 1))) /
      (Math.sqrt(second / (1 - 0.999 ** (i + 1))) + 1e-8);
    value = value * (optimizer === "adamw" ? 1 - rate * decay : 1) - rate * step;
  });
  return value;
}

for (const name of NAMES) {
  Deno.test(`optimizerOf() ${name} follows the published rule, and goes on from its state`, async () => {
    const { tf } = await openTensors({ prefer: "wasm" });
    const weight = tf.variable(tf.tensor2d([[1]])) as unknown as Variable;
    let optimizer = optimizerOf(stageOf(name));
    for (const gradient of [0.3, -0.2, 0.5]) {
      const gradients = { [weight.name]: tf.tensor2d([[gradient]]) };
      optimizer.apply([weight], { gradients, learningRate: 0.1 });
      const state = await optimizer.state();
      optimizer.dispose();
      optimizer = optimizerOf(stageOf(name));
      optimizer.restore(state);
    }
    const wanted = reference(name, [0.3, -0.2, 0.5]);
    const [found] = await weight.data();
    assert.ok(Math.abs(found - wanted) < 1e-5, `${found} and ${wanted}`);
    const before = tf.memory().numTensors;
    optimizer.dispose();
    assert.equal(tf.memory().numTensors, before - (name === "sgd" ? 1 : 2));
  });
}

Deno.test("optimizerOf() is AdamW unless a stage says otherwise", () => {
  assert.equal(STAGE_DEFAULTS.optimizer, "adamw");
});

Deno.test("GradientAccumulator counts samples, not batches, and begins anew", async () => {
  const { tf } = await openTensors({ prefer: "wasm" });
  const before = tf.memory().numTensors;
  const sums = new GradientAccumulator(2);
  const add = (value: number, samples: number) => {
    const gradients = { w: tf.tensor1d([value]) };
    sums.add(gradients, samples);
    tf.dispose(gradients);
  };
  add(1, 30);
  assert.equal(sums.full, false);
  const other = new GradientAccumulator(2);
  other.restore(await sums.state());
  add(4, 10);
  assert.equal(sums.full, true);
  const mean = sums.take();
  assert.deepEqual(Array.from(mean.w.dataSync()), [1.75]);
  assert.deepEqual(await sums.state(), { batches: 0, samples: 0, tensors: [] });
  const restored = other.take();
  assert.deepEqual(Array.from(restored.w.dataSync()), [1]);
  tf.dispose([mean.w, restored.w]);
  assert.equal(tf.memory().numTensors, before);
});
