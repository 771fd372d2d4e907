import assert from "node:assert/strict";
import { runScript } from "../_run_script.ts";

/** A process of its own, since a heap never shrinks. Prints its bytes after three steps. */
const TRAINING = `
  import { openTensors } from "SRC/mod.ts";
  import { runLayers } from "SRC/run_layers.ts";
  const { tf } = await openTensors({ require: "wasm" });
  const layers = [16, 32, 64].flatMap((filters, i) => [
    tf.layers.conv2d({ filters, kernelSize: 3, padding: "same", useBias: false,
      ...(i === 0 ? { inputShape: [64, 64, 3] } : {}) }),
    tf.layers.batchNormalization(),
    tf.layers.reLU(),
    tf.layers.maxPooling2d({ poolSize: 2 }),
  ]);
  const model = tf.sequential({ layers: [
    ...layers, tf.layers.globalAveragePooling2d({}), tf.layers.dense({ units: 5 }) ] });
  const x = tf.randomNormal([32, 64, 64, 3], 0, 1, "float32", 1);
  const labels = tf.oneHot(tf.tensor1d(Array.from({ length: 32 }, (_, i) => i % 5), "int32"), 5);
  const optimizer = tf.train.adam(1e-3);
  const training = { training: true };
  for (let step = 0; step < 3; step++) {
    optimizer.minimize(() => {
      const logits = FUSED ? runLayers(model, x, training).outputs[0] : model.apply(x, training);
      return tf.losses.softmaxCrossEntropy(labels, logits);
    });
  }
  console.log(tf.backend().wasm.HEAPU8.length);
`;

async function heapBytes(fused: boolean): Promise<number> {
  const { status, stdout, stderr } = await runScript(TRAINING.replace("FUSED", String(fused)));
  assert.equal(status, "ok", stderr);
  return Number(stdout);
}

Deno.test("training at 64x64, batch 32, takes less than 100 MB of the wasm heap, fused less than 40", async () => {
  const [plain, fused] = [await heapBytes(false), await heapBytes(true)];
  assert.ok(plain > 16 * 2 ** 20 && plain < 100e6, `plain layers: ${plain} bytes`);
  assert.ok(fused > 16 * 2 ** 20 && fused < 40e6, `fused: ${fused} bytes`);
});
