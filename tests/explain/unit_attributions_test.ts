// Which features feed which unit.
import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { unitAttributions } from "../../src/explain/mod.ts";

await tf.setBackend("cpu");

const W = [[1, -2, 0], [0.5, 0, 3]], V = [[2, 0], [1, -1], [-1, 4]];

/** Two mean colours, three linear units, two classes, all without bias. */
function linear(): tf.LayersModel {
  const dense = (units: number, name: string, kernel: number[][]) =>
    tf.layers.dense({ units, name, useBias: false, weights: [tf.tensor2d(kernel)] });
  return tf.sequential({
    layers: [
      tf.layers.globalAveragePooling2d({ inputShape: [2, 2, 2], name: "features" }),
      dense(3, "units", W),
      dense(2, "head", V),
    ],
  });
}

/** Two images, each of one colour. */
const COLOURS = [[0.5, 2], [1, -1]];
const images = {
  data: Float32Array.from(
    COLOURS.flatMap((colour) => [...colour, ...colour, ...colour, ...colour]),
  ),
  shape: [2, 2, 2, 2],
};
const options = { from: "features", to: "units" } as const;

Deno.test("unitAttributions() are feature, weight and weight multiplied on a linear network", async () => {
  const found = await unitAttributions(linear(), images, { ...options, target: 1 });
  const of = (colour: number[], i: number, u: number) => colour[i] * W[i][u] * V[u][1];
  for (const [i, u] of [[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2]]) {
    const each = COLOURS.map((colour) => of(colour, i, u));
    assert.ok(Math.abs(found.signed[i * 3 + u] - (each[0] + each[1]) / 2) < 1e-6);
    assert.ok(
      Math.abs(found.values[i * 3 + u] - (Math.abs(each[0]) + Math.abs(each[1])) / 2) < 1e-6,
    );
  }
  assert.deepEqual([found.features, found.units, found.images, found.status], [2, 3, 2, "ok"]);
});

Deno.test("unitAttributions() are the same in any batch size, and leave no tensor", async () => {
  const model = linear();
  const together = await unitAttributions(model, images, { ...options, target: [0, 1] });
  const { numTensors } = tf.memory();
  const alone = await unitAttributions(model, images, { ...options, target: [0, 1], batchSize: 1 });
  assert.deepEqual(alone, together);
  assert.equal(tf.memory().numTensors, numTensors);
});

Deno.test("unitAttributions() say why all values are 0", async () => {
  const dark = { data: new Float32Array(8), shape: [1, 2, 2, 2] };
  const zero = await unitAttributions(linear(), dark, options);
  assert.deepEqual([zero.status, zero.diagnosis], [
    "zero",
    "no feature moves the score through any unit",
  ]);
  const broken = { data: new Float32Array(8).fill(NaN), shape: [1, 2, 2, 2] };
  const nan = await unitAttributions(linear(), broken, { ...options, target: 0 });
  assert.equal(nan.status, "nonfinite");
  assert.ok(nan.values.every((value) => value === 0));
});

Deno.test("unitAttributions() name what is wrong", async () => {
  const wrong: [object, RegExp][] = [
    [{ from: "features", to: "unit" }, /Did you mean "units"/],
    [{ from: "features", two: "units" }, /Did you mean "to"/],
    [{ from: "features", to: "units", target: 7 }, /found target 7, wanted a class from 0 to 1/],
  ];
  for (const [bad, message] of wrong) {
    await assert.rejects(() => unitAttributions(linear(), images, bad as never), { message });
  }
  const conv = tf.sequential({
    layers: [
      tf.layers.conv2d({ filters: 2, kernelSize: 1, inputShape: [2, 2, 2], name: "conv" }),
      tf.layers.globalAveragePooling2d({ name: "pool" }),
      tf.layers.dense({ units: 2, name: "head" }),
    ],
  });
  await assert.rejects(() => unitAttributions(conv, images, { from: "conv", to: "pool" }), {
    message: /layer "conv" has outputs of shape \[any, 2, 2, 2\], wanted \[batch, width\]/,
  });
});
