import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadModel } from "../../../src/tensors/files/load_model.ts";
import { saveModel } from "../../../src/tensors/files/save_model.ts";
import { openTensors } from "../../../src/tensors/open_tensors.ts";
import type { LayersModel, Tensor, Tf } from "../../../src/tensors/tf.ts";
import { normals } from "../_on_backends.ts";

const SHAPE = [2, 6, 6, 3];

function smallModel(tf: Tf): LayersModel {
  return tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [6, 6, 3], filters: 4, kernelSize: 3, name: "conv" }),
      tf.layers.batchNormalization({ name: "bn" }),
      tf.layers.flatten({ name: "flat" }),
      tf.layers.dense({ units: 3, name: "head" }),
    ],
  });
}

function outputs(tf: Tf, model: LayersModel): Float32Array {
  return tf.tidy(() => {
    const y = model.predict(tf.tensor(normals(SHAPE, "x"), SHAPE)) as Tensor;
    return y.dataSync() as Float32Array;
  });
}

async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "qsight-model-"));
  try {
    await body(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

Deno.test("saveModel() and loadModel() keep outputs, names and trainability", async () => {
  const { tf } = await openTensors({ prefer: "wasm" });
  const model = smallModel(tf);
  model.getLayer("conv").trainable = false;
  await inFolder(async (folder) => {
    await saveModel(model, folder);
    assert.deepEqual((await readdir(folder)).sort(), ["model.json", "weights.bin"]);
    const loaded = await loadModel(folder);
    assert.deepEqual(outputs(tf, loaded), outputs(tf, model));
    assert.deepEqual(loaded.layers.map(({ name }) => name), ["conv", "bn", "flat", "head"]);
    assert.equal(loaded.getLayer("conv").trainable, false);
    loaded.dispose();
  });
  model.dispose();
});

Deno.test("saveModel() writes the same bytes for the same model", async () => {
  const { tf } = await openTensors({ prefer: "wasm" });
  const model = smallModel(tf);
  await inFolder(async (folder) => {
    await saveModel(model, join(folder, "a", "b"));
    await saveModel(model, join(folder, "c"));
    for (const name of ["model.json", "weights.bin"]) {
      const first = await readFile(join(folder, "a", "b", name));
      assert.deepEqual(await readFile(join(folder, "c", name)), first);
    }
  });
  model.dispose();
});

Deno.test("loadModel() reads weights in several files", async () => {
  const { tf } = await openTensors({ prefer: "wasm" });
  const model = smallModel(tf);
  await inFolder(async (folder) => {
    await saveModel(model, folder);
    const bytes = await readFile(join(folder, "weights.bin"));
    const json = JSON.parse(await readFile(join(folder, "model.json"), "utf8"));
    json.weightsManifest[0].paths = ["shard1", "shard2"];
    await writeFile(join(folder, "model.json"), JSON.stringify(json));
    await writeFile(join(folder, "shard1"), bytes.subarray(0, 101));
    await writeFile(join(folder, "shard2"), bytes.subarray(101));
    const loaded = await loadModel(folder);
    assert.deepEqual(outputs(tf, loaded), outputs(tf, model));
    loaded.dispose();
  });
  model.dispose();
});

Deno.test("loadModel() mends what Keras 3 writes differently", async () => {
  const { tf } = await openTensors({ prefer: "wasm" });
  const input = tf.input({ shape: [6, 6, 3], name: "image" });
  const conv = tf.layers.conv2d({ filters: 2, kernelSize: 3, name: "conv" }).apply(input);
  const model = tf.model({ inputs: input, outputs: conv as never });
  await inFolder(async (folder) => {
    await saveModel(model, folder);
    const path = join(folder, "model.json");
    const text = await readFile(path, "utf8");
    const policy = '{"module":"keras","class_name":"DTypePolicy","config":{"name":"float32"}}';
    const keras3 = text.replaceAll('"batch_input_shape"', '"batch_shape"')
      .replace('"dtype":"float32"', `"dtype":${policy}`);
    assert.ok(keras3.includes("batch_shape") && keras3.includes("DTypePolicy"));
    await writeFile(path, keras3);
    const loaded = await loadModel(folder);
    assert.deepEqual(loaded.inputs[0].shape, [null, 6, 6, 3]);
    assert.equal(loaded.inputs[0].dtype, "float32");
    assert.deepEqual(outputs(tf, loaded), outputs(tf, model));
    loaded.dispose();
  });
  model.dispose();
});

Deno.test("loadModel() says what is missing or broken", async () => {
  const { tf } = await openTensors({ prefer: "wasm" });
  const model = smallModel(tf);
  await inFolder(async (folder) => {
    await assert.rejects(loadModel(join(folder, "nowhere")), /nowhere.*does not exist.*saveModel/s);
    await saveModel(model, folder);
    const [json, bytes] = await Promise.all(
      ["model.json", "weights.bin"].map((name) => readFile(join(folder, name))),
    );
    const cases: [string, string | Uint8Array, RegExp][] = [
      ["weights.bin", bytes.subarray(0, bytes.length - 4), /has \d+ bytes.*save the model again/si],
      ["weights.bin", new Uint8Array(bytes.length + 1), /has \d+ bytes/],
      ["model.json", json.subarray(0, 100), /is not JSON/],
      ["model.json", "null", /wanted a layers model/],
      ["model.json", '{"format":"graph-model","modelTopology":{},"weightsManifest":[]}', /graph/],
    ];
    for (const [name, content, message] of cases) {
      await saveModel(model, folder);
      await writeFile(join(folder, name), content);
      await assert.rejects(loadModel(folder), message);
    }
    await saveModel(model, folder);
    await rm(join(folder, "weights.bin"));
    await assert.rejects(loadModel(folder), /weights\.bin.*does not exist/s);
  });
  model.dispose();
});
