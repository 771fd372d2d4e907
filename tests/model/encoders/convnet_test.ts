import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadHybridModel, saveHybridModel } from "../../../src/model/hybrid_files.ts";
import { hybridModel } from "../../../src/model/hybrid_model.ts";
import { openTensors } from "../../../src/tensors/open_tensors.ts";
import { smallModel } from "../_small.ts";

// Taken before there were other encoders: models and results of then stay what they are.
const BYTES: Readonly<Record<number, string>> = {
  0: "5857a9274153ec60",
  3: "44a4f1d7650e85d3",
};
const LAYERS = [
  "image",
  "encoder_normalize",
  ...["conv1", "norm1", "relu1", "pool1", "conv2", "norm2", "relu2"].map((x) => `encoder_${x}`),
  ...["mean", "max", "features", "dropout"].map((x) => `encoder_${x}`),
];

Deno.test("convnet: names and initial weights are those from before the choice", async () => {
  await openTensors({ require: "wasm" });
  const classes = ["a", "b", "c"];
  for (const seed of [0, 3]) {
    const filters = seed === 3 ? { filters: [4, 6] } : {};
    const { network } = hybridModel({ classes, imageSize: 20, seed, ...filters });
    const hash = createHash("sha256");
    for (const weight of network.weights) {
      const { buffer } = Float32Array.from(weight.read().dataSync());
      hash.update(weight.originalName).update(new Uint8Array(buffer));
    }
    assert.equal(hash.digest("hex").slice(0, 16), BYTES[seed]);
    if (seed !== 3) continue;
    assert.deepEqual(network.layers.slice(0, LAYERS.length).map(({ name }) => name), LAYERS);
  }
});

Deno.test("loadHybridModel() takes files without encoder and Grad-CAM layer for a convnet's", async () => {
  const model = await smallModel();
  const folder = await mkdtemp(join(tmpdir(), "qsight-convnet-"));
  try {
    await saveHybridModel(model, folder);
    const path = join(folder, "model_info.json");
    const { encoder, cam, ...older } = JSON.parse(await readFile(path, "utf8"));
    assert.deepEqual([encoder, cam], ["convnet", { layer: "encoder_relu2", kind: "map" }]);
    await writeFile(path, JSON.stringify(older));
    const loaded = await loadHybridModel(folder);
    assert.deepEqual([loaded.encoder, loaded.cam], [encoder, cam]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
