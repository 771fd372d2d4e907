import assert from "node:assert/strict";
import { assertClose, assertSameOnBackends, normals, valuesOn } from "../_on_backends.ts";

Deno.test("Sum and Mean on wasm equal cpu over any axes", async () => {
  const shape = [3, 4, 5, 2];
  const choices = [undefined, [0], [0, 1, 2], [1, 2], [2, 1], [-2], [3], [0, 3], [0, 2], [
    0,
    1,
    2,
    3,
  ]];
  for (const axes of choices) {
    for (const keepDims of [false, true]) {
      await assertSameOnBackends(`axes ${axes} ${keepDims}`, (tf) => {
        const x = tf.tensor(normals(shape, "x"), shape);
        const results = [tf.sum(x, axes, keepDims), tf.mean(x, axes, keepDims)];
        return [...results, ...results.map((result) => tf.tensor1d(result.shape))];
      });
    }
  }
});

Deno.test("Sum and Mean on wasm leave integers to the backend", async () => {
  await assertSameOnBackends("int32", (tf) => {
    const x = tf.tensor2d([1, 2, 3, 4, 5, 7], [3, 2], "int32");
    const sum = tf.sum(x, 0);
    assert.equal(sum.dtype, "int32");
    return [sum, tf.mean(x, 0), tf.sum(tf.zeros([0, 2]), 0)];
  });
});

Deno.test("Sum over a large batch keeps its digits", async () => {
  const [found] = await valuesOn("wasm", (tf) => [tf.sum(tf.fill([200_000, 3], 0.1), 0)]);
  assertClose(found, [20000, 20000, 20000], "0.1 added 200 000 times", 1e-6);
});
