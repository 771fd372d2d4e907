import assert from "node:assert/strict";
import { openTensors } from "../../../src/tensors/open_tensors.ts";
import type { Tensor, Tensor1D, Tensor4D, Tf } from "../../../src/tensors/tf.ts";
import { assertClose, assertSameOnBackends, normals, valuesOn } from "../_on_backends.ts";

const SHAPE: [number, number, number, number] = [3, 4, 5, 6];

/** Gradients with respect to x, mean, variance, offset and scale. */
function gradients(tf: Tf, { composed }: { readonly composed: boolean }): Tensor[] {
  const x = tf.tensor4d(normals(SHAPE, "x"), SHAPE);
  const variance = tf.tensor1d(normals([6], "v").map((value) => 0.2 + Math.abs(value)));
  const vectors = ["m", "b", "g"].map((seed) => tf.tensor1d(normals([6], seed)));
  return tf.grads((image, mean, v, offset, scale) => {
    const y = composed
      ? image.sub(mean).mul(v.add(1e-3).rsqrt()).mul(scale).add(offset)
      : tf.batchNorm(
        image as Tensor4D,
        mean as Tensor1D,
        v as Tensor1D,
        offset as Tensor1D,
        scale as Tensor1D,
        1e-3,
      );
    return y.mul(tf.tensor(normals(SHAPE, "dy"), SHAPE)).sum();
  })([x, vectors[0], variance, vectors[1], vectors[2]]);
}

Deno.test("the batch norm gradient equals that of its definition", async () => {
  const found = await valuesOn("wasm", (tf) => gradients(tf, { composed: false }));
  const wanted = await valuesOn("wasm", (tf) => gradients(tf, { composed: true }));
  assert.equal(found.length, 5);
  found.forEach((values, i) => assertClose(values, wanted[i], `input ${i}`));
  await assertSameOnBackends("wasm", (tf) => gradients(tf, { composed: false }));
});

Deno.test("the batch norm gradient survives a shared layer", async () => {
  const { tf } = await openTensors({ require: "wasm" });
  const values = tf.tidy(() => {
    const norm = tf.layers.batchNormalization({ inputShape: [6] });
    const model = tf.sequential({ layers: [norm] });
    const x = tf.tensor2d(normals([8, 6], "x"), [8, 6]);
    const apply = (input: Tensor) => model.apply(input, { training: true }) as Tensor;
    const { grads } = tf.variableGrads(() => apply(apply(x)).pow(3).sum().asScalar());
    const found = Object.values(grads).map((gradient) => gradient.dataSync());
    model.dispose();
    return found;
  });
  assert.equal(values.length, 2);
  assert.ok(values.every((gradient) => gradient.every(Number.isFinite)));
});
