import assert from "node:assert/strict";
import type { Tensor, Tf } from "../../../src/tensors/tf.ts";
import { assertSameOnBackends, normals, valuesOn } from "../_on_backends.ts";

type Shape4D = [number, number, number, number];
const X: Shape4D = [1, 7, 9, 3];

const image = (tf: Tf) => tf.tensor4d(normals(X, "x"), X);
const filter = (tf: Tf) => tf.tensor4d(normals([3, 3, 3, 2], "w"), [3, 3, 3, 2]);

Deno.test("windows on wasm whose count is not the reserved one are refused", async () => {
  const wrong: [string, (tf: Tf) => Tensor][] = [
    ["DepthwiseConv2dNative", (tf) => tf.depthwiseConv2d(image(tf), filter(tf), [1, 2], 1)],
    ["MaxPool", (tf) => tf.maxPool(image(tf), [1, 3], 1, 1)],
    ["AvgPool", (tf) => tf.avgPool(image(tf), 2, 2, 1, "ceil")],
  ];
  for (const [kernel, compute] of wrong) {
    const message = new RegExp(`^${kernel} on wasm: padding 1 .* windows fit. Give the padding`);
    await assert.rejects(valuesOn("wasm", (tf) => [compute(tf)]), { name: "RangeError", message });
  }
});

Deno.test("windows on wasm that fit are computed as on cpu", async () => {
  await assertSameOnBackends("even windows, and uneven ones of convolutions", (tf) => [
    tf.conv2d(image(tf), filter(tf), [3, 1], 1),
    tf.conv2d(image(tf), filter(tf), 3, 1, "NHWC", 1, "ceil"),
    tf.fused.conv2d({ x: image(tf), filter: filter(tf), strides: [1, 2], pad: 1 }),
    tf.conv2d(image(tf), filter(tf), 2, 1),
    tf.conv2d(image(tf), filter(tf), [3, 1], [[0, 0], [1, 1], [0, 2], [0, 0]]),
    tf.fused.conv2d({ x: image(tf), filter: filter(tf), strides: 1, pad: "same", dilations: 2 }),
    tf.depthwiseConv2d(image(tf), filter(tf), 2, "same"),
    tf.maxPool(image(tf), 3, 2, 1),
    tf.avgPool(image(tf), [2, 3], [1, 2], "valid"),
  ]);
});
