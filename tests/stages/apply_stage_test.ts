import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { applyStage, defineStages, type Stage } from "../../src/stages/mod.ts";
import { runLayers } from "../../src/tensors/run_layers.ts";
import { changed, headedModel, nestedModel, samples, weightsOf } from "./models.ts";

function stage(train: string[], heads: string[], lossWeights: Record<string, number> = {}): Stage {
  return defineStages([{ name: "s", epochs: 1, train, heads, lossWeights }])[0];
}

function compile(model: tf.LayersModel, optimizer: tf.Optimizer = tf.train.adam(0.01)) {
  model.compile({ optimizer, loss: "meanSquaredError" });
}

async function fit(model: tf.LayersModel, options: tf.ModelFitArgs = {}) {
  const { x, y } = samples(model.outputs.length);
  const args = { epochs: 3, batchSize: 10, shuffle: false, verbose: 0, ...options };
  return (await model.fit(x, y.length === 1 ? y[0] : y, args)).history;
}

const ROWS: [string, string[], string[], RegExp][] = [
  ["trunk and head a", ["trunk*", "head_a*"], ["head_a"], /^(trunk|head_a)/],
  ["head b alone", ["head_b*"], ["head_b"], /^head_b/],
  ["everything", ["*"], ["head_a", "head_b"], /./],
];

for (const [name, train, heads, moving] of ROWS) {
  Deno.test(`applyStage() moves what trains and keeps every frozen byte: ${name}`, async () => {
    const model = headedModel();
    compile(model);
    const before = weightsOf(model);
    const applied = applyStage(model, stage(train, heads));
    await fit(model, { callbacks: applied.callback });
    // A weight right before a batch normalisation has no gradient: the mean is taken off again.
    const idle = /(_conv|_hidden)\/bias$/;
    const wanted = [...before.keys()].filter((key) => moving.test(key) && !idle.test(key)).sort();
    const moved = changed(before, weightsOf(model)).filter((key) => !idle.test(key));
    assert.deepEqual(moved, wanted);
    applied.assertFrozen();
    applied.restore();
  });
}

Deno.test("applyStage() control: trainable = false alone lets frozen statistics move", async () => {
  const model = headedModel();
  for (const layer of model.layers) layer.trainable = layer.name.startsWith("head_a");
  compile(model);
  const before = weightsOf(model);
  await fit(model);
  assert.ok(changed(before, weightsOf(model)).some((name) => name.startsWith("trunk_bn/moving")));
});

Deno.test("applyStage() keeps frozen layers in inference mode through runLayers()", () => {
  const model = headedModel();
  const { x } = samples(2);
  const run = (training: boolean) =>
    tf.tidy(() => runLayers(model, x, { training, outputs: ["flat"] }).outputs[0].dataSync());
  const applied = applyStage(model, stage(["head_a*"], ["head_a"]));
  assert.deepEqual(run(true), run(false));
  applied.assertFrozen();
  applied.restore();
  assert.notDeepEqual(run(true), run(false));
});

Deno.test("applyStage() reaches the layers of nested models", async () => {
  const model = nestedModel();
  compile(model);
  const before = weightsOf(model);
  const applied = applyStage(model, stage(["head"], ["head"]));
  assert.deepEqual(applied.frozen, ["base/conv", "base/bn", "flat"]);
  await fit(model, { callbacks: applied.callback });
  assert.deepEqual(changed(before, weightsOf(model)), ["head/bias", "head/kernel"]);
  applied.restore();
});

Deno.test("applyStage() takes a nested model, a path and a bare inner name as patterns", () => {
  for (const pattern of ["base", "base/*", "base/conv"]) {
    const applied = applyStage(nestedModel(), stage([pattern], ["head"]));
    const wanted = pattern === "base/conv" ? ["base/conv"] : ["base/conv", "base/bn"];
    assert.deepEqual(applied.trainable, wanted);
  }
  assert.deepEqual(applyStage(nestedModel(), stage(["bn"], ["head"])).trainable, ["base/bn"]);
});

