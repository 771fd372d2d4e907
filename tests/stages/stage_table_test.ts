import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { fusionOf, type HybridModel, hybridModel } from "../../src/model/hybrid_model.ts";
import { applyStage, type StageDeclaration } from "../../src/stages/mod.ts";
import { openTensors } from "../../src/tensors/open_tensors.ts";
import { fit } from "../../src/training/fit.ts";
import { loadData } from "../../src/data/load_data.ts";
import { changed, samples, weightsOf } from "./models.ts";
import { plainModel, stageOf, TABLE, trainsIn } from "./table_a2.ts";

/** A weight right before a batch normalisation has no gradient: the mean is taken off again. */
const BEFORE_NORM = /(_dense|_conv\d*|_projection)\/bias$/;

/** Fails unless exactly what the table says has moved, apart from weights that get no gradient. */
function assertMoved(
  row: StageDeclaration,
  moved: readonly string[],
  { all, idle }: { readonly all: readonly string[]; readonly idle: (name: string) => boolean },
): void {
  assert.deepEqual(moved.filter((name) => !trainsIn(row, name)), [], "frozen, yet moved");
  const still = all.filter((name) => trainsIn(row, name) && !moved.includes(name));
  assert.deepEqual(still.filter((name) => !idle(name)), [], "trained, yet still");
}

for (const row of TABLE) {
  Deno.test(`applyStage() row ${row.name}, tfjs's own fit: frozen to the byte, the rest moves`, async () => {
    const model = plainModel();
    model.compile({ optimizer: tf.train.adam(0.01), loss: "meanSquaredError" });
    const before = weightsOf(model);
    const { x, y } = samples(model.outputs.length);
    const applied = applyStage(model, stageOf(row));
    const callbacks = applied.callback;
    await model.fit(x, y, { epochs: 3, batchSize: 10, verbose: 0, callbacks });
    applied.assertFrozen();
    applied.restore();
    const moved = changed(before, weightsOf(model));
    const idle = (name: string) => BEFORE_NORM.test(name);
    assertMoved(row, moved, { all: [...before.keys()], idle });
    const statistics = moved.filter((name) => name.includes("/moving_"));
    assert.equal(statistics.length > 0, row.name !== "ensemble", "the test sees statistics move");
  });
}

async function smallHybrid(): Promise<HybridModel> {
  await openTensors({ prefer: "cpu" });
  return hybridModel({
    classes: ["no_dr", "mild", "moderate", "severe", "proliferative"],
    imageSize: 16,
    filters: [4, 6],
    compressed: 6,
    wires: 2,
    layers: 1,
    dropout: 0.3,
  });
}

/** With one vote a fusion has nothing to weigh, only its scale. */
function idleInHybrid(row: StageDeclaration): (name: string) => boolean {
  const alone = row.heads.length === 1;
  return (name) => BEFORE_NORM.test(name) || alone && /^ensemble\/(bias|trust)/.test(name);
}

for (const row of TABLE) {
  Deno.test(`fit() row ${row.name} by part: frozen to the byte, the rest moves`, async () => {
    const model = await smallHybrid();
    const data = await loadData("synthetic", { count: 30, imageSize: 16, seed: 1 });
    const before = weightsOf(model.network);
    await fit(model, data, { stages: [stageOf(row)], batchSize: 24, progress: false });
    const all = [...before.keys()];
    const idle = idleInHybrid(row);
    assertMoved(row, changed(before, weightsOf(model.network)), { all, idle });
    assert.deepEqual([...fusionOf(model).activeHeads], row.heads);
  });
}

for (const row of TABLE) {
  Deno.test(`applyStage() row ${row.name}, a hybrid network in tfjs's own fit`, async () => {
    const { network } = await smallHybrid();
    network.compile({ optimizer: tf.train.adam(0.01), loss: "meanSquaredError" });
    const before = weightsOf(network);
    const x = tf.randomUniform([8, 16, 16, 3], 0, 1, "float32", 3);
    const y = network.outputs.map((_, i) => tf.randomNormal([8, 5], 0, 1, "float32", 30 + i));
    const applied = applyStage(network, stageOf(row));
    const callbacks = applied.callback;
    await network.fit(x, y, { epochs: 3, batchSize: 8, verbose: 0, callbacks });
    applied.assertFrozen();
    applied.restore();
    const all = [...before.keys()];
    assertMoved(row, changed(before, weightsOf(network)), { all, idle: idleInHybrid(row) });
  });
}

Deno.test("applyStage() goes from one row of the table to any other and leaves no trace", () => {
  const trainable = (model: tf.LayersModel) => model.trainableWeights.map((w) => w.originalName);
  const used = plainModel();
  const wanted = trainable(used);
  for (const first of TABLE) {
    for (const second of TABLE) {
      applyStage(used, stageOf(first));
      const applied = applyStage(used, stageOf(second));
      const fresh = plainModel();
      const alone = applyStage(fresh, stageOf(second));
      assert.deepEqual(trainable(used), trainable(fresh));
      assert.deepEqual(applied.toJSON(), alone.toJSON());
      applied.restore();
      assert.deepEqual(trainable(used), wanted);
    }
  }
});
