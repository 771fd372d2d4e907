import assert from "node:assert/strict";
import { ordinalLogits } from "../../src/model/ordinal_logits.ts";
import { openTensors } from "../../src/tensors/open_tensors.ts";
import { tfjs } from "../../src/tensors/tf.ts";

Deno.test("ordinalLogits() is the chain rule of the tasks, on each backend", async () => {
  for (const backend of ["cpu", "wasm"] as const) {
    await openTensors({ require: backend });
    const tf = tfjs();
    // Passing: 1/2, then 1/4, then 3/4.
    const logits = ordinalLogits(tf.tensor2d([[0, -Math.log(3), Math.log(3)]]));
    const found = tf.softmax(logits).dataSync();
    [1 / 2, 3 / 8, 1 / 32, 3 / 32].forEach((wanted, c) =>
      assert.ok(Math.abs(found[c] - wanted) < 1e-6, `${backend}, grade ${c}: ${found[c]}`)
    );
    assert.ok(Math.abs(logits.exp().sum().dataSync()[0] - 1) < 1e-6);
  }
});

Deno.test("ordinalLogits() stays finite for extreme tasks, each row for itself", async () => {
  await openTensors({ require: "wasm" });
  const logits = ordinalLogits(tfjs().tensor2d([[1e4, -1e4], [-1e30, 1e30], [0, 0]]));
  assert.deepEqual(logits.shape, [3, 3]);
  assert.ok(logits.dataSync().every(Number.isFinite), `${logits.dataSync()}`);
  const best = Array.from(tfjs().argMax(logits, 1).dataSync());
  assert.deepEqual(best.slice(0, 2), [1, 0]);
});
