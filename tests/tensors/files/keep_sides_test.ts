import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { loadModel } from "../../../src/tensors/files/load_model.ts";
import { saveModel } from "../../../src/tensors/files/save_model.ts";
import { openTensors } from "../../../src/tensors/open_tensors.ts";
import type { Tensor } from "../../../src/tensors/tf.ts";
import { inFolder } from "./_in_folder.ts";

/** Kind of pooling, its configuration, the shape of an image, and of its answer. */
const CASES: [string, object, number[], number[]][] = [
  ["GlobalAveragePooling2D", {}, [2, 3, 4], [1, 1, 4]],
  ["GlobalMaxPooling2D", {}, [2, 3, 4], [1, 1, 4]],
  ["GlobalAveragePooling2D", { data_format: "channels_first" }, [4, 2, 3], [4, 1, 1]],
  ["GlobalAveragePooling1D", {}, [5, 4], [1, 4]],
];

for (const [class_name, more, shape, wanted] of CASES) {
  const what = `${class_name}${JSON.stringify(more)}`;
  Deno.test(`loadModel() keeps the sides of ${what}, and saves a Reshape`, async () => {
    const { tf } = await openTensors({ require: "wasm" });
    await inFolder(async (folder) => {
      const layers = [
        { class_name: "InputLayer", config: { name: "x", batch_shape: [null, ...shape] } },
        { class_name, config: { name: "pool", keepdims: true, ...more } },
        // A name that the added layer would like to have.
        { class_name: "Activation", config: { name: "pool_pooled", activation: "linear" } },
      ];
      const model_config = { class_name: "Sequential", config: { name: "sequential", layers } };
      const modelTopology = { keras_version: "3.4.1", model_config };
      const json = { format: "layers-model", modelTopology, weightsManifest: [] };
      await writeFile(join(folder, "model.json"), JSON.stringify(json));
      const model = await loadModel(folder);
      assert.deepEqual(model.outputs[0].shape, [null, ...wanted]);
      assert.deepEqual(model.getLayer("pool").outputShape, [null, ...wanted]);
      const sizes = tf.tidy(() => (model.predict(tf.ones([2, ...shape])) as Tensor).shape);
      assert.deepEqual(sizes, [2, ...wanted]);
      await saveModel(model, folder);
      const saved = await readFile(join(folder, "model.json"), "utf8");
      assert.match(saved, /"class_name":"Reshape"/);
      assert.doesNotMatch(saved, /KeepSides/);
      const again = await loadModel(folder);
      assert.deepEqual(again.outputs[0].shape, [null, ...wanted]);
      [model, again].forEach((one) => one.dispose());
    });
  });
}
