import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { exportWeights } from "../../../src/tensors/files/export_weights.ts";
import { importWeights } from "../../../src/tensors/files/import_weights.ts";
import { loadSafetensors } from "../../../src/tensors/files/load_safetensors.ts";
import {
  type SafetensorsInput,
  saveSafetensors,
} from "../../../src/tensors/files/save_safetensors.ts";
import { openTensors } from "../../../src/tensors/open_tensors.ts";
import type { LayersModel, Tf } from "../../../src/tensors/tf.ts";
import { normals } from "../_on_backends.ts";
import { inFolder } from "./_in_folder.ts";

function smallModel(tf: Tf): LayersModel {
  return tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [4, 4, 2], filters: 3, kernelSize: 3, name: "conv" }),
      tf.layers.batchNormalization({ name: "bn" }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 2, name: "head" }),
    ],
  });
}

function valuesOf(model: LayersModel): Float32Array[] {
  return model.getWeights().map((weight) => weight.dataSync() as Float32Array);
}

/** Runs `body` with two models and the exported weights of the first. */
async function withModels(
  body: (tf: Tf, models: [LayersModel, LayersModel], folder: string) => Promise<void>,
): Promise<void> {
  const { tf } = await openTensors({ require: "wasm" });
  const models: [LayersModel, LayersModel] = [smallModel(tf), smallModel(tf)];
  await inFolder(async (folder) => {
    await exportWeights(models[0], join(folder, "first"), { metadata: { by: "a test" } });
    await body(tf, models, folder);
  });
  models.forEach((model) => model.dispose());
}

Deno.test("exportWeights() and importWeights() carry all weights to another model", async () => {
  await withModels(async (tf, [first, second], folder) => {
    const path = join(folder, "first");
    assert.notDeepEqual(valuesOf(second), valuesOf(first));
    const before = tf.memory().numTensors;
    const { assigned, missing, unexpected } = await importWeights(second, path);
    assert.equal(tf.memory().numTensors, before);
    assert.deepEqual(valuesOf(second), valuesOf(first));
    assert.deepEqual([missing, unexpected], [[], []]);
    const names = ["bn/beta", "bn/gamma", "bn/moving_mean", "bn/moving_variance"];
    assert.deepEqual(assigned, [...names, "conv/bias", "conv/kernel", "head/bias", "head/kernel"]);
    const { tensors, metadata } = await loadSafetensors(path);
    assert.deepEqual(Object.keys(tensors), assigned);
    assert.deepEqual(metadata, { by: "a test" });
    // The second model's names have numbers behind them, and its file is the same all the same.
    await exportWeights(second, join(folder, "second"), { metadata: { by: "a test" } });
    assert.deepEqual(await readFile(join(folder, "second")), await readFile(path));
    // Trained on, not only read.
    const x = tf.tensor(normals([2, 4, 4, 2], "x"), [2, 4, 4, 2]);
    const y = tf.ones([2, 2]), optimizer = tf.train.sgd(0.01);
    second.compile({ optimizer, loss: "meanSquaredError" });
    const losses = [await second.trainOnBatch(x, y), await second.trainOnBatch(x, y)].flat();
    assert.ok(losses[1] < losses[0], `${losses}`);
    [x, y, optimizer].forEach((thing) => thing.dispose());
  });
});

/** The exported weights with some changed. */
async function changed(
  folder: string,
  change: (tensors: Record<string, SafetensorsInput>) => void,
): Promise<string> {
  const { tensors } = await loadSafetensors(join(folder, "first"));
  const copy: Record<string, SafetensorsInput> = { ...tensors };
  change(copy);
  const path = join(folder, "changed");
  await saveSafetensors(path, copy);
  return path;
}

Deno.test("importWeights() checks everything before it changes anything", async () => {
  await withModels(async (tf, [, second], folder) => {
    const bias = { shape: [3], values: Float32Array.of(1, 2, 3) };
    const faults: [(tensors: Record<string, SafetensorsInput>) => void, RegExp][] = [
      [(tensors) => delete tensors["conv/bias"], /missing: "conv\/bias"\. Nothing was changed/],
      [(tensors) => tensors.extra = bias, /unexpected: "extra"/],
      [(tensors) => tensors["head/bias"] = bias, /"head\/bias" has shape \[3\], wanted \[2\]/],
      [
        (tensors) => tensors["conv/bias"] = { shape: [3], values: Int32Array.of(1, 2, 3) },
        /"conv\/bias" is of type I32, wanted float32/,
      ],
      [
        (tensors) => {
          delete tensors["bn/beta"];
          tensors["bn/bias"] = bias;
          tensors["head/bias"] = bias;
        },
        /missing: "bn\/beta"; unexpected: "bn\/bias"; "head\/bias" has shape/,
      ],
    ];
    const wanted = valuesOf(second);
    const before = tf.memory().numTensors;
    for (const [change, message] of faults) {
      await assert.rejects(importWeights(second, await changed(folder, change)), message);
    }
    const rename = () => "conv/bias";
    await assert.rejects(
      importWeights(second, join(folder, "first"), { rename }),
      /two tensors are renamed to "conv\/bias"/,
    );
    await assert.rejects(importWeights(second, join(folder, "nowhere")), /nowhere/);
    await assert.rejects(
      importWeights(second, join(folder, "first"), { stict: false } as never),
      /unknown option "stict".*strict/,
    );
    assert.deepEqual(valuesOf(second), wanted);
    assert.equal(tf.memory().numTensors, before);
  });
});

Deno.test("importWeights() takes a part, other names and other precision when told so", async () => {
  await withModels(async (_tf, [, second], folder) => {
    const path = join(folder, "torch");
    await saveSafetensors(path, {
      "layer.bias": { shape: [3], values: Float64Array.of(0.1, 0.2, 0.3) },
      "fc.weight": { shape: [1], values: Float32Array.of(1) },
    });
    const before = valuesOf(second);
    const options = { strict: false, rename: (name: string) => name.replace("layer.", "conv/") };
    const { assigned, missing, unexpected } = await importWeights(second, path, options);
    assert.deepEqual([assigned, unexpected], [["conv/bias"], ["fc.weight"]]);
    assert.equal(missing.length, 7);
    const wanted = [before[0], Float32Array.of(0.1, 0.2, 0.3), ...before.slice(2)];
    assert.deepEqual(valuesOf(second), wanted);
    // A shape that does not fit is an error all the same.
    await saveSafetensors(path, { "conv/bias": { shape: [1], values: Float32Array.of(1) } });
    await assert.rejects(importWeights(second, path, { strict: false }), /has shape \[1\]/);
  });
});

Deno.test("exportWeights() refuses two weights of one name", async () => {
  const { tf } = await openTensors({ require: "wasm" });
  const inner = () =>
    tf.sequential({ layers: [tf.layers.dense({ inputShape: [2], units: 2, name: "dense" })] });
  const model = tf.sequential({ layers: [inner(), inner()] as never });
  await assert.rejects(exportWeights(model, "never"), /two weights .* "dense\/kernel"/);
  model.dispose();
});
