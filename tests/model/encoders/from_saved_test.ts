import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SavedEncoder } from "../../../src/model/encoders/encoder.ts";
import { loadEncoder } from "../../../src/model/encoders/load_encoder.ts";
import { saveHybridModel } from "../../../src/model/hybrid_files.ts";
import { type HybridModel, hybridModel } from "../../../src/model/hybrid_model.ts";
import { openTensors } from "../../../src/tensors/open_tensors.ts";
import { runLayers } from "../../../src/tensors/run_layers.ts";
import {
  type LayersModel,
  type Scalar,
  type SymbolicTensor,
  type Tensor,
  tfjs,
  type Variable,
} from "../../../src/tensors/tf.ts";
import { noiseImages, smallModel } from "../_small.ts";

const SIDE = 12;
const CLASSES = ["a", "b"];

/** A hybrid with a saved encoder. */
function hybrid(
  model: LayersModel,
  options: Partial<SavedEncoder> & { readonly imageSize?: number } = {},
): HybridModel {
  const { imageSize, ...more } = options;
  const encoder = { name: "from_saved", model, ...more } as const;
  return hybridModel({ classes: CLASSES, imageSize, encoder, normalization: "unit" });
}

/** Asserts that a layer of the copy answers as one of the original. */
function assertSame(
  copy: HybridModel,
  original: LayersModel,
  [layer, of]: readonly [string, string],
): void {
  const tf = tfjs();
  const answer = (model: LayersModel, name: string) =>
    tf.tidy(() => {
      const x = tf.tensor4d(noiseImages(2, SIDE), [2, SIDE, SIDE, 3]);
      return Array.from(runLayers(model, x, { outputs: [name] }).outputs[0].dataSync());
    });
  const found = answer(copy.network, layer);
  assert.deepEqual(found, answer(original, of));
  assert.ok(new Set(found).size > 2, "the answers are not all the same");
}

function encoderLayers({ network }: HybridModel): string[] {
  return network.layers.map(({ name }) => name).filter((name) => name.startsWith("encoder"));
}

/** Convolution, dropout, Flatten, two dense layers and a softmax of its own. */
async function flattenHead(): Promise<LayersModel> {
  const { tf } = await openTensors({ require: "wasm" });
  return tf.sequential({
    layers: [
      tf.layers.conv2d({ filters: 3, kernelSize: 3, name: "conv", inputShape: [SIDE, SIDE, 3] }),
      tf.layers.batchNormalization({ name: "bn" }),
      tf.layers.maxPooling2d({ poolSize: 2, name: "pool" }),
      tf.layers.dropout({ rate: 0.5, name: "drop" }),
      tf.layers.flatten({ name: "flat" }),
      tf.layers.dense({ units: 9, activation: "relu", name: "hidden" }),
      tf.layers.dense({ units: 4, name: "logits" }),
      tf.layers.softmax({ name: "softmax" }),
    ],
  });
}

/** A residual block, a depthwise convolution, and one convolution used twice. */
async function branching(): Promise<LayersModel> {
  const { tf } = await openTensors({ require: "wasm" });
  const { layers } = tf;
  const image = tf.input({ shape: [SIDE, SIDE, 3], name: "photo" });
  const at = (layer: { apply(x: unknown): unknown }, x: unknown) =>
    layer.apply(x) as SymbolicTensor;
  const stem = at(layers.depthwiseConv2d({ kernelSize: 3, padding: "same", name: "deep" }), image);
  const shared = layers.conv2d({ filters: 3, kernelSize: 3, padding: "same", name: "shared" });
  const once = at(layers.reLU({ name: "relu" }), at(shared, stem));
  const twice = at(shared, once);
  const sum = at(layers.add({ name: "sum" }), [twice, stem]);
  const mean = at(layers.globalAveragePooling2d({ name: "gap", dataFormat: "channelsLast" }), sum);
  const outputs = at(layers.dense({ units: 2, name: "end" }), mean);
  return tf.model({ inputs: image, outputs });
}

/** A base model and a head model inside another one. */
async function nested(): Promise<LayersModel> {
  const { tf } = await openTensors({ require: "wasm" });
  const base = tf.sequential({
    name: "base",
    layers: [
      tf.layers.conv2d({ filters: 4, kernelSize: 3, name: "conv", inputShape: [SIDE, SIDE, 3] }),
      tf.layers.reLU({ name: "relu" }),
    ],
  });
  const head = tf.sequential({
    name: "head",
    layers: [
      tf.layers.globalMaxPooling2d({
        name: "conv", // the same name inside another model
        inputShape: [10, 10, 4],
        dataFormat: "channelsLast",
      }),
      tf.layers.dense({ units: 3, name: "end" }),
    ],
  });
  const image = tf.input({ shape: [SIDE, SIDE, 3] });
  const outputs = head.apply(base.apply(image)) as SymbolicTensor;
  return tf.model({ inputs: image, outputs, name: "outer" });
}

