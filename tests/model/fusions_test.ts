import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fusionLayer } from "../../src/model/fusion_option.ts";
import { loadHybridModel, saveHybridModel } from "../../src/model/hybrid_files.ts";
import {
  ENSEMBLE,
  fusionOf,
  type HybridModel,
  setActiveHeads,
  setSkipEnsemble,
} from "../../src/model/hybrid_model.ts";
import { parameterCounts } from "../../src/model/parameter_counts.ts";
import { predict } from "../../src/model/predict.ts";
import { openTensors } from "../../src/tensors/open_tensors.ts";
import { runLayers } from "../../src/tensors/run_layers.ts";
import type { Scalar, Tensor, Tensor2D, Tf, Variable } from "../../src/tensors/tf.ts";
import { fourHeads, FUSIONS, nameOf } from "./_four_heads.ts";
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

Deno.test("fusion mlp's gradients equal finite differences, masked heads' weights get none", async () => {
  const model = await fourHeads(FUSIONS[1]);
  randomize(model, 0.5);
  const layer = fusionOf(model);
  layer.activeHeads = ["one", "four"];
  const inputs = model.heads.map((_, i) => randomLogits(4, i));
  const loss = () => (layer.apply(inputs) as Tensor).square().mean() as Scalar;
  const variables = layer.weights.map((weight) => weight.read() as Variable);
  const { grads } = tf.variableGrads(loss, variables);
  for (const variable of variables) {
    const gradient = grads[variable.name].dataSync() as Float32Array;
    // The position with the steepest slope says most.
    const at = gradient.reduce(
      (best, x, i) => Math.abs(x) > Math.abs(gradient[best]) ? i : best,
      0,
    );
    const expected = finiteDifference(tf, variable, { at, loss });
    const tolerance = 0.02 * Math.max(0.01, Math.abs(expected));
    assert.ok(
      Math.abs(gradient[at] - expected) <= tolerance,
      `${variable.name}: ${gradient[at]} and ${expected}`,
    );
  }
  const bias = layer.weights.findIndex(({ originalName }) => originalName.endsWith("gate_bias"));
  const [one, two, more, four] = grads[variables[bias].name].dataSync();
  assert.ok(one !== 0 && four !== 0);
  assert.deepEqual([two, more], [0, 0]);
});

Deno.test("fusion mlp untrained answers the mean of the voting heads less the cost of distance", () => {
  const layer = fusionLayer({ heads: ["a", "b"], fusion: "mlp" });
  const inputs = [[[2, 0, 0, 1]], [[0, 1, 0, 3]]];
  const found = (layer.apply(inputs.map((x) => tf.tensor2d(x))) as Tensor2D).arraySync()[0];
  const probabilities = inputs.map(([row]) => {
    const all = row.map(Math.exp);
    return all.map((x) => x / all.reduce((a, b) => a + b));
  });
  const mean = (pick: (i: number) => number) => (pick(0) + pick(1)) / 2;
  const softplus = (x: number) => Math.log1p(Math.exp(x));
  const peak = mean((i) => Math.max(...probabilities[i]));
  found.forEach((value, j) => {
    let cost = 0;
    for (let i = 0; i < 4; i++) {
      if (Math.abs(i - j) < 2) continue;
      cost += mean((h) => probabilities[h][i]) * Math.expm1(softplus(0.7) * Math.abs(i - j));
    }
    const wanted = mean((h) => inputs[h][0][j]) - softplus(0.1) * Math.min(1.5, cost) * peak;
    assert.ok(Math.abs(value - wanted) < 1e-5, `${value} and ${wanted}`);
  });
});

Deno.test("fusion mlp counts the cost of a hundred grades, of heads that are certain", () => {
  const layer = fusionLayer({ heads: ["a", "b"], fusion: { name: "mlp", hidden: [4] } });
  const certain = tf.oneHot([0, 99], 100).mul(300) as Tensor2D;
  const answer = (layer.apply([certain, certain]) as Tensor2D).arraySync();
  assert.ok(answer.flat().every(Number.isFinite));
  assert.deepEqual(answer.map((row) => row.indexOf(Math.max(...row))), [0, 99]);
  const highest = -1.5 * Math.log1p(Math.exp(0.1));
  const [first] = answer;
  assert.deepEqual([first[0], first[1]], [300, 0]);
  for (const far of [2, 50, 99]) assert.ok(Math.abs(first[far] - highest) < 1e-6, `${first[far]}`);
});

Deno.test("fusion mlp drops in training only, by its key", async () => {
  const model = await fourHeads(FUSIONS[1]);
  randomize(model);
  const layer = fusionOf(model) as ReturnType<typeof fusionOf> & { maskKey: string };
  const inputs = model.heads.map((_, i) => randomLogits(4, i));
  const answer = (training: boolean, key: string) => {
    layer.maskKey = key;
    return [...(layer.apply(inputs, { training }) as Tensor).dataSync()];
  };
  assert.deepEqual(answer(false, "a"), answer(false, "b"));
  assert.deepEqual(answer(true, "a"), answer(true, "a"));
  assert.notDeepEqual(answer(true, "a"), answer(true, "b"));
  assert.notDeepEqual(answer(true, "a"), answer(false, "a"));
  assert.notDeepEqual(answer(true, ""), answer(true, ""));
});

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

/** Gives the fusion weights that matter; its first values let all heads vote alike. */
function randomize(model: HybridModel, deviation = 1): void {
  const layer = fusionOf(model);
  const random = (shape: number[], seed: number) =>
    tf.randomNormal(shape, 0, deviation, "float32", seed);
  layer.setWeights(layer.getWeights().map((weight, i) => random(weight.shape, 31 + i)));
}

function randomLogits(batch: number, seed: number): Tensor2D {
  return tf.randomNormal([batch, 5], 0, 2, "float32", seed + 1);
}

function fromLogits(yTrue: Tensor, yPred: Tensor): Tensor {
  return tf.logSoftmax(yPred as Tensor2D).mul(yTrue).sum(1).neg();
}

function finiteDifference(
  tf: Tf,
  variable: Variable,
  { at, loss }: { readonly at: number; readonly loss: () => Scalar },
): number {
  const values = Float32Array.from(variable.dataSync());
  const step = 5e-3;
  const [above, below] = [step, -step].map((shift) =>
    tf.tidy(() => {
      const moved = values.slice();
      moved[at] += shift;
      variable.assign(tf.tensor(moved, variable.shape));
      return loss().dataSync()[0];
    })
  );
  variable.assign(tf.tensor(values, variable.shape));
  return (above - below) / (2 * step);
}
