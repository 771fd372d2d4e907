import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { loadGraphModel } from "../../../src/tensors/files/load_graph_model.ts";
import { loadModel } from "../../../src/tensors/files/load_model.ts";
import { saveModel } from "../../../src/tensors/files/save_model.ts";
import { openTensors } from "../../../src/tensors/open_tensors.ts";
import type { LayersModel, Tensor, Tf } from "../../../src/tensors/tf.ts";
import { missingProgram, testOrSkip } from "../../_tools/test_or_skip.ts";
import { normals } from "../_on_backends.ts";
import { runBundledInNode, runScript } from "../_run_script.ts";
import { inFolder } from "./_in_folder.ts";

/** 412 bytes of weights. */
function smallModel(tf: Tf, units = 3): LayersModel {
  return tf.sequential({
    layers: [
      tf.layers.dense({ inputShape: [24], units, name: "hidden" }),
      tf.layers.dense({ units: 7, name: "head" }),
    ],
  });
}

function outputs(tf: Tf, model: { predict(x: Tensor): unknown }): Float32Array {
  return tf.tidy(() => {
    const x = tf.tensor(normals([2, 24], "x"), [2, 24]);
    return (model.predict(x) as Tensor).dataSync() as Float32Array;
  });
}

Deno.test("saveModel() cuts weights into shards, and tfjs itself reads them", async () => {
  const { tf } = await openTensors({ require: "wasm" });
  const model = smallModel(tf);
  await inFolder(async (folder) => {
    await saveModel(model, folder, { shardBytes: 150 });
    const shards = ["group1-shard1of3.bin", "group1-shard2of3.bin", "group1-shard3of3.bin"];
    assert.deepEqual((await readdir(folder)).sort(), [...shards, "model.json"]);
    const sizes = await Promise.all(shards.map((name) => readFile(join(folder, name))));
    assert.deepEqual(sizes.map(({ length }) => length), [150, 150, 112]);
    const loaded = await loadModel(folder);
    assert.deepEqual(outputs(tf, loaded), outputs(tf, model));
    const url = new URL(`file://${join(folder, "model.json")}`).href;
    const plain = await tf.loadLayersModel(url);
    assert.deepEqual(outputs(tf, plain), outputs(tf, model));
    [loaded, plain].forEach((one) => one.dispose());
    // What fits into one file is one, however it is asked for.
    for (const shardBytes of [412, Infinity, undefined]) {
      await saveModel(model, folder, { shardBytes });
      assert.deepEqual((await readdir(folder)).sort(), ["model.json", "weights.bin"]);
    }
    for (const shardBytes of [0, 1.5, NaN, -1]) {
      await assert.rejects(
        saveModel(model, folder, { shardBytes }),
        /shardBytes is .*wanted a whole number/,
      );
    }
    await assert.rejects(
      saveModel(model, folder, { shards: 3 } as never),
      /unknown option "shards"/,
    );
  });
  model.dispose();
});

Deno.test("saveModel() keeps metadata and leaves out the optimizer", async () => {
  const { tf } = await openTensors({ require: "wasm" });
  const model = smallModel(tf);
  model.compile({ optimizer: "adam", loss: "meanSquaredError" });
  model.setUserDefinedMetadata({ classes: ["a", "b"] });
  await inFolder(async (folder) => {
    await saveModel(model, folder);
    const json = JSON.parse(await readFile(join(folder, "model.json"), "utf8"));
    assert.equal(json.trainingConfig, undefined);
    assert.deepEqual(json.userDefinedMetadata, { classes: ["a", "b"] });
    assert.deepEqual(Object.keys(json.weightsSha256), ["weights.bin"]);
    const loaded = await loadModel(folder);
    assert.deepEqual(loaded.getUserDefinedMetadata(), { classes: ["a", "b"] });
    loaded.dispose();
  });
  model.dispose();
});

Deno.test("saveModel() leaves no tensors behind, nor does loadModel()", async () => {
  const { tf } = await openTensors({ require: "wasm" });
  const model = smallModel(tf);
  await inFolder(async (folder) => {
    const before = tf.memory().numTensors;
    for (let i = 0; i < 5; i++) {
      await saveModel(model, folder);
      (await loadModel(folder)).dispose();
    }
    assert.equal(tf.memory().numTensors, before);
  });
  model.dispose();
});

