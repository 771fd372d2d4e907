import assert from "node:assert/strict";
import type { Tensor4D, Tf } from "../../../src/tensors/tf.ts";
import { assertClose, assertSameOnBackends, normals, valuesOn } from "../_on_backends.ts";

type Shape4D = [number, number, number, number];
type Padding = "same" | "valid" | number | [
  [number, number],
  [number, number],
  [number, number],
  [number, number],
];

interface Case {
  readonly x: Shape4D;
  readonly w: Shape4D;
  readonly strides: number | [number, number];
  readonly pad: Padding;
}

const SIZES: [Shape4D, Shape4D][] = [
  [[2, 7, 9, 3], [3, 3, 3, 5]],
  [[3, 8, 6, 4], [2, 5, 4, 8]],
  [[1, 5, 5, 1], [1, 1, 1, 2]],
  [[2, 6, 7, 8], [5, 4, 8, 1]],
];
const STRIDES: (number | [number, number])[] = [1, 2, 3, [1, 2], [2, 1]];
const CASES: Case[] = [
  ...SIZES.flatMap(([x, w]) =>
    STRIDES.flatMap((strides) =>
      (["same", "valid"] as const).map((pad) => ({ x, w, strides, pad }))
    )
  ),
  // TensorFlow.js takes the height of filter and stride for both axes when the padding is a number.
  ...SIZES.filter(([, w]) => w[0] === w[1]).flatMap(([x, w]) =>
    [1, 2, 3].flatMap((strides) => [1, 2].map((pad) => ({ x, w, strides, pad })))
  ),
  { x: [2, 7, 9, 3], w: [3, 3, 3, 4], strides: 1, pad: [[0, 0], [2, 1], [0, 3], [0, 0]] },
  { x: [2, 7, 9, 3], w: [3, 2, 3, 4], strides: 2, pad: [[0, 0], [0, 2], [1, 0], [0, 0]] },
];

function convolve(tf: Tf, x: Tensor4D, w: Tensor4D, { strides, pad }: Case): Tensor4D {
  return tf.conv2d(x, w, strides, pad, "NHWC", 1, typeof pad === "string" ? undefined : "floor");
}

/** Both gradients of Σ conv(x, w) · g for seeded x, w and g. */
function gradients(test: Case) {
  return (tf: Tf) => {
    const x = tf.tensor4d(normals(test.x, "x"), test.x);
    const w = tf.tensor4d(normals(test.w, "w"), test.w);
    const { value, grads } = tf.valueAndGrads((image, filter) => {
      const y = convolve(tf, image as Tensor4D, filter as Tensor4D, test);
      return y.mul(tf.tensor(normals(y.shape, "g"), y.shape)).sum();
    })([x, w]);
    return [...grads, value];
  };
}

Deno.test("Conv2DBackpropFilter and Conv2DBackpropInput on wasm equal cpu", async () => {
  for (const test of CASES) await assertSameOnBackends(JSON.stringify(test), gradients(test));
});

Deno.test("conv2dTranspose() on wasm equals cpu, gradients too", async () => {
  for (const strides of [1, 2, 3]) {
    for (const pad of ["same", "valid"] as const) {
      const size = pad === "same" ? 4 * strides : 3 * strides + 3;
      await assertSameOnBackends(`stride ${strides} ${pad}`, (tf) => {
        const x = tf.tensor4d(normals([2, 4, 4, 3], "x"), [2, 4, 4, 3]);
        const w = tf.tensor4d(normals([3, 3, 5, 3], "w"), [3, 3, 5, 3]);
        const up = (image: Tensor4D, filter: Tensor4D) =>
          tf.conv2dTranspose(image, filter, [2, size, size, 5], strides, pad);
        const grads = tf.grads((image, filter) =>
          up(image as Tensor4D, filter as Tensor4D).square().sum()
        )([x, w]);
        return [up(x, w), ...grads];
      });
    }
  }
});

Deno.test("Conv2DBackpropFilter equals finite differences", async () => {
  const test: Case = { x: [2, 5, 6, 2], w: [3, 2, 2, 3], strides: 2, pad: "same" };
  const [, found] = await valuesOn("wasm", gradients(test));
  const filter = normals(test.w, "w");
  // The convolution is linear in the filter, so a step of 1 has no truncation error.
  const loss = async (weights: Float32Array) => {
    const [value] = await valuesOn("wasm", (tf) => {
      const x = tf.tensor4d(normals(test.x, "x"), test.x);
      const y = convolve(tf, x, tf.tensor4d(weights, test.w), test);
      return [y.mul(tf.tensor(normals(y.shape, "g"), y.shape)).sum()];
    });
    return value[0];
  };
  const base = await loss(filter);
  const wanted: number[] = [];
  for (let i = 0; i < filter.length; i++) {
    wanted.push(await loss(filter.map((value, at) => at === i ? value + 1 : value)) - base);
  }
  assertClose(found, wanted, "dW", 1e-5);
  assert.ok(found.some((value) => Math.abs(value) > 0.1));
});