Deno.test("from_saved: is cut before the last dense layer, weights kept", async () => {
  const model = await flattenHead();
  const made = hybrid(model);
  assert.deepEqual(encoderLayers(made), [
    "encoder_normalize",
    ...["conv", "bn", "pool", "drop", "flat", "hidden", "dropout"].map((x) => `encoder_${x}`),
  ]);
  assert.deepEqual([made.imageSize, made.cam], [SIDE, { layer: "encoder_drop", kind: "map" }]);
  assertSame(made, model, ["encoder_hidden", "hidden"]);
});

Deno.test("from_saved: takes branches, and a layer used twice as one", async () => {
  const model = await branching();
  const made = hybrid(model);
  assertSame(made, model, ["encoder_gap", "gap"]);
  assert.equal(encoderLayers(made).filter((name) => name.includes("shared")).length, 1);
  assert.equal(made.cam?.layer, "encoder_sum");
});

Deno.test("from_saved: lays nested models flat, with their names before the layers'", async () => {
  const model = await nested();
  const made = hybrid(model);
  assert.deepEqual(encoderLayers(made).slice(1, -1), [
    "encoder_base_conv",
    "encoder_base_relu",
    "encoder_head_conv",
  ]);
  assertSame(made, model, ["encoder_head_conv", "head/conv"]);
  assert.equal(made.cam?.layer, "encoder_base_relu");
  const inner = hybrid(model, { cut: "base/relu" });
  assertSame(inner, model, ["encoder_base_relu", "base/relu"]);
  assert.deepEqual(inner.network.getLayer("encoder_features").outputShape, [null, 4]);
  const whole = hybrid(model, { cut: "base" });
  assertSame(whole, model, ["encoder_base_relu", "base/relu"]);
});

Deno.test("from_saved: takes a sequential model that begins with a model", async () => {
  const { tf } = await openTensors({ require: "wasm" });
  const base = tf.sequential({
    name: "base",
    layers: [
      tf.layers.conv2d({ filters: 4, kernelSize: 3, inputShape: [SIDE, SIDE, 3], name: "c" }),
    ],
  });
  const model = tf.sequential({
    layers: [base, tf.layers.flatten({ name: "flat" }), tf.layers.dense({ units: 2 })],
  });
  const made = hybrid(model, { cam: { layer: "base/c", kind: "map" } });
  assertSame(made, model, ["encoder_flat", "flat"]);
  assert.equal(made.cam?.layer, "encoder_c");
  const cut = "base/c";
  assert.throws(
    () => hybrid(model, { cut, cam: { layer: "flat", kind: "map" } }),
    /"flat" does not come before the cut; choose one of c/,
  );
});

Deno.test("from_saved: never has two layers of one name", async () => {
  const { tf } = await openTensors({ require: "wasm" });
  const name = ["dropout", "encoder_normalize"];
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ filters: 3, kernelSize: 3, inputShape: [SIDE, SIDE, 3], name: name[0] }),
      tf.layers.conv2d({ filters: 3, kernelSize: 3, name: name[1] }),
      tf.layers.dense({ units: 2, name: "end" }),
    ],
  });
  const made = hybrid(model);
  assert.deepEqual(encoderLayers(made).slice(1, 3), ["encoder_dropout_2", "encoder_normalize_2"]);
  assertSame(made, model, ["encoder_normalize_2", "encoder_normalize"]);
});

Deno.test("from_saved: training leaves the model itself as it was, and masks follow from a key", async () => {
  const model = await flattenHead();
  const tf = tfjs();
  const bytes = (of: LayersModel) =>
    of.layers.filter((layer) => /conv|bn|hidden/.test(layer.name))
      .flatMap((layer) => layer.getWeights().flatMap((x) => Array.from(x.dataSync())));
  const before = bytes(model);
  const { network } = hybrid(model);
  const x = tf.tensor4d(noiseImages(2, SIDE), [2, SIDE, SIDE, 3]);
  const variables = ["encoder_conv", "encoder_hidden"].flatMap((name) =>
    network.getLayer(name).trainableWeights.map((weight) => weight.read() as Variable)
  );
  const first = Array.from(variables[0].dataSync());
  tf.train.sgd(0.1).minimize(
    () => {
      const run = runLayers(network, x, { outputs: ["classical_a"], training: true });
      return run.outputs[0].square().mean() as Scalar;
    },
    false,
    variables,
  );
  assert.notDeepEqual(Array.from(variables[0].dataSync()), first);
  assert.deepEqual(bytes(model), before);
  assert.equal(network.getLayer("encoder_drop").getClassName(), "SeededDropout");
});