Deno.test("loadModel() finds a changed byte and a mix of two models", async () => {
  const { tf } = await openTensors({ require: "wasm" });
  const [first, second] = [smallModel(tf), smallModel(tf)];
  await inFolder(async (folder) => {
    const [one, two] = [join(folder, "one"), join(folder, "two")];
    await saveModel(first, one, { shardBytes: 150 });
    await saveModel(second, two, { shardBytes: 150 });
    const path = join(one, "group1-shard2of3.bin");
    const bytes = await readFile(path);
    const changed = Uint8Array.from(bytes);
    changed[17] ^= 1;
    for (const content of [changed, await readFile(join(two, "group1-shard2of3.bin"))]) {
      await writeFile(path, content);
      await assert.rejects(
        loadModel(one),
        /shard2of3\.bin" has SHA-256 [0-9a-f]{64}, but model\.json lists [0-9a-f]{64}.*save the model again/s,
      );
    }
    await writeFile(path, bytes);
    (await loadModel(one)).dispose();
    // Without checksums, as others write models, there is nothing to check.
    const json = JSON.parse(await readFile(join(one, "model.json"), "utf8"));
    delete json.weightsSha256;
    await writeFile(join(one, "model.json"), JSON.stringify(json));
    await writeFile(path, changed);
    (await loadModel(one)).dispose();
  });
  [first, second].forEach((model) => model.dispose());
});

Deno.test("saveModel() replaces a model by another, and removes only files of the old one", async () => {
  const { tf } = await openTensors({ require: "wasm" });
  const [small, large] = [smallModel(tf), smallModel(tf, 9)];
  await inFolder(async (folder) => {
    await writeFile(join(folder, "notes.bin"), "mine");
    await writeFile(join(folder, "group1-shard9of9.bin"), "of another model");
    await writeFile(join(folder, "other.json"), '{"paths":["group1-shard9of9.bin"]}');
    await saveModel(large, folder, { shardBytes: 200 });
    const fresh = join(folder, "fresh");
    for (const [model, shardBytes] of [[small, 100], [large, 300], [small, 4096]] as const) {
      await saveModel(model, folder, { shardBytes });
      await saveModel(model, fresh, { shardBytes });
      const files = (await readdir(folder)).filter((name) =>
        !["fresh", "notes.bin", "other.json", "group1-shard9of9.bin"].includes(name)
      );
      assert.deepEqual(files.sort(), (await readdir(fresh)).sort());
      for (const name of files) {
        assert.deepEqual(await readFile(join(folder, name)), await readFile(join(fresh, name)));
      }
      await rm(fresh, { recursive: true });
    }
    assert.ok(existsSync(join(folder, "notes.bin")));
    assert.ok(existsSync(join(folder, "group1-shard9of9.bin")));
  });
  [small, large].forEach((model) => model.dispose());
});

Deno.test("saveModel() removes no file elsewhere that a model.json lists", async () => {
  const { tf } = await openTensors({ require: "wasm" });
  const model = smallModel(tf);
  await inFolder(async (folder) => {
    await writeFile(join(folder, "precious"), "mine");
    const inner = join(folder, "model");
    await saveModel(model, inner);
    const json = JSON.parse(await readFile(join(inner, "model.json"), "utf8"));
    json.weightsManifest[0].paths.push("../precious", "model.json");
    await writeFile(join(inner, "model.json"), JSON.stringify(json));
    await saveModel(model, inner);
    assert.deepEqual((await readdir(inner)).sort(), ["model.json", "weights.bin"]);
    assert.ok(existsSync(join(folder, "precious")));
  });
  model.dispose();
});

/** A SavedModel of one matrix product and a bias, as the converter writes its graph. */
async function writeGraphModel(folder: string, kernel: Float32Array): Promise<void> {
  const float = { dtype: { type: "DT_FLOAT" } };
  const shape = (...sides: number[]) => ({
    shape: { shape: { dim: sides.map((size) => ({ size: String(size) })) } },
  });
  const types = { T: { type: "DT_FLOAT" } };
  const modelTopology = {
    node: [
      { name: "x", op: "Placeholder", attr: { ...float, ...shape(-1, 24) } },
      { name: "kernel", op: "Const", attr: { ...float, value: { tensor: { dtype: "DT_FLOAT" } } } },
      {
        name: "product",
        op: "MatMul",
        input: ["x", "kernel"],
        attr: { ...types, transpose_a: { b: false }, transpose_b: { b: false } },
      },
      { name: "Identity", op: "Identity", input: ["product"], attr: types },
    ],
    versions: { producer: 1087 },
    library: {},
  };
  const tensorInfo = (name: string, ...sides: number[]) => ({
    name,
    dtype: "DT_FLOAT",
    tensorShape: { dim: sides.map((size) => ({ size: String(size) })) },
  });
  const json = {
    format: "graph-model",
    generatedBy: "2.12.0",
    convertedBy: "TensorFlow.js Converter v4.22.0",
    signature: {
      inputs: { x: tensorInfo("x:0", -1, 24) },
      outputs: { y: tensorInfo("Identity:0", -1, 2) },
    },
    userDefinedMetadata: { made: "by hand" },
    modelTopology,
    weightsManifest: [{
      paths: ["group1-shard1of1.bin"],
      weights: [{
        name: "kernel",
        shape: [24, 2],
        dtype: "float32",
        quantization: { dtype: "uint8", min: -1, scale: 1 / 64 },
      }],
    }],
  };
  const quantized = Uint8Array.from(kernel, (value) => Math.round((value + 1) * 64));
  await writeFile(join(folder, "group1-shard1of1.bin"), quantized);
  await writeFile(join(folder, "model.json"), JSON.stringify(json));
}

