import assert from "node:assert/strict";
import { missingProgram, testOrSkip } from "../_tools/test_or_skip.ts";
import { runBundledInNode, runScript } from "./_run_script.ts";

/** Five SGD steps of a small network with fixed weights; prints the losses. */
const TRAINING = `
  import { mkdtemp, rm } from "node:fs/promises";
  import { tmpdir } from "node:os";
  import { join } from "node:path";
  import process from "node:process";
  import { loadModel, openTensors, saveModel } from "SRC/mod.ts";

  const { tf, report } = await openTensors({ require: "wasm" });
  const numbers = (shape, seed, scale = 1) => tf.tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) },
      (_, i) => scale * Math.fround(((i + 1) * 7919 + seed * 104729) % 1009 / 504.5 - 1)), shape);
  const model = tf.sequential({ layers: [
    tf.layers.conv2d({ inputShape: [8, 8, 3], filters: 6, kernelSize: 3, padding: "same" }),
    tf.layers.batchNormalization(),
    tf.layers.reLU(),
    tf.layers.maxPooling2d({ poolSize: 2 }),
    tf.layers.flatten(),
    tf.layers.dense({ units: 3 }),
  ] });
  const bn = model.layers[1].getWeights().map((weight) => weight.clone());
  model.setWeights(model.getWeights().map((weight, i) => numbers(weight.shape, i, 0.2)));
  model.layers[1].setWeights(bn);
  const x = numbers([12, 8, 8, 3], 99);
  const labels = tf.oneHot(tf.tensor1d(Array.from({ length: 12 }, (_, i) => i % 3), "int32"), 3);
  const optimizer = tf.train.sgd(0.1);
  const losses = [];
  for (let step = 0; step < 5; step++) {
    const loss = optimizer.minimize(() =>
      tf.losses.softmaxCrossEntropy(labels, model.apply(x, { training: true })), true);
    losses.push(loss.dataSync()[0]);
    loss.dispose();
  }
  const folder = await mkdtemp(join(tmpdir(), "qsight-node-"));
  await saveModel(model, folder);
  const loaded = await loadModel(folder);
  const drift = tf.tidy(() => loaded.predict(x).sub(model.predict(x)).abs().max().dataSync()[0]);
  await rm(folder, { recursive: true });
  const runtime = Object.keys(report.versions).find((name) => name === "deno" || name === "node");
  const listeners = process.listeners("unhandledRejection").length;
  console.log(JSON.stringify({ losses, drift, runtime, listeners }));
`;

testOrSkip("the tensors room trains in Node as in Deno", missingProgram("node"), async () => {
  const inDeno = await runScript(TRAINING);
  const inNode = await runBundledInNode(TRAINING);
  assert.equal(inDeno.stderr, "");
  assert.equal(inNode.stderr, "");
  const [deno, node] = [JSON.parse(inDeno.stdout), JSON.parse(inNode.stdout)];
  assert.deepEqual([deno.runtime, node.runtime], ["deno", "node"]);
  assert.deepEqual([deno.drift, node.drift], [0, 0]);
  assert.deepEqual([deno.listeners, node.listeners], [0, 0]);
  assert.ok(deno.losses[4] < deno.losses[0], `no learning: ${deno.losses}`);
  deno.losses.forEach((loss: number, step: number) => {
    assert.ok(Math.abs(node.losses[step] - loss) < 1e-5, `${node.losses} in Node, ${deno.losses}`);
  });
});
