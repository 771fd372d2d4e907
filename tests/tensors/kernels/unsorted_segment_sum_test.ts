import assert from "node:assert/strict";
import { assertClose, assertSameOnBackends, normals, valuesOn } from "../_on_backends.ts";

Deno.test("UnsortedSegmentSum on wasm equals cpu", async () => {
  for (const shape of [[6], [6, 3], [6, 2, 4]]) {
    await assertSameOnBackends(`${shape}`, (tf) => [
      tf.unsortedSegmentSum(
        tf.tensor(normals(shape, "x"), shape),
        tf.tensor1d([2, 0, 2, 4, 2, 0], "int32"),
        5,
      ),
    ]);
  }
});

Deno.test("UnsortedSegmentSum drops ids outside and keeps integers exact", async () => {
  const [found] = await valuesOn("wasm", (tf) => [
    tf.unsortedSegmentSum(
      tf.tensor1d([1, 2, 4, 8], "int32"),
      tf.tensor1d([-1, 1, 3, 1], "int32"),
      3,
    ),
  ]);
  assert.deepEqual([...found], [0, 10, 0]);
});

Deno.test("the gradient of gather() equals finite differences", async () => {
  const table = normals([4, 3], "table");
  const rows = [3, 1, 3, 0];
  const weights = normals([4, 3], "g");
  const [found] = await valuesOn("wasm", (tf) => [
    tf.grad((t) =>
      tf.gather(t, tf.tensor1d(rows, "int32")).mul(tf.tensor2d(weights, [4, 3])).sum()
    )(
      tf.tensor2d(table, [4, 3]),
    ),
  ]);
  const loss = (values: Float32Array) =>
    rows.reduce(
      (sum, row, i) =>
        sum + [0, 1, 2].reduce((s, c) => s + values[row * 3 + c] * weights[i * 3 + c], 0),
      0,
    );
  const wanted = Array.from(table, (_, i) => {
    const moved = table.map((value, at) => at === i ? value + 1 : value);
    return loss(moved) - loss(table);
  });
  assertClose(found, wanted, "dtable");
});
