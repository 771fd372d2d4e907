import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadHybridModel, saveHybridModel } from "../../src/model/hybrid_files.ts";
import { hybridModel, type HybridModelOptions } from "../../src/model/mod.ts";
import { predict } from "../../src/model/predict.ts";
import { openTensors } from "../../src/tensors/open_tensors.ts";

/** Two images with different patterns. */
const IMAGES = [3, 5].map((factor) => ({
  ...{ width: 12, height: 12 },
  data: Uint8Array.from({ length: 12 * 12 * 3 }, (_, i) => (i * factor) % 256),
}));

async function ordinalModel(options: Partial<HybridModelOptions> = {}) {
  await openTensors({ prefer: "wasm" });
  return hybridModel({
    classes: ["none", "mild", "moderate", "severe", "proliferative"],
    ...{ imageSize: 12, filters: [4, 6], compressed: 6, wires: 3, layers: 2, ordinal: true },
    ...options,
  });
}

Deno.test("hybridModel({ ordinal }) answers by four steps for five grades, in each head", async () => {
  const model = await ordinalModel();
  for (const head of model.heads) {
    assert.deepEqual(model.network.getLayer(`${head}_steps`).outputShape, [null, 4]);
    assert.deepEqual(model.network.getLayer(head).outputShape, [null, 5]);
  }
  const answers = await predict(model, IMAGES);
  for (const { probabilities } of answers) {
    const sum = Array.from(probabilities).reduce((a, b) => a + b);
    assert(Math.abs(sum - 1) < 1e-5, String(sum));
  }
});

Deno.test("hybridModel({ ordinal }) comes back from its files, bypass included", async () => {
  const model = await ordinalModel({ quantumHead: { bypass: true } });
  const folder = await mkdtemp(join(tmpdir(), "qsight-test-"));
  try {
    await saveHybridModel(model, folder);
    const loaded = await loadHybridModel(folder);
    const [before, after] = [
      await predict(model, IMAGES),
      await predict(loaded, IMAGES),
    ];
    assert.deepEqual(after, before);
  } finally {
    await rm(folder, { recursive: true });
  }
});

Deno.test("hybridModel() refuses an ordinal that is no boolean", async () => {
  await assert.rejects(
    ordinalModel({ ordinal: "yes" as unknown as boolean }),
    /ordinal must be true or false, found "yes"/,
  );
});
