import assert from "node:assert/strict";
import { loadData } from "../../src/data/mod.ts";
import { hybridModel } from "../../src/model/mod.ts";
import { defineStages } from "../../src/stages/mod.ts";
import { openTensors } from "../../src/tensors/mod.ts";
import { fit } from "../../src/training/mod.ts";

Deno.test("fit() trains ordinal heads with the loss corn, the quantum head among them", async () => {
  await openTensors({ prefer: "wasm" });
  const data = await loadData("synthetic", { count: 60, imageSize: 16, seed: 1 });
  const model = hybridModel({
    classes: data.classes,
    ...{ imageSize: 16, filters: [4, 4], wires: 2, layers: 1, ordinal: true },
  });
  const stages = defineStages([{
    ...{ name: "all", epochs: 6, learningRate: 0.01, patience: null },
    train: ["*"],
    heads: ["classical_a", "classical_b", "quantum"],
  }]);
  const fitted = await fit(model, data, {
    ...{ stages, loss: "corn" as const, batchSize: 16, augment: false, progress: false as const },
  });
  for (const head of model.heads) {
    const rows = fitted.history.filter((row) => row.head === head && row.split === "train");
    assert(rows.at(-1)!.loss < rows[0].loss, `${head}: ${rows.map(({ loss }) => loss)}`);
  }
});
