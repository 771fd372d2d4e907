import assert from "node:assert/strict";
import { openTensors } from "../../../src/tensors/open_tensors.ts";

Deno.test("copies of a tensor on wasm share its numbers until the last is disposed", async () => {
  const { tf } = await openTensors({ require: "wasm" });
  const before = tf.memory().numDataBuffers;
  const x = tf.tensor1d([1, -2, 3]);
  const copies = [x.clone(), tf.cast(x, "float32"), tf.cast(x, x.dtype)];
  assert.equal(tf.memory().numDataBuffers, before + 1);
  x.dispose();
  copies[0].dispose();
  assert.deepEqual(Array.from(copies[1].dataSync()), [1, -2, 3]);
  assert.throws(() => x.dataSync(), /disposed/);
  copies[1].dispose();
  copies[2].dispose();
  assert.equal(tf.memory().numDataBuffers, before);
});

Deno.test("casts to another type on wasm are new numbers", async () => {
  const { tf } = await openTensors({ require: "wasm" });
  const [whole, back] = tf.tidy(() => {
    const cast = tf.cast(tf.tensor1d([1.5, -2.5]), "int32");
    return [cast.dataSync(), tf.cast(cast, "float32").dataSync()];
  });
  assert.deepEqual(Array.from(whole), [1, -2]);
  assert.deepEqual(Array.from(back), [1, -2]);
});

Deno.test("what was taken of a variable on wasm stays when the variable is assigned", async () => {
  const { tf } = await openTensors({ require: "wasm" });
  const variable = tf.variable(tf.tensor1d([1, 2]));
  const taken = variable.clone();
  variable.assign(tf.tensor1d([3, 4]));
  assert.deepEqual(Array.from(taken.dataSync()), [1, 2]);
  tf.dispose([taken, variable]);
});