Deno.test("from_saved: may be cut and looked at where the user says, tokens included", async () => {
  const { tf } = await openTensors({ require: "wasm" });
  const patches = { filters: 6, kernelSize: 4, strides: 4, inputShape: [SIDE, SIDE, 3] };
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ ...patches, name: "patches" }),
      tf.layers.reshape({ targetShape: [9, 6], name: "tokens" }),
      tf.layers.dense({ units: 5, name: "mix" }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 2 }),
    ],
  });
  const tokens = { layer: "mix", kind: "tokens", classToken: false, grid: [3, 3] } as const;
  const made = hybrid(model, { cut: "mix", cam: tokens });
  assert.deepEqual(made.cam, { ...tokens, layer: "encoder_mix" });
  assert.deepEqual(made.network.getLayer("encoder_features").outputShape, [null, 5]);
  const refused = (cam: SavedEncoder["cam"], message: RegExp) =>
    assert.throws(() => hybrid(model, { cut: "mix", cam }), message);
  refused({ ...tokens, layer: "mixx" }, /unknown layer "mixx".*"mix"/);
  refused({ ...tokens, classToken: true }, /"mix" is \[any, 9, 5\], which is no .*one more/);
  refused({ layer: "mix", kind: "map" }, /a map has 4 axes/);
  refused({ ...tokens, layer: "patches" }, /"patches" is \[any, 3, 3, 6\]/);
});

Deno.test("from_saved: without positions there is nothing for Grad-CAM to look at", async () => {
  const { tf } = await openTensors({ require: "wasm" });
  const model = tf.sequential({
    layers: [
      tf.layers.flatten({ inputShape: [SIDE, SIDE, 3] }),
      tf.layers.dense({ units: 4 }),
      tf.layers.dense({ units: 2 }),
    ],
  });
  assert.equal(hybrid(model).cam, null);
});

Deno.test("from_saved: takes the size from the option where the model takes any", async () => {
  const { tf } = await openTensors({ require: "wasm" });
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ filters: 3, kernelSize: 3, inputShape: [null, null, 3] as never }),
      tf.layers.globalAveragePooling2d({ dataFormat: "channelsLast" }),
      tf.layers.dense({ units: 2 }),
    ],
  });
  assert.equal(hybrid(model, { imageSize: 20 }).imageSize, 20);
  assert.throws(() => hybrid(model), /images of any size; choose one with imageSize/);
  const fixed = await flattenHead();
  assert.throws(
    () => hybrid(fixed, { imageSize: 20 }),
    /takes images of 12x12, found imageSize 20; leave imageSize out/,
  );
});

Deno.test("from_saved: says what is wrong with a model or its cut", async () => {
  const model = await flattenHead();
  const tf = tfjs();
  const refused = (run: () => unknown, message: RegExp) => assert.throws(run, message);
  refused(
    () => hybrid(model, { cut: "hiden" }),
    /cut: unknown layer "hiden". Did you mean "hidden"/,
  );
  refused(() => hybrid("folder" as never), /must be a tf.layers model, found string.*loadEncoder/);
  refused(() => hybrid(undefined as never), /found undefined/);
  const encoder = { name: "from_saved", model } as const;
  refused(() => hybridModel({ classes: CLASSES, encoder }), /found no normalization.*"unit"/);
  refused(() => hybrid(model, { folder: "x" } as never), /unknown option "folder"/);
  const grey = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [8, 8, 1] })] });
  refused(() => hybrid(grey), /takes \[any, 8, 8, 1\], wanted \[any, side, side, 3\]/);
  const wide = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [8, 9, 3] })] });
  refused(() => hybrid(wide), /takes \[any, 8, 9, 3\]/);
  const [one, two] = [0, 1].map(() => tf.input({ shape: [8, 8, 3] }));
  const sum = tf.layers.add().apply([one, two]) as SymbolicTensor;
  const pair = tf.model({ inputs: [one, two], outputs: sum });
  refused(() => hybrid(pair), /has 2 inputs \(input.*\), wanted one that takes images/);
  const bare = tf.sequential({
    layers: [
      tf.layers.conv2d({ filters: 2, kernelSize: 3, inputShape: [8, 8, 3], name: "last" }),
      tf.layers.globalAveragePooling2d({ name: "gap", dataFormat: "channelsLast" }),
    ],
  });
  refused(() => hybrid(bare), /found no dense layer at the end.*only gap, last.*cut: "last"/);
});

Deno.test("loadEncoder() reads a hybrid model, whose encoder goes on in another", async () => {
  const saved = await smallModel(4);
  const folder = await mkdtemp(join(tmpdir(), "qsight-encoder-"));
  try {
    await saveHybridModel(saved, folder);
    const encoder = await loadEncoder(folder);
    const made = hybridModel({ classes: CLASSES, encoder, normalization: "unit" });
    assertSame(made, saved.network, ["encoder_features_2", "encoder_features"]);
    assert.deepEqual(made.cam, { layer: "encoder_relu2", kind: "map" });
    await assert.rejects(() => loadEncoder(folder, { cutt: "x" } as never), /"cutt".*"cut"/);
    await assert.rejects(() => loadEncoder(join(folder, "none")), /none/);
  } finally {
    await rm(folder, { recursive: true });
  }
});

Deno.test("from_saved: leaves no tensors but its weights", async () => {
  const model = await flattenHead();
  const tf = tfjs();
  hybrid(model).network.dispose();
  const before = tf.memory().numTensors;
  hybrid(model).network.dispose();
  assert.equal(tf.memory().numTensors, before);
  assert.ok((model.predict(tf.ones([1, SIDE, SIDE, 3])) as Tensor).dataSync().length === 4);
});
