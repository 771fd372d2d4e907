import assert from "node:assert/strict";
import { adamStep } from "../../../src/tensors/kernels/adam_step.ts";
import type { Tensor, Tf } from "../../../src/tensors/tf.ts";
import { openTensors } from "../../../src/tensors/open_tensors.ts";
import { assertSameOnBackends, normals } from "../_on_backends.ts";

const RATES = { beta1: 0.9, beta2: 0.999, learningRate: 0.01, epsilon: 1e-7 };

Deno.test("a step of Adam on wasm equals that made of operations, for any number of numbers", async () => {
  for (const size of [1, 3, 4, 18]) {
    for (const kept of [undefined, 0.9]) {
      await assertSameOnBackends(`${size}, kept ${kept}`, (tf) => {
        const of = (seed: string) => tf.tensor1d(normals([size], seed));
        const inputs = { gradient: of("g"), first: of("m"), second: of("v").abs(), value: of("w") };
        const rates = { ...RATES, correction1: 0.19, correction2: 0.002, kept };
        const { first, second, value } = adamStep(tf, inputs, rates);
        return [first, second, value, ...Object.values(inputs).map((input) => input.clone())];
      }, 1e-6);
    }
  }
});

/** A few steps of an optimizer on a loss with known weights at its minimum. */
function steps(tf: Tf): Tensor[] {
  const optimizer = tf.train.adam(0.05);
  const w = tf.variable(tf.tensor2d(normals([3, 4], "w"), [3, 4]));
  const unused = tf.variable(tf.ones([2]));
  const x = tf.tensor2d(normals([5, 3], "x"), [5, 3]);
  for (let i = 0; i < 5; i++) {
    optimizer.minimize(() => tf.matMul(x, w).square().mean().asScalar(), false, [w, unused]);
  }
  const found = [w.clone(), unused.clone()];
  w.dispose();
  unused.dispose();
  optimizer.dispose();
  return found;
}

Deno.test("tf.train.adam() on wasm equals cpu", async () => {
  await assertSameOnBackends("5 steps", (tf) => tf.tidy(() => steps(tf)));
});

Deno.test("tf.train.adam() on wasm takes one kernel for each variable", async () => {
  const { tf } = await openTensors({ require: "wasm" });
  const { kernelNames } = await tf.profile(() => tf.tidy(() => steps(tf)));
  assert.ok(kernelNames.includes("AdamStep"), `ran ${kernelNames}`);
});
