import assert from "node:assert/strict";
import { openTensors } from "../../src/tensors/open_tensors.ts";
import type { Variable } from "../../src/tensors/tf.ts";
import { AdamW } from "../../src/training/adamw.ts";

/** The textbook form for one number. */
function reference(
  gradients: readonly number[],
  { decay = 0, rate = 0.1, start = 1 } = {},
): number {
  let value = start, first = 0, second = 0;
  gradients.forEach((gradient, i) => {
    first = 0.9 * first + 0.1 * gradient;
    second = 0.999 * second + 0.001 * gradient ** 2;
    const step = (first / (1 - 0.9 ** (i + 1))) /
      (Math.sqrt(second / (1 - 0.999 ** (i + 1))) + 1e-8);
    value = value * (1 - rate * decay) - rate * step;
  });
  return value;
}

Deno.test("AdamW follows the published rule, decay on matrices only", async () => {
  const { tf } = await openTensors({ prefer: "wasm" });
  const optimizer = new AdamW({ weightDecay: 0.5 });
  const matrix = tf.variable(tf.tensor2d([[1]])), bias = tf.variable(tf.tensor1d([1]));
  for (const g of [0.3, -0.2, 0.5]) {
    const gradients = { [matrix.name]: tf.tensor2d([[g]]), [bias.name]: tf.tensor1d([g]) };
    optimizer.apply([matrix as Variable, bias as Variable], { gradients, learningRate: 0.1 });
  }
  const close = (a: number, b: number) => assert.ok(Math.abs(a - b) < 1e-5, `${a} and ${b}`);
  close(matrix.dataSync()[0], reference([0.3, -0.2, 0.5], { decay: 0.5 }));
  close(bias.dataSync()[0], reference([0.3, -0.2, 0.5]));
  optimizer.dispose();
});

Deno.test("AdamW keeps moments by name: a variable that pauses is not given another's", async () => {
  const { tf } = await openTensors({ prefer: "wasm" });
  const optimizer = new AdamW();
  const [a, b] = [tf.variable(tf.tensor1d([1])), tf.variable(tf.tensor1d([1]))] as Variable[];
  const step = (variables: Variable[], g: number) =>
    optimizer.apply(variables, {
      gradients: Object.fromEntries(variables.map((v) => [v.name, tf.tensor1d([g])])),
      learningRate: 0.1,
    });
  step([a, b], 0.3);
  step([b], -0.8);
  step([a, b], 0.1);
  assert.ok(Math.abs(a.dataSync()[0] - reference([0.3, 0.1])) < 1e-5);
  assert.ok(Math.abs(b.dataSync()[0] - reference([0.3, -0.8, 0.1])) < 1e-5);
  const before = tf.memory().numTensors;
  optimizer.dispose();
  assert.equal(tf.memory().numTensors, before - 4);
});