Deno.test("loadGraphModel() and saveModel() keep a graph with its quantized weights", async () => {
  const { tf } = await openTensors({ require: "wasm" });
  await inFolder(async (folder) => {
    const kernel = normals([48], "kernel").map((value) => Math.round(16 * value) / 64);
    await writeGraphModel(folder, kernel);
    const before = tf.memory().numTensors;
    const model = await loadGraphModel(folder);
    const wanted = tf.tidy(() => {
      const x = tf.tensor2d(normals([2, 24], "x"), [2, 24]);
      return x.matMul(tf.tensor2d(kernel, [24, 2])).dataSync() as Float32Array;
    });
    assert.deepEqual(outputs(tf, model), wanted);
    const again = join(folder, "again");
    await saveModel(model, again, { shardBytes: 30 });
    assert.equal((await readdir(again)).length, 3);
    const [old, saved] = await Promise.all(
      [folder, again].map(async (from) =>
        JSON.parse(await readFile(join(from, "model.json"), "utf8"))
      ),
    );
    const { weightsManifest: [{ weights }], ...rest } = old;
    const { weightsManifest, weightsSha256, ...kept } = saved;
    assert.deepEqual(kept, rest);
    assert.deepEqual(weightsManifest[0].weights, weights);
    assert.equal(Object.keys(weightsSha256).length, 2);
    const loaded = await loadGraphModel(again);
    assert.deepEqual(outputs(tf, loaded), wanted);
    [model, loaded].forEach((one) => one.dispose());
    assert.equal(tf.memory().numTensors, before);
    await assert.rejects(
      loadModel(folder),
      /is a graph model, wanted a layers model.*loadGraphModel/s,
    );
    delete old.format;
    await writeFile(join(folder, "model.json"), JSON.stringify(old));
    await assert.rejects(loadModel(folder), /is a graph model/);
    (await loadGraphModel(folder)).dispose();
    const layers = smallModel(tf);
    await saveModel(layers, folder);
    await assert.rejects(
      loadGraphModel(folder),
      /is a layers model, wanted a graph model.*loadModel/s,
    );
    layers.dispose();
  });
});

/** Saves shards and one file, reads them, exports and imports weights, and says what came out. */
const FILES = `
  import { mkdtemp, readdir, rm } from "node:fs/promises";
  import { tmpdir } from "node:os";
  import { join } from "node:path";
  import { exportWeights, importWeights, loadModel, openTensors, saveModel } from "SRC/mod.ts";

  const { tf } = await openTensors({ require: "wasm" });
  const make = (value) => {
    const layer = tf.layers.dense({ inputShape: [4], units: 3, name: "head" });
    const model = tf.sequential({ layers: [layer] });
    model.setWeights([tf.fill([4, 3], value), tf.fill([3], value)]);
    return model;
  };
  const folder = await mkdtemp(join(tmpdir(), "qsight-files-"));
  await saveModel(make(1), folder, { shardBytes: 25 });
  await saveModel(make(2), folder, { shardBytes: 25 });
  const files = (await readdir(folder)).sort();
  const loaded = await loadModel(folder);
  const path = join(folder, "weights.safetensors");
  await exportWeights(loaded, path);
  const other = make(3);
  const { assigned } = await importWeights(other, path);
  const sum = other.getWeights().map((weight) => weight.sum().dataSync()[0]);
  await rm(folder, { recursive: true });
  console.log(JSON.stringify({ files, assigned, sum }));
`;

testOrSkip("model files work in Node as in Deno", missingProgram("node"), async () => {
  const [inDeno, inNode] = [await runScript(FILES), await runBundledInNode(FILES)];
  assert.equal(inDeno.stderr, "");
  assert.equal(inNode.stderr, "");
  assert.equal(inNode.stdout, inDeno.stdout);
  const { files, assigned, sum } = JSON.parse(inNode.stdout);
  assert.deepEqual(files, [1, 2, 3].map((i) => `group1-shard${i}of3.bin`).concat("model.json"));
  assert.deepEqual(assigned, ["head/bias", "head/kernel"]);
  assert.deepEqual(sum, [24, 6]);
});
