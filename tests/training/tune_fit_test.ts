import assert from "node:assert/strict";
import { loadData } from "../../src/data/mod.ts";
import { fusionOf, hybridModel } from "../../src/model/mod.ts";
import { defineStages } from "../../src/stages/mod.ts";
import { openTensors, tfjs } from "../../src/tensors/mod.ts";
import { readWeights } from "../../src/training/named_tensors.ts";
import { tuneFit } from "../../src/training/mod.ts";

async function setting() {
  await openTensors({ prefer: "wasm" });
  const data = await loadData("synthetic", { count: 50, imageSize: 16, seed: 1 });
  const model = hybridModel({
    classes: data.classes,
    ...{ imageSize: 16, filters: [4, 4], wires: 2, layers: 1 },
  });
  const heads = ["classical_a", "quantum"];
  const stages = defineStages([
    { name: "first", epochs: 1, train: ["encoder*", "classical_a*"], heads: ["classical_a"] },
    { name: "second", epochs: 1, train: ["*"], heads, learningRate: 0.1 },
  ]);
  return { data, model, stages };
}

Deno.test("tuneFit() tries sizes by real steps, and leaves the model as it was to the byte", async () => {
  const { data, model, stages } = await setting();
  const before = await readWeights(model.network), heads = fusionOf(model).activeHeads;
  const flags = model.network.layers.map((layer) => layer.trainable);
  const tensors = tfjs().memory().numTensors;
  const { batchSize, trials } = await tuneFit(model, data, {
    ...{ stages, stage: "second", batchSize: 4, tune: { largest: 8, rounds: 1 } },
  });
  assert(trials.length >= 1 && trials.every((trial) => trial.secondsPerImage! > 0));
  assert(trials.some((trial) => trial.batchSize === batchSize));
  assert(batchSize >= 4 && batchSize <= 8, String(batchSize));
  assert.deepEqual(await readWeights(model.network), before);
  assert.deepEqual(fusionOf(model).activeHeads, heads);
  assert.deepEqual(model.network.layers.map((layer) => layer.trainable), flags);
  assert.equal(tfjs().memory().numTensors, tensors);
});

Deno.test("tuneFit() takes the size whose steps a clock finds fastest per image", async () => {
  const { data, model, stages } = await setting();
  let calls = 0;
  // As long for one image as for many.
  const now = () => calls++ * 100;
  const { batchSize } = await tuneFit(model, data, {
    stages,
    batchSize: 4,
    now,
    tune: { rounds: 1 },
  });
  assert.equal(batchSize, 16);
});

Deno.test("tuneFit() names the stages when it does not know one, and unknown options", async () => {
  const { data, model, stages } = await setting();
  await assert.rejects(
    tuneFit(model, data, { stages, stage: "third" }),
    /found no stage "third", wanted one of first, second/,
  );
  await assert.rejects(
    tuneFit(model, data, { stages, batchsize: 3 } as never),
    /Did you mean "batchSize"/,
  );
});
