import assert from "node:assert/strict";
import { openTensors } from "../../src/tensors/open_tensors.ts";
import type { Scalar, Tensor2D } from "../../src/tensors/tf.ts";
import { type LossName, lossNamed, meanLoss } from "../../src/training/losses.ts";
import { softmaxRows } from "../../src/training/softmax_rows.ts";

const LOGITS = Float32Array.of(2, 0.5, -1, 0, 0, 3, -2, 1, 1);
const LABELS = [0, 2, 1];

for (
  const [name, labelSmoothing] of [["cross_entropy", 0], ["cross_entropy", 0.1], [
    "squared_emd",
    0,
  ]] as const
) {
  Deno.test(`${name} (smoothing ${labelSmoothing}) is the same on tensors and on plain numbers`, async () => {
    const { tf } = await openTensors({ prefer: "wasm" });
    const loss = lossNamed(name, { labelSmoothing });
    const oneHot = tf.oneHot(tf.tensor1d(LABELS, "int32"), 3).cast("float32") as Tensor2D;
    const onTensors = loss(tf.tensor2d(LOGITS, [3, 3]), oneHot).dataSync()[0];
    const probabilities = softmaxRows(LOGITS, 3);
    const plain = meanLoss(name, LABELS, { probabilities, classes: 3, labelSmoothing });
    assert.ok(Math.abs(onTensors - plain) < 1e-6, `${onTensors} and ${plain}`);
  });
}

Deno.test("losses of hand-made probabilities", () => {
  const probabilities = [0.5, 0.25, 0.25];
  const value = (name: LossName, label: number) =>
    meanLoss(name, [label], { probabilities, classes: 3 });
  assert.equal(value("cross_entropy", 0), Math.log(2));
  // Cumulative 0.5, 0.75, 1 against 1, 1, 1 and against 0, 0, 1.
  assert.equal(value("squared_emd", 0), 0.25 + 0.0625);
  assert.equal(value("squared_emd", 2), 0.25 + 0.5625);
});

Deno.test("squared_emd knows the order of grades: a farther miss costs more", () => {
  const at = (guess: number) =>
    meanLoss("squared_emd", [0], {
      probabilities: [0, 1, 2, 3].map((c) => c === guess ? 1 : 0),
      classes: 4,
    });
  assert.deepEqual([at(0), at(1), at(2), at(3)], [0, 1, 2, 3]);
});

Deno.test("squared_emd has a gradient that points from the wrong grade to the right one", async () => {
  const { tf } = await openTensors({ prefer: "wasm" });
  const oneHot = tf.tensor2d([[1, 0, 0]]);
  const gradient = tf.grad((x) => lossNamed("squared_emd")(x as Tensor2D, oneHot) as Scalar);
  const [right, , wrong] = gradient(tf.tensor2d([[0, 0, 1]])).dataSync();
  assert.ok(right < 0 && wrong > 0);
});
