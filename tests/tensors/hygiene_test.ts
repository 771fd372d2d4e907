import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type LayersModel,
  loadModel,
  openTensors,
  saveModel,
  type Tensor,
  type Tf,
} from "../../src/tensors/mod.ts";
import { missingProgram, testOrSkip } from "../_tools/test_or_skip.ts";
import { normals } from "./_on_backends.ts";
import { runBundledInNode } from "./_run_script.ts";

function smallModel(tf: Tf): LayersModel {
  return tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [8, 8, 3], filters: 4, kernelSize: 3, padding: "same" }),
      tf.layers.batchNormalization(),
      tf.layers.reLU(),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.depthwiseConv2d({ kernelSize: 3, padding: "same" }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 3 }),
    ],
  });
}

/** Tensors and buffers that `times` repetitions leave behind, after a first one has set up. */
async function leftBy(tf: Tf, times: number, work: () => unknown): Promise<number[]> {
  await work();
  const before = tf.memory();
  for (let i = 0; i < times; i++) await work();
  const after = tf.memory();
  return [after.numTensors - before.numTensors, after.numDataBuffers - before.numDataBuffers];
}

Deno.test("training steps, predictions, saves and loads leave no tensors on wasm", async () => {
  const { tf } = await openTensors({ require: "wasm" });
  const model = smallModel(tf);
  const optimizer = tf.train.adam(1e-3);
  const x = tf.tensor4d(normals([4, 8, 8, 3], "x"), [4, 8, 8, 3]);
  const labels = tf.tidy(() => tf.oneHot(tf.tensor1d([0, 2, 1, 2], "int32"), 3));
  const folder = await mkdtemp(join(tmpdir(), "qsight-hygiene-"));
  try {
    const step = () =>
      optimizer.minimize(() =>
        tf.losses.softmaxCrossEntropy(labels, model.apply(x, { training: true }) as Tensor)
          .asScalar()
      );
    const predict = () => tf.dispose(model.predict(x));
    const load = async () => (await loadModel(folder)).dispose();
    assert.deepEqual(await leftBy(tf, 100, step), [0, 0], "100 training steps");
    assert.deepEqual(await leftBy(tf, 100, predict), [0, 0], "100 predictions");
    assert.deepEqual(await leftBy(tf, 20, () => saveModel(model, folder)), [0, 0], "20 saves");
    assert.deepEqual(await leftBy(tf, 5, load), [0, 0], "5 loads");
    const leak = () => model.apply(x);
    assert.ok((await leftBy(tf, 3, leak))[0] > 0, "a leak would be seen");
  } finally {
    await rm(folder, { recursive: true });
    tf.dispose([x, labels]);
    optimizer.dispose();
    model.dispose();
  }
});

/** A kernel in Node listens for rejections that nobody handles, as tslab does. */
const UNHANDLED = (open: string) => `
  import process from "node:process";
  const seen = [];
  process.on("unhandledRejection", (reason) => seen.push(reason.message));
  ${open}
  Promise.reject(new Error("of a cell"));
  await new Promise((resolve) => setTimeout(resolve, 50));
  console.log("alive " + seen.join());
`;

testOrSkip(
  "an unhandled rejection in Node does not end the process after wasm was opened",
  missingProgram("node"),
  async () => {
    const ours = await runBundledInNode(UNHANDLED(`
      const { openTensors } = await import("SRC/mod.ts");
      await openTensors({ require: "wasm" });
    `));
    assert.equal(ours.stdout.trim(), "alive of a cell", ours.stderr);
    const bare = await runBundledInNode(UNHANDLED(`
      const { default: tf } = await import("@tensorflow/tfjs");
      await import("@tensorflow/tfjs-backend-wasm");
      await tf.setBackend("wasm");
    `));
    assert.equal(bare.status, "failed", "as shipped it ends");
    assert.ok(!bare.stdout.includes("alive"));
  },
);