Deno.test("applyStage() gives inactive heads no say, not even with NaN", async () => {
  const model = headedModel();
  const [kernel, bias] = model.getLayer("head_b").getWeights();
  model.getLayer("head_b").setWeights([tf.fill(kernel.shape, NaN), bias]);
  compile(model);
  const applied = applyStage(model, stage(["trunk*", "head_a*"], ["head_a"]));
  const history = await fit(model, { callbacks: applied.callback });
  assert.ok(history.loss.every((loss) => Number.isFinite(loss as number)));
  const trunk = [...weightsOf(model)].filter(([name]) => !name.startsWith("head_b/"));
  assert.ok(trunk.every(([, values]) => values.every(Number.isFinite)));
  applied.restore();
});

Deno.test("applyStage() gives the same training as a model without the inactive head", async () => {
  const [both, alone] = [headedModel(), headedModel(["head_a"])];
  for (const model of [both, alone]) {
    compile(model);
    const applied = applyStage(model, stage(["trunk*", "head_a*"], ["head_a"]));
    await fit(model, { callbacks: applied.callback });
    applied.restore();
  }
  const [left, right] = [weightsOf(both), weightsOf(alone)];
  for (const [name, values] of right) assert.deepEqual([name, left.get(name)], [name, values]);
});

Deno.test("applyStage() weighs the losses of active heads", async () => {
  const loss = async (lossWeights: Record<string, number>) => {
    const model = headedModel();
    compile(model, tf.train.sgd(0));
    const heads = Object.keys(lossWeights);
    applyStage(model, stage(["head*"], heads, lossWeights));
    return (await fit(model, { epochs: 1 })).loss[0] as number;
  };
  const [a, b] = [await loss({ head_a: 1 }), await loss({ head_b: 1 })];
  const both = await loss({ head_a: 0.5, head_b: 2 });
  assert.ok(Math.abs(both - (0.5 * a + 2 * b)) < 1e-5);
});

Deno.test("applyStage() reports the loss of the active head as val_loss", async () => {
  const model = headedModel();
  model.compile({ optimizer: tf.train.sgd(0), loss: "meanSquaredError", metrics: ["mse"] });
  const { x, y } = samples(2);
  const applied = applyStage(model, stage(["head_b*"], ["head_b"]));
  const history = await fit(model, { epochs: 1, validationData: [x, y] });
  const losses = model.evaluate(x, y, { batchSize: 10 }) as tf.Scalar[];
  const named = Object.fromEntries(model.metricsNames.map((n, i) => [n, losses[i].dataSync()[0]]));
  assert.ok(named.loss > 0.1);
  assert.equal(named.head_a_loss, 0);
  assert.equal(named.head_b_loss, named.loss);
  assert.equal(named.head_b_mse, named.loss);
  assert.equal(history.val_loss[0], named.loss);
  applied.restore();
  assert.equal(Object.hasOwn(model, "makeTestFunction"), false);
});

Deno.test("applyStage() applies again in each epoch, over what was set by hand", async () => {
  const model = headedModel();
  compile(model);
  const applied = applyStage(model, stage(["head_a*"], ["head_a"]));
  const before = weightsOf(model);
  for (const layer of model.layers) layer.trainable = layer.name.startsWith("trunk");
  await fit(model, { epochs: 4, callbacks: applied.callback });
  assert.equal(applied.applications, 4);
  applied.assertFrozen();
  assert.ok(changed(before, weightsOf(model)).every((name) => name.startsWith("head_a")));
});

