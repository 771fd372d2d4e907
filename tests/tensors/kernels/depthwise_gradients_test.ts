import assert from "node:assert/strict";
import type { Tensor, Tensor4D, Tf } from "../../../src/tensors/tf.ts";
import { assertClose, assertSameOnBackends, normals, valuesOn } from "../_on_backends.ts";

type Shape4D = [number, number, number, number];
const X: Shape4D = [2, 7, 8, 3];

function gradients(filter: Shape4D, strides: number | [number, number], pad: "same" | "valid" | 1) {
  return (tf: Tf) => {
    const x = tf.tensor4d(normals(X, "x"), X);
    const w = tf.tensor4d(normals(filter, "w"), filter);
    return tf.grads((image, weights) => {
      const y = tf.depthwiseConv2d(image as Tensor4D, weights as Tensor4D, strides, pad);
      return y.mul(tf.tensor(normals(y.shape, "g"), y.shape)).sum();
    })([x, w]);
  };
}

Deno.test("depthwise gradients on wasm equal cpu", async () => {
  for (const filter of [[3, 3, 3, 1], [2, 3, 3, 2], [1, 1, 3, 4], [5, 5, 3, 1]] as Shape4D[]) {
    for (const strides of [1, 2, 3]) {
      for (const pad of ["same", "valid", 1] as const) {
        // A padding given as a number takes the filter's height for both axes.
        if (pad === 1 && filter[0] !== filter[1]) continue;
        await assertSameOnBackends(
          `${filter} / ${strides} ${pad}`,
          gradients(filter, strides, pad),
        );
      }
    }
  }
});

// `tf.grad` refuses dilations and the cpu kernels ignore them, so the reference is the forward
// convolution, which is linear in the image and in the filter.
Deno.test("depthwise gradient kernels with dilations equal finite differences", async () => {
  const shape: Shape4D = [3, 2, 3, 2];
  const image = normals(X, "x"), filter = normals(shape, "w");
  for (const dilations of [2, [2, 3]] as (number | [number, number])[]) {
    for (const pad of ["same", "valid"] as const) {
      const convolve = (tf: Tf, x: Float32Array, w: Float32Array) =>
        tf.depthwiseConv2d(tf.tensor4d(x, X), tf.tensor4d(w, shape), 1, pad, "NHWC", dilations);
      const loss = async (x: Float32Array, w: Float32Array) => {
        const [y] = await valuesOn("wasm", (tf) => [convolve(tf, x, w)]);
        return normals([y.length], "g").reduce((sum, g, i) => sum + g * y[i], 0);
      };
      const [dw, dx] = await valuesOn("wasm", (tf) => {
        const attrs = { strides: [1, 1], dilations, pad, inputShape: X, filterShape: shape };
        const y = convolve(tf, image, filter);
        const inputs = {
          x: tf.tensor4d(image, X),
          filter: tf.tensor4d(filter, shape),
          dy: tf.tensor4d(normals([y.size], "g"), y.shape),
        };
        return ["Filter", "Input"].map((which) =>
          tf.engine().runKernel(`DepthwiseConv2dNativeBackprop${which}`, inputs, attrs) as Tensor
        );
      });
      const base = await loss(image, filter);
      const moved = (values: Float32Array, i: number) =>
        values.map((value, at) => at === i ? value + 1 : value);
      for (let i = 0; i < filter.length; i += 3) {
        assertNear(dw[i], await loss(image, moved(filter, i)) - base, `dW ${dilations} ${pad}`);
      }
      for (let i = 0; i < image.length; i += 29) {
        assertNear(dx[i], await loss(moved(image, i), filter) - base, `dx ${dilations} ${pad}`);
      }
    }
  }
});

function assertNear(found: number, wanted: number, what: string): void {
  assert.ok(Math.abs(found - wanted) < 1e-4, `${what}: found ${found}, wanted ${wanted}`);
}

Deno.test("a separable convolution layer equals finite differences", async () => {
  const filter: Shape4D = [3, 3, 3, 1];
  const [found] = await valuesOn("wasm", gradients(filter, 2, "same"));
  const image = normals(X, "x");
  const loss = async (pixels: Float32Array) => {
    const [value] = await valuesOn("wasm", (tf) => {
      const y = tf.depthwiseConv2d(
        tf.tensor4d(pixels, X),
        tf.tensor4d(normals(filter, "w"), filter),
        2,
        "same",
      );
      return [y.mul(tf.tensor(normals(y.shape, "g"), y.shape)).sum()];
    });
    return value[0];
  };
  const base = await loss(image);
  const wanted: number[] = [];
  for (let i = 0; i < 40; i++) {
    wanted.push(await loss(image.map((value, at) => at === i ? value + 1 : value)) - base);
  }
  assertClose(found.subarray(0, 40), wanted, "dx");
});
