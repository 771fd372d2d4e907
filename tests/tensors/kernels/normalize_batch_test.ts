import assert from "node:assert/strict";
import { normalizeBatch } from "../../../src/tensors/kernels/normalize_batch.ts";
import { openTensors } from "../../../src/tensors/open_tensors.ts";
import type { Tensor, Tf, Variable } from "../../../src/tensors/tf.ts";
import { assertClose, assertSameOnBackends, normals, valuesOn } from "../_on_backends.ts";

interface Case {
  readonly shape: number[];
  /** How far the mean of all numbers is from zero. */
  readonly away?: number;
}

const CASES: Case[] = [
  ...[1, 3, 5, 8, 12, 21].map((channels) => ({ shape: [3, 7, 5, channels], away: 1 })),
  { shape: [70, 6] },
  { shape: [2, 9, 16] },
  { shape: [1, 1, 1, 4] },
];

const EPSILON = 1e-3;

/** The result of a layer, its statistics, and all gradients of Σ y · g. */
function layerNumbers({ shape, away = 0 }: Case) {
  const channels = shape.at(-1)!;
  return (tf: Tf) => {
    const layer = tf.layers.batchNormalization({ name: "norm", epsilon: EPSILON });
    layer.build(shape);
    const numbers = (seed: string) => tf.tensor1d(normals([channels], seed));
    layer.setWeights([numbers("gamma"), numbers("beta"), numbers("mean"), numbers("var").abs()]);
    const x = tf.tensor(normals(shape, "x").map((value) => value + away), shape);
    const g = tf.tensor(normals(shape, "g"), shape);
    const apply = (input: Tensor) => layer.apply(input, { training: true }) as Tensor;
    const dx = tf.grad((input) => apply(input).mul(g).sum())(x);
    const { grads } = tf.variableGrads(() => apply(x).mul(g).sum());
    const results = [apply(x), dx, ...Object.values(grads), ...layer.getWeights()];
    const kept = results.map((tensor) => tensor.clone());
    // A layer outside of a model cannot be disposed.
    for (const weight of layer.weights) (weight.read() as Variable).dispose();
    return kept;
  };
}

Deno.test("batch norm layers in training on wasm equal cpu: result, statistics, gradients", async () => {
  for (const test of CASES) await assertSameOnBackends(test.shape.join(), layerNumbers(test), 2e-5);
});

Deno.test("batch norm with a ReLU equals one after the other", async () => {
  const shape = [2, 6, 5, 7];
  await openTensors({ require: "wasm" });
  const [y, dx, dGamma, dBeta, ...wanted] = await valuesOn("wasm", (tf) => {
    const inputs = [tf.tensor(normals(shape, "x"), shape)];
    inputs.push(tf.tensor1d(normals([7], "gamma")), tf.tensor1d(normals([7], "beta")));
    const g = tf.tensor(normals(shape, "g"), shape);
    const apart = (x: Tensor, gamma: Tensor, beta: Tensor) =>
      normalizeBatch(tf, x, { gamma, beta, epsilon: EPSILON }).y.relu();
    const fused = (x: Tensor, gamma: Tensor, beta: Tensor) =>
      normalizeBatch(tf, x, { gamma, beta, epsilon: EPSILON, relu: true }).y;
    return [fused, apart].flatMap((f) => {
      const grads = tf.grads((...all: Tensor[]) => f(all[0], all[1], all[2]).mul(g).sum())(inputs);
      return [f(inputs[0], inputs[1], inputs[2]), ...grads];
    });
  });
  [y, dx, dGamma, dBeta].forEach((values, i) => assertClose(values, wanted[i], `${i}`, 1e-6));
});

Deno.test("a mean far from zero costs the variance of a batch no digits", async () => {
  const shape = [64, 10, 10, 3], away = 4096;
  // Quarters near 4096 are exact in floats.
  const values = normals(shape, "x").map((value) => Math.round(value * 4) / 4 + away);
  const variances = [0, 1, 2].map((c) => {
    const own = Array.from(values.filter((_, i) => i % 3 === c));
    const mean = own.reduce((a, b) => a + b, 0) / own.length;
    return own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / own.length;
  });
  const [found] = await valuesOn("wasm", (tf) => {
    const [gamma, beta] = [tf.ones([3]), tf.zeros([3])];
    return [normalizeBatch(tf, tf.tensor(values, shape), { gamma, beta, epsilon: 0 }).variance];
  });
  assertClose(found, variances, "variance", 1e-6);
});

Deno.test("batch norm in inference on wasm equals cpu, with and without scale and offset", async () => {
  for (const channels of [1, 6, 8]) {
    await assertSameOnBackends(`${channels} channels`, (tf) => {
      const x = tf.tensor4d(normals([2, 3, 4, channels], "x"), [2, 3, 4, channels]);
      const of = (seed: string) => tf.tensor1d(normals([channels], seed));
      const [mean, variance] = [of("mean"), of("variance").abs()];
      return [
        tf.batchNorm(x, mean, variance, of("offset"), of("scale"), 0.01),
        tf.batchNorm(x, mean, variance, undefined, of("scale")),
        tf.batchNorm(x, mean, variance),
      ];
    });
  }
});

Deno.test("gradients of gradients through batch norm layers are left to TensorFlow.js", async () => {
  const shape = [4, 3, 3, 2];
  await assertSameOnBackends("second order", (tf) => {
    const layer = tf.layers.batchNormalization({ name: "norm" });
    const x = tf.tensor(normals(shape, "x"), shape), g = tf.tensor(normals(shape, "g"), shape);
    const first = (input: Tensor) =>
      tf.grad((inner) => (layer.apply(inner, { training: true }) as Tensor).mul(g).sum())(input);
    const second = tf.grad((input) => first(input).square().sum())(x);
    layer.dispose();
    return [second];
  }, 1e-4);
  const { tf } = await openTensors({ require: "wasm" });
  assert.equal(tf.getBackend(), "wasm");
});