for (const [what, build] of [["functional", headedModel], ["sequential", sequential]] as const) {
  Deno.test(`applyStage() applies before each pass of train and of val: ${what}`, async () => {
    const model = build(["head_a"]);
    compile(model);
    const { x, y } = samples(1);
    const applied = applyStage(model, stage(["head_a"], ["head_a"]));
    const before = weightsOf(model);
    const meddle = () => {
      for (const layer of model.layers) layer.trainable = true;
    };
    const atValidation: boolean[] = [];
    const bn = model.layers.find((layer) => layer.name.endsWith("bn"))!;
    const { call } = bn;
    bn.call = (inputs, kwargs) => (atValidation.push(bn.trainable), call.call(bn, inputs, kwargs));
    const { onEpochBegin } = applied.callback;
    await fit(model, {
      epochs: 3,
      validationData: [x, y[0]],
      callbacks: { onEpochBegin, onBatchBegin: () => Promise.resolve(meddle()) },
    });
    assert.deepEqual(applied.passes, { train: 3, val: 3 });
    assert.equal(applied.applications, 6);
    // Set by hand in each batch, and overwritten before validation: one training and one validation
    // batch in each epoch.
    assert.deepEqual(atValidation, [true, false, true, false, true, false]);
    assert.deepEqual(changed(before, weightsOf(model)), ["head_a/bias", "head_a/kernel"]);
    model.evaluate(x, y[0], { batchSize: 10 });
    assert.deepEqual(applied.passes, { train: 3, val: 4 });
    applied.apply();
    applied.apply("val");
    assert.deepEqual(applied.passes, { train: 4, val: 5 });
    applied.restore();
    model.evaluate(x, y[0], { batchSize: 10 });
    assert.deepEqual(applied.passes, { train: 4, val: 5 });
  });

  Deno.test(`applyStage() applies before a validation on a dataset, too: ${what}`, async () => {
    const model = build(["head_a"]);
    compile(model);
    const { x, y } = samples(1);
    const dataset = tf.data.array([{ xs: x, ys: y[0] }]);
    const applied = applyStage(model, stage(["head_a"], ["head_a"]));
    await model.fitDataset(dataset, {
      epochs: 2,
      verbose: 0,
      validationData: dataset,
      callbacks: applied.callback,
    });
    assert.deepEqual(applied.passes, { train: 2, val: 2 });
    applied.assertFrozen();
    applied.restore();
    assert.equal(Object.hasOwn(model, "evaluateDataset"), false);
  });
}

Deno.test("applyStage() gives a masked head no gradient even with a loss weight forced on it", async () => {
  const model = headedModel();
  compile(model);
  const checked = stage(["*"], ["head_a"]);
  const forced = { ...checked, lossWeights: { ...checked.lossWeights, head_b: 5 } };
  const before = weightsOf(model);
  const applied = applyStage(model, forced);
  await fit(model, { callbacks: applied.callback });
  // Its statistics follow the trunk, which trains; everything that a gradient moves stands still.
  const moved = changed(before, weightsOf(model)).filter((name) => name.startsWith("head_b"));
  assert.ok(moved.every((name) => name.includes("/moving_")), moved.join());
  applied.restore();
});

Deno.test("assertFrozen() lists what moved", () => {
  const model = headedModel();
  const applied = applyStage(model, stage(["head_a*"], ["head_a"]));
  applied.assertFrozen();
  const bn = model.getLayer("trunk_bn");
  bn.setWeights(bn.getWeights().map((weight, i) => i === 2 ? weight.add(1e-7) : weight));
  assert.throws(() => applied.assertFrozen(), /1 frozen weights moved: trunk_bn .*moving_mean/);
});

Deno.test("restore() leaves the model as a fresh one, and may be called twice", () => {
  const [model, fresh] = [headedModel(), headedModel()];
  for (const each of [model, fresh]) {
    each.getLayer("trunk_conv").trainable = false;
    each.getLayer("head_b").weights[0].trainable = false;
    compile(each);
  }
  const [a, b] = [stage(["trunk*"], ["head_a"]), stage(["head_b*"], ["head_b"])];
  const first = applyStage(model, a);
  const masks = [a, b, a].map((s) => {
    const applied = applyStage(model, s);
    return [applied.trainable, model.trainableWeights.map((w) => w.originalName)];
  });
  assert.deepEqual(masks[0], masks[2]);
  assert.throws(() => first.apply(), /stage "s" is over/);
  applyStage(model, b).restore();
  first.restore();
  assert.deepEqual(stateOf(model), stateOf(fresh));
});

