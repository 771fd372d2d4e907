import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { checkRandomization, type Explainer } from "../../../src/explain/check/mod.ts";
import { layersDownward } from "../../../src/explain/check/layers_downward.ts";
import { shuffleWeights } from "../../../src/explain/check/remembered_weights.ts";
import { explain } from "../../../src/explain/explain.ts";
import { branching, shareInside } from "../models.ts";
import { edges, patches, patchModel, stateOf } from "./subjects.ts";

const gradCam: Explainer = (model, images, options) => explain(model, images, options);

Deno.test("checkRandomization() passes Grad-CAM and names the layers from the head down", async () => {
  const { images } = patches(8);
  const model = patchModel({ nested: true, batchNorm: true });
  const check = await checkRandomization(model, images, { seed: 1 });
  assert.deepEqual(check.steps.map((step) => step.layers), [["head"], ["base/bn"], ["base/conv"]]);
  assert.equal(check.verdict, "passed", check.reason);
  assert.ok(check.spearman! < 0.5);
  assert.equal(check.maps, 8);
  assert.deepEqual(JSON.parse(JSON.stringify(check)), check);
});

Deno.test("checkRandomization() fails an edge detector, which does not look at the model", async () => {
  const { images } = patches(8);
  const check = await checkRandomization(patchModel(), images, { explainer: edges, seed: 1 });
  assert.equal(check.verdict, "failed");
  assert.deepEqual([check.spearman, check.ssim], [1, 1]);
  assert.match(check.reason, /do not change.*Spearman 1\.00.*do not show what the model learnt/);
});

Deno.test("checkRandomization() explains the class from before, however the scores turn", async () => {
  const { images } = patches(6);
  const asked: unknown[] = [];
  const listen: Explainer = async (model, given, options) => {
    asked.push(options.target);
    return await gradCam(model, given, options);
  };
  const model = patchModel();
  const before = await explain(model, images);
  await checkRandomization(model, images, { explainer: listen, draws: 1 });
  const classes = before.map((cam) => cam.target);
  assert.deepEqual(asked, ["predicted", classes, classes]);
  assert.deepEqual([...new Set(classes)].sort(), [0, 1]);
});

Deno.test("checkRandomization() exchanges weights on top of one another, in at most so many steps", async () => {
  const { images } = patches(4);
  const model = patchModel({ batchNorm: true });
  const original = stateOf(model).weights;
  const changed: boolean[][] = [];
  const watch: Explainer = async (given, x, options) => {
    changed.push(model.layers.map((layer) =>
      layer.weights.some((weight) => {
        const kept = original[model.weights.indexOf(weight)];
        return weight.read().dataSync().some((value, i) => value !== kept[i]);
      })
    ));
    return await gradCam(given, x, options);
  };
  const names = model.layers.map((layer) => layer.name);
  const seen = () => changed.map((flags) => names.filter((_, i) => flags[i]));
  await checkRandomization(model, images, { explainer: watch, draws: 2 });
  const all = ["conv", "bn", "head"];
  assert.deepEqual(seen(), [[], ["head"], ["bn", "head"], all, all]);
  changed.length = 0;
  const check = await checkRandomization(model, images, { explainer: watch, draws: 1, steps: 2 });
  assert.deepEqual(check.steps.map((step) => step.layers.length), [2, 1]);
  assert.deepEqual(seen(), [[], ["bn", "head"], all]);
});

Deno.test("checkRandomization() puts weights back byte by byte, also after a throw", async () => {
  const { images } = patches(5);
  const model = patchModel({ nested: true, batchNorm: true });
  model.getLayer("head").trainable = false;
  const before = stateOf(model);
  await checkRandomization(model, images, { seed: 2 });
  assert.deepEqual(stateOf(model), before);
  let calls = 0;
  const breaks: Explainer = (given, x, options) => {
    if (calls++ === 2) throw new Error("from the method");
    return gradCam(given, x, options);
  };
  await assert.rejects(checkRandomization(model, images, { explainer: breaks }), /from the method/);
  assert.deepEqual(stateOf(model), before);
});

