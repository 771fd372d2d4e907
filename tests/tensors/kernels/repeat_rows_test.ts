import assert from "node:assert/strict";
import { openTensors } from "../../../src/tensors/open_tensors.ts";
import { assertSameOnBackends, normals } from "../_on_backends.ts";

Deno.test("tiles on wasm equal those on cpu, along axes of size 1 and along others", async () => {
  const choices: [number[], number[]][] = [
    [[1, 1, 1, 5], [2, 3, 4, 1]],
    [[3, 1, 1, 5], [1, 3, 7, 1]],
    [[1, 4], [6, 1]],
    [[3, 1], [1, 5]],
    [[1], [9]],
    [[1, 1], [3, 5]],
    [[2, 1, 3], [1, 4, 1]],
    [[2, 3], [2, 2]],
    [[1, 3], [2, 2]],
    [[1, 2, 1], [2, 1, 3]],
    [[1, 3], [1, 1]],
  ];
  for (const [shape, reps] of choices) {
    await assertSameOnBackends(`${shape} times ${reps}`, (tf) => {
      return [tf.tile(tf.tensor(normals(shape, "x"), shape), reps)];
    });
  }
});

Deno.test("tiles of nothing, of none, and of integers are left to the backend", async () => {
  const { tf } = await openTensors({ require: "wasm" });
  assert.deepEqual(tf.tile(tf.zeros([1, 0]), [3, 1]).shape, [3, 0]);
  assert.deepEqual(tf.tile(tf.ones([1, 2]), [0, 1]).shape, [0, 2]);
  const whole = tf.tile(tf.tensor2d([[1, 2]], [1, 2], "int32"), [2, 1]);
  assert.equal(whole.dtype, "int32");
  assert.deepEqual([...whole.dataSync()], [1, 2, 1, 2]);
});

Deno.test("gradients of sums and means over any axes are what TensorFlow.js says of them", async () => {
  const shape = [3, 4, 5, 2];
  for (const axes of [undefined, [0], [0, 1, 2], [1, 2], [-2], [3], [0, 3]]) {
    await assertSameOnBackends(`axes ${axes}`, (tf) => {
      const x = tf.tensor(normals(shape, "x"), shape);
      return (["sum", "mean"] as const).map((name) =>
        tf.grad((y) => tf[name](y, axes).square().sum())(x)
      );
    });
  }
  const { tf } = await openTensors({ require: "wasm" });
  const slope = tf.grad((y) => tf.mean(y, 0).square().sum())(tf.tensor2d([[1, 2], [3, 4]]));
  // d/dx of ((x1 + x2) / 2)² is the mean itself.
  assert.deepEqual([...slope.dataSync()], [2, 3, 2, 3]);
});
