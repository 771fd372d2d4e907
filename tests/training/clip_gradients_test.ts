import assert from "node:assert/strict";
import { openTensors } from "../../src/tensors/open_tensors.ts";
import { tfjs } from "../../src/tensors/tf.ts";
import { clipGradients } from "../../src/training/clip_gradients.ts";

/** Numbers and norm after clipping; asserts that nothing is left behind. */
function clip(gradients: Record<string, readonly number[]>, maxNorm: number) {
  const tf = tfjs();
  const before = tf.memory().numTensors;
  const tensors = Object.fromEntries(
    Object.entries(gradients).map(([name, values]) => [name, tf.tensor1d([...values])]),
  );
  const clipped = clipGradients(tensors, maxNorm);
  const values = Object.fromEntries(
    Object.entries(clipped.gradients).map(([name, tensor]) => [name, [...tensor.dataSync()]]),
  );
  const norm = clipped.norm.dataSync()[0];
  tf.dispose([tensors, clipped.gradients, clipped.norm]);
  assert.equal(tf.memory().numTensors, before);
  return { values, norm };
}

for (const backend of ["cpu", "wasm"] as const) {
  Deno.test(`clipGradients() scales all gradients by their common norm, on ${backend}`, async () => {
    await openTensors({ require: backend });
    const { values, norm } = clip({ a: [3, 0], b: [0, 4] }, 1);
    assert.ok(Math.abs(norm - 5) < 1e-5);
    assert.ok(Math.abs(values.a[0] - 0.6) < 1e-6 && Math.abs(values.b[1] - 0.8) < 1e-6);
  });

  Deno.test(`clipGradients() leaves every bit of a small gradient, on ${backend}`, async () => {
    await openTensors({ require: backend });
    const small = { a: [0.1, -0.7], b: [1e-20] };
    const wanted = Object.fromEntries(
      Object.entries(small).map(([name, values]) => [name, [...Float32Array.from(values)]]),
    );
    assert.deepEqual(clip(small, 1).values, wanted);
    assert.deepEqual(clip({ a: [0, 0] }, 1), { values: { a: [0, 0] }, norm: 0 });
    assert.deepEqual(clip({}, 1), { values: {}, norm: 0 });
  });

  Deno.test(`clipGradients() keeps the direction of huge gradients, whose squares overflow, on ${backend}`, async () => {
    await openTensors({ require: backend });
    const { values, norm } = clip({ a: [3e25, 4e25] }, 10);
    assert.ok(Math.abs(norm / 5e25 - 1) < 1e-5);
    assert.ok(Math.abs(values.a[0] - 6) < 1e-4 && Math.abs(values.a[1] - 8) < 1e-4, `${values.a}`);
  });

  Deno.test(`clipGradients() does not hide a gradient that is no number, on ${backend}`, async () => {
    await openTensors({ require: backend });
    for (const bad of [NaN, Infinity, -Infinity]) {
      assert.ok(!Number.isFinite(clip({ a: [1, bad], b: [2] }, 1).norm), `${bad}`);
    }
  });
}

Deno.test("clipGradients() refuses a norm that is not above 0", () => {
  assert.throws(() => clipGradients({}, 0), /clipNorm must be above 0, found 0/);
  assert.throws(() => clipGradients({}, NaN), RangeError);
});