/** Everything a stage touches. */
function stateOf(model: tf.LayersModel): unknown {
  const { optimizer, collectedTrainableWeights } = model as unknown as {
    optimizer: object;
    collectedTrainableWeights: tf.LayerVariable[];
  };
  return {
    own: Object.getOwnPropertyNames(model).sort(),
    symbols: Object.getOwnPropertySymbols(model),
    optimizer: Object.getOwnPropertyNames(optimizer).sort(),
    losses: model.lossFunctions.map((loss) => loss.toString()),
    collected: collectedTrainableWeights.map((weight) => weight.originalName),
    layers: model.layers.map((layer) => [
      layer.name,
      layer.trainable,
      Object.getOwnPropertyNames(layer).sort(),
      layer.weights.map((weight) => [weight.originalName, weight.trainable]),
    ]),
  };
}

Deno.test("applyStage() trains what was frozen when the model was compiled", async () => {
  const model = headedModel();
  for (const layer of model.layers) layer.trainable = layer.name.startsWith("trunk");
  compile(model);
  const before = weightsOf(model);
  const applied = applyStage(model, stage(["head_a"], ["head_a"]));
  await fit(model, { callbacks: applied.callback });
  assert.deepEqual(changed(before, weightsOf(model)), ["head_a/bias", "head_a/kernel"]);
  applied.restore();
});

Deno.test("applyStage() may come before compile()", async () => {
  for (const model of [headedModel(["head_a"]), sequential()]) {
    const applied = applyStage(model, stage(["head_a"], ["head_a"]));
    compile(model);
    const before = weightsOf(model);
    await fit(model, { callbacks: applied.callback });
    assert.deepEqual(changed(before, weightsOf(model)), ["head_a/bias", "head_a/kernel"]);
    applied.restore();
    assert.equal(model.trainableWeights.length > 2, true);
    await fit(model);
    assert.ok(changed(before, weightsOf(model)).length > 2, "all weights train after restore()");
  }
});

Deno.test("applyStage() trains a layer of a sequential model that is frozen as a whole", async () => {
  const model = sequential();
  model.trainable = false;
  compile(model);
  const before = weightsOf(model);
  const applied = applyStage(model, stage(["head_a"], ["head_a"]));
  await fit(model, { callbacks: applied.callback });
  assert.deepEqual(changed(before, weightsOf(model)), ["head_a/bias", "head_a/kernel"]);
  applied.restore();
  assert.deepEqual(model.trainableWeights, []);
});

function sequential(): tf.LayersModel {
  return tf.sequential({
    layers: [
      tf.layers.flatten({ inputShape: [4, 4, 1], name: "flat" }),
      tf.layers.dense({ units: 3, name: "hidden" }),
      tf.layers.batchNormalization({ name: "bn" }),
      tf.layers.dense({ units: 2, name: "head_a" }),
    ],
  });
}

Deno.test("applyStage() works for any heads, a fourth included", () => {
  const heads = ["one", "two", "three", "four"];
  const model = headedModel(heads);
  for (const head of heads) {
    const applied = applyStage(model, stage([`${head}*`], [head]));
    assert.deepEqual(applied.trainable, [`${head}_hidden`, `${head}_bn`, head]);
    applied.restore();
  }
});

Deno.test("applyStage() names what is wrong and leaves the model as it was", () => {
  const model = headedModel();
  compile(model);
  const wanted = stateOf(model);
  for (
    const [bad, message] of [
      [stage(["trunk_com*"], ["head_a"]), /pattern "trunk_com\*" matches no layer.*"trunk_conv"/],
      [stage(["trunk*"], ["head_c"]), /unknown head "head_c". Did you mean "head_a"/],
      [stage(["flat"], ["head_a"]), /stage "s": flat have no weights/],
    ] as [Stage, RegExp][]
  ) {
    assert.throws(() => applyStage(model, bad), { message });
    assert.deepEqual(stateOf(model), wanted);
  }
});
