import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fusionLayer } from "../../src/model/fusion_option.ts";
import { loadHybridModel, saveHybridModel } from "../../src/model/hybrid_files.ts";
import {
  ENSEMBLE,
  fusionOf,
  setActiveHeads,
  setSkipEnsemble,
} from "../../src/model/hybrid_model.ts";
import { parameterCounts } from "../../src/model/parameter_counts.ts";
import { predict } from "../../src/model/predict.ts";
import { applyStage } from "../../src/stages/apply_stage.ts";
import { defineStages } from "../../src/stages/define_stages.ts";
import { openTensors } from "../../src/tensors/open_tensors.ts";
import { runLayers } from "../../src/tensors/run_layers.ts";
import type { Tensor, Tensor2D } from "../../src/tensors/tf.ts";
import { fourHeads, FUSIONS, nameOf, randomize, randomLogits } from "./_four_heads.ts";
import { noiseImages } from "./_small.ts";

const { tf } = await openTensors({ prefer: "wasm" });

for (const fusion of FUSIONS) {
  const name = nameOf(fusion);

  Deno.test(`fusion ${name} ignores masked heads to the bit, NaN included (all 15 masks of 4 heads)`, async () => {
    const model = await fourHeads(fusion);
    randomize(model);
    const layer = fusionOf(model);
    const logits = model.heads.map((_, i) => randomLogits(8, i));
    const answers = new Set<string>();
    for (let bits = 1; bits < 16; bits++) {
      layer.activeHeads = model.heads.filter((_, i) => bits >> i & 1);
      const voting = (head: string) => layer.activeHeads.includes(head);
      for (const noise of [tf.fill([8, 5], NaN), randomLogits(8, 99)]) {
        const masked = logits.map((x, i) => voting(model.heads[i]) ? x : noise);
        const [clean, dirty] = [logits, masked].map((x) => [
          ...(layer.apply(x) as Tensor).dataSync(),
          ...layer.gate(x).dataSync(),
        ]);
        assert.ok(clean.every(Number.isFinite));
        assert.deepEqual(dirty, clean, `mask ${layer.activeHeads}`);
        answers.add(String(clean.slice(0, 40)));
      }
    }
    // The mask itself does matter: else ignoring everything would pass.
    assert.equal(answers.size, name === "skip_ensemble" ? 4 : 15);
  });

  Deno.test(`fusion ${name} answers one image the same alone and among 32`, async () => {
    const model = await fourHeads(fusion);
    randomize(model);
    setActiveHeads(model, ["one", "two", "four"]);
    const x = tf.tensor4d(noiseImages(32, 4), [32, 4, 4, 3]);
    const answer = (x: Tensor) =>
      runLayers(model.network, x, { outputs: [ENSEMBLE] }).outputs[0].dataSync();
    const together = answer(x);
    for (const row of [0, 13, 31]) {
      answer(x.slice([row], [1])).forEach((value, k) => {
        const other = together[row * 5 + k];
        assert.ok(Math.abs(value - other) <= 1e-6, `${value} and ${other}`);
      });
    }
  });

  Deno.test(`fusion ${name} without an active head is an error`, async () => {
    const model = await fourHeads(fusion);
    const layer = fusionOf(model);
    const logits = model.heads.map((_, i) => randomLogits(2, i));
    for (const heads of [[], ["nobody"]]) {
      layer.activeHeads = heads;
      assert.throws(() => layer.apply(logits), /no active head: activate at least one of one, two/);
      assert.throws(() => layer.gate(logits), /no active head/);
    }
  });

  Deno.test(`fusion ${name} gives each sample weights that sum to 1`, async () => {
    const model = await fourHeads(fusion);
    randomize(model);
    setActiveHeads(model, ["two", "one_more", "four"]);
    const gate = fusionOf(model).gate(model.heads.map((_, i) => randomLogits(6, i)));
    assert.deepEqual(gate.shape, [6, 3]);
    const rows = gate.arraySync();
    for (const row of rows) assert.ok(Math.abs(row.reduce((a, b) => a + b) - 1) < 1e-6);
    if (name === "skip_ensemble") assert.deepEqual(rows[0], [1, 0, 0]);
    else assert.notDeepEqual(rows[0], rows[1], "each sample has its own");
  });

  Deno.test(`fusion ${name} saved and loaded answers to the bit, mask and way around it kept`, async () => {
    const model = await fourHeads(fusion);
    randomize(model);
    const x = tf.tensor4d(noiseImages(3, 4), [3, 4, 4, 3]);
    const folder = await mkdtemp(join(tmpdir(), "fusion-"));
    try {
      for (const skip of [false, true]) {
        setSkipEnsemble(model, skip);
        setActiveHeads(model, ["two", "one_more"]);
        await saveHybridModel(model, folder);
        const loaded = await loadHybridModel(folder);
        assert.deepEqual(fusionOf(loaded).getConfig(), fusionOf(model).getConfig());
        assert.equal(fusionOf(loaded).skipEnsemble, skip);
        const [ours, theirs] = [model, loaded].map((model) =>
          runLayers(model.network, x).outputs.map((output) => output.arraySync())
        );
        assert.deepEqual(theirs, ours);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  Deno.test(`fusion ${name} trains with the model's own fit and leaks no tensor`, async () => {
    const model = await fourHeads(fusion);
    const { network } = model;
    network.compile({
      optimizer: tf.train.adam(0.05),
      loss: network.outputNames.map(() => fromLogits),
    });
    const x = tf.tensor4d(noiseImages(8, 4), [8, 4, 4, 3]);
    const y = tf.oneHot([0, 1, 2, 3, 4, 0, 1, 2], 5);
    const labels = network.outputNames.map(() => y);
    const options = { epochs: 4, batchSize: 8, verbose: 0 };
    const weights = () => fusionOf(model).getWeights().map((weight) => [...weight.dataSync()]);
    const before = weights();
    const first = await network.fit(x, labels, options);
    const held = tf.memory().numTensors;
    const second = await network.fit(x, labels, options);
    assert.equal(tf.memory().numTensors, held);
    const losses = [first, second].map(({ history }) => history.loss.at(-1) as number);
    assert.ok(losses[1] < losses[0], losses.join());
    const after = weights();
    before.forEach((values, i) =>
      assert.notDeepEqual(after[i], values, `weight ${i} did not move`)
    );
  });

  Deno.test(`fusion ${name} trains on while a masked head is NaN, in a stage with the model's own fit`, async () => {
    const model = await fourHeads(fusion);
    const { network } = model;
    const broken = network.getLayer("one");
    broken.setWeights([tf.fill([48, 5], NaN), tf.zeros([5])]);
    const [stage] = defineStages([{
      name: "without_one",
      epochs: 2,
      train: ["two", "four", "ensemble*"],
      heads: ["two", "four"],
    }]);
    setActiveHeads(model, stage.heads);
    network.compile({
      optimizer: tf.train.adam(0.05),
      loss: network.outputNames.map(() => fromLogits),
    });
    const mask = applyStage(network, stage);
    const x = tf.tensor4d(noiseImages(5, 4), [5, 4, 4, 3]);
    const y = network.outputNames.map(() => tf.oneHot([0, 1, 2, 3, 4], 5));
    const options = { epochs: 2, batchSize: 5, verbose: 0, callbacks: mask.callback };
    const { history } = await network.fit(x, y, options);
    mask.assertFrozen();
    mask.restore();
    assert.ok(history.loss.every((loss) => Number.isFinite(loss)), String(history.loss));
    for (const layer of ["two", "four", ENSEMBLE]) {
      for (const weight of network.getLayer(layer).getWeights()) {
        assert.ok(weight.dataSync().every(Number.isFinite), `${layer}`);
      }
    }
  });

  Deno.test(`fusion ${name} works with predict() and parameterCounts() for four heads`, async () => {
    const model = await fourHeads(fusion);
    setActiveHeads(model, ["one_more", "four"]);
    const image = { width: 4, height: 4, data: new Uint8Array(48).map((_, i) => i * 5) };
    const [found] = await predict(model, [image]);
    assert.deepEqual(Object.keys(found.heads), model.heads);
    assert.equal(found.heads.one, null);
    if (name === "skip_ensemble") assert.deepEqual(found.probabilities, found.heads.one_more);
    const counts = Object.fromEntries(
      parameterCounts(model).map(({ part, classical }) => [part, classical]),
    );
    const linear = 48 * 5 + 5;
    const { encoder, compression, ensemble, ...heads } = counts;
    assert.deepEqual([encoder, compression], [0, 0]);
    assert.deepEqual(heads, { one: linear, two: linear, one_more: linear, four: linear });
    assert.equal(ensemble > 0, name !== "skip_ensemble");
  });
}

Deno.test("setSkipEnsemble() lets the first active head answer alone, whatever the fusion", async () => {
  for (const fusion of FUSIONS) {
    const model = await fourHeads(fusion);
    randomize(model);
    setActiveHeads(model, ["two", "four"]);
    const x = tf.tensor4d(noiseImages(3, 4), [3, 4, 4, 3]);
    const outputs = () =>
      runLayers(model.network, x, { outputs: ["two", ENSEMBLE] }).outputs.map((y) => y.arraySync());
    setSkipEnsemble(model, true);
    const [two, alone] = outputs();
    assert.deepEqual(alone, two);
    assert.equal(fusionOf(model).usesInput(3), false);
    setSkipEnsemble(model, false);
    assert.equal(nameOf(fusion) === "skip_ensemble", String(outputs()[1]) === String(two));
  }
});

Deno.test("fusionLayer() names unknown options, fusions and heads that are none", () => {
  const heads = ["a", "b"];
  assert.throws(
    () => fusionLayer({ heads, fusion: "mpl" as never }),
    /"mpl". Did you mean "mlp"\?/,
  );
  assert.throws(() => fusionLayer({ heads, fusions: "mlp" } as never), /unknown option "fusions"/);
  assert.throws(() => fusionLayer({ heads: ["a", "a"] }), /different names/);
  assert.throws(() => fusionLayer({ heads: [] }), /different names/);
  const mlp = (more: object) => fusionLayer({ heads, fusion: { name: "mlp", ...more } });
  assert.throws(() => mlp({ hidden: [0] }), /hidden must be up to 9 positive whole numbers/);
  assert.throws(() => mlp({ dropout: 1 }), /below 1, found 1/);
  assert.throws(() => mlp({ hidden: [4], dropout: [0.5] }), /dropout must be one number/);
  assert.throws(
    () => fusionLayer({ heads, fusion: { name: "dynamic", hidden: [4] } as never }),
    /unknown option "hidden"/,
  );
});

function fromLogits(yTrue: Tensor, yPred: Tensor): Tensor {
  return tf.logSoftmax(yPred as Tensor2D).mul(yTrue).sum(1).neg();
}