Deno.test("checkRandomization() puts weights back that a constraint would change", async () => {
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({
        filters: 2,
        kernelSize: 3,
        inputShape: [16, 16, 3],
        kernelConstraint: tf.constraints.unitNorm({}),
      }),
      tf.layers.globalAveragePooling2d({}),
      tf.layers.dense({ units: 2 }),
    ],
  });
  const before = stateOf(model);
  await checkRandomization(model, patches(4).images, { draws: 1 });
  assert.deepEqual(stateOf(model), before);
});

Deno.test("checkRandomization() repeats with the seed", async () => {
  const { images } = patches(6);
  const model = patchModel();
  const run = async (seed: number) =>
    JSON.stringify(await checkRandomization(model, images, { seed }));
  assert.equal(await run(1), await run(1));
  assert.notEqual(await run(1), await run(2));
});

Deno.test("checkRandomization() decides nothing on a few maps, or where nothing can be exchanged", async () => {
  const { images } = patches(3);
  const few = await checkRandomization(patchModel(), images);
  assert.equal(few.verdict, "undecided");
  assert.match(few.reason, /^3 maps are ok, at least 4 are needed/);
  assert.deepEqual([few.steps, few.spearman], [[], null]);
  const model = patchModel();
  for (const layer of model.layers) layer.setWeights(layer.getWeights().map((w) => w.onesLike()));
  const constant = await checkRandomization(model, patches(5).images, { explainer: edges });
  assert.equal(constant.verdict, "undecided");
  assert.match(constant.reason, /each has but one value/);
});

Deno.test("checkRandomization() takes maps that become blank as maps that changed", async () => {
  const { images } = patches(5);
  let calls = 0;
  const vanishes: Explainer = async (model, given, options) => {
    const cams = await gradCam(model, given, options);
    return calls++ === 0 ? cams : cams.map((cam) => ({ ...cam, status: "zero" as const }));
  };
  const check = await checkRandomization(patchModel(), images, { explainer: vanishes });
  assert.deepEqual([check.verdict, check.spearman], ["passed", null]);
  assert.deepEqual(check.steps.map((step) => [step.compared, step.blank]), [[0, 5], [0, 5]]);
});

Deno.test("layersDownward() visits a shared layer once and leaves other heads out", () => {
  const paths = (model: tf.LayersModel, output = 0) =>
    layersDownward(model.outputs[output] as never).map((layer) => layer.path);
  assert.deepEqual(paths(shareInside()), ["head", "shared"]);
  assert.deepEqual(paths(branching({ outputs: 2 }), 1), ["head_b", "only_b", "trunk"]);
});

Deno.test("shuffleWeights() keeps the numbers of each weight, moves each and makes no NaN", async () => {
  const layer = tf.layers.batchNormalization({ inputShape: [6] });
  tf.sequential({ layers: [layer] });
  const given = [[1, 2, 3, 4, 5, 6], [6, 5, 4, 3, 2, 1], [0, 1, 0, 2, 0, 3], [1, 1, 1, 1, 1, 1]];
  layer.setWeights(given.map((values) => tf.tensor1d(values)));
  const moved = await shuffleWeights(tf, { path: "bn", weights: layer.weights }, { seed: "1" });
  const found = layer.getWeights().map((weight) => [...weight.dataSync()]);
  const sorted = (rows: number[][]) => rows.map((row) => row.toSorted((a, b) => a - b));
  assert.deepEqual(sorted(found), sorted(given));
  for (const row of [0, 1]) found[row].forEach((value, i) => assert.notEqual(value, given[row][i]));
  assert.equal(moved, 18);
});

Deno.test("checkRandomization() names what is wrong", async () => {
  const { images } = patches(4);
  const model = patchModel();
  const wrong: [object, RegExp][] = [
    [{ step: 2 }, /Did you mean "steps"/],
    [{ steps: 0 }, /found steps 0/],
    [{ draws: 1.5 }, /found draws 1.5/],
    [{ threshold: 2 }, /found threshold 2/],
    [{ seed: -1 }, /seed must be a whole number/],
    [{ head: "heat" }, /Did you mean "head"/],
  ];
  for (const [options, message] of wrong) {
    await assert.rejects(checkRandomization(model, images, options), { message });
  }
});
