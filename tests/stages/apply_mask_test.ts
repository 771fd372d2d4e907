import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { SeededRandom } from "../../src/_internal/seeded_random.ts";
import { fusionOf, type HybridModel, hybridModel } from "../../src/model/hybrid_model.ts";
import { predict } from "../../src/model/predict.ts";
import { applyMask, applyStage, defineStages, type RecordedMask } from "../../src/stages/mod.ts";
import { openTensors } from "../../src/tensors/open_tensors.ts";
import { headedModel, samples } from "./models.ts";
import { HEADS } from "./table_a2.ts";

const MASKS = [1, 2, 3, 4, 5, 6, 7].map((bits) => HEADS.filter((_, i) => bits >> i & 1));

function stageOf(heads: readonly string[], train: readonly string[] = ["*"]) {
  return defineStages([{ name: "s", epochs: 1, train, heads }])[0];
}

/** What a checkpoint would hold: text. */
function recorded(model: tf.LayersModel, heads: readonly string[]): RecordedMask {
  const applied = applyStage(model, stageOf(heads));
  const text = JSON.stringify(applied);
  applied.restore();
  return JSON.parse(text);
}

async function smallHybrid(): Promise<HybridModel> {
  await openTensors({ prefer: "cpu" });
  const model = hybridModel({
    classes: ["none", "mild", "moderate", "severe", "proliferative"],
    imageSize: 12,
    filters: [4, 6],
    compressed: 6,
    wires: 2,
    layers: 1,
  });
  const fusion = fusionOf(model);
  // Its first values let all heads vote alike.
  fusion.setWeights(
    fusion.getWeights().map((weight, i) => tf.randomNormal(weight.shape, 0, 1, "float32", 11 + i)),
  );
  return model;
}

const IMAGES = tf.randomUniform([32, 12, 12, 3], 0, 1, "float32", 9);

/** The fused answer of tfjs's own executor. */
function fused({ network }: HybridModel, images: tf.Tensor): number[] {
  return Array.from((network.predict(images) as tf.Tensor[])[3].dataSync());
}

Deno.test("applyStage() lets only active heads vote: the answer stays to the bit while masked ones are NaN", async () => {
  const model = await smallHybrid();
  const all = fused(model, IMAGES);
  for (const heads of MASKS) {
    const applied = applyStage(model.network, stageOf(heads));
    const clean = fused(model, IMAGES);
    assert.ok(clean.every(Number.isFinite));
    if (heads.length < 3) assert.notDeepEqual(clean, all);
    const before = HEADS.map((head) =>
      model.network.getLayer(head).getWeights().map((weight) => tf.tensor(weight.arraySync()))
    );
    for (const head of HEADS.filter((head) => !heads.includes(head))) {
      const layer = model.network.getLayer(head);
      layer.setWeights(layer.getWeights().map((weight) => tf.fill(weight.shape, NaN)));
    }
    assert.deepEqual(fused(model, IMAGES), clean, `mask ${heads}`);
    HEADS.forEach((head, i) => model.network.getLayer(head).setWeights(before[i]));
    applied.restore();
    assert.deepEqual(fused(model, IMAGES), all);
  }
});

Deno.test("applyStage() one image answers the same alone and among 32, under every mask", async () => {
  const model = await smallHybrid();
  for (const heads of MASKS) {
    const applied = applyStage(model.network, stageOf(heads));
    const together = fused(model, IMAGES).slice(17 * 5, 18 * 5);
    const alone = fused(model, IMAGES.slice([17], [1]));
    alone.forEach((x, i) => assert.ok(Math.abs(x - together[i]) <= 1e-6, `mask ${heads}`));
    applied.restore();
  }
});

Deno.test("applyStage() votes again over what was set by hand, and leaves a later choice alone", async () => {
  const model = await smallHybrid();
  const fusion = fusionOf(model);
  const applied = applyStage(model.network, stageOf(["classical_a"]));
  fusion.activeHeads = HEADS;
  applied.apply();
  assert.deepEqual(fusion.activeHeads, ["classical_a"]);
  fusion.activeHeads = ["quantum"];
  applied.restore();
  assert.deepEqual(fusion.activeHeads, ["quantum"]);
});

Deno.test("applyMask() restores the recorded votes: predict answers null for a masked head", async () => {
  const image = { width: 12, height: 12, data: new Uint8Array(12 * 12 * 3).map((_, i) => i % 251) };
  for (const heads of MASKS) {
    const mask = recorded((await smallHybrid()).network, heads);
    const model = await smallHybrid();
    const applied = applyMask(model.network, mask);
    const [answer] = await predict(model, [image]);
    for (const head of HEADS) {
      assert.equal(answer.heads[head] === null, !heads.includes(head), head);
      assert.equal(answer.fusionWeights[head] === null, !heads.includes(head), head);
    }
    assert.deepEqual(applied.heads, Object.fromEntries(HEADS.map((h) => [h, heads.includes(h)])));
    applied.restore();
    applied.restore();
    assert.deepEqual(fusionOf(model).activeHeads, HEADS);
  }
});

Deno.test("a mask holds for any list of heads, from the stage to the answers", async () => {
  const random = new SeededRandom(4);
  for (let round = 0; round < 12; round++) {
    const heads = Array.from({ length: 1 + random.integer(5) }, (_, i) => `head_${i}`);
    const active = heads.filter(() => random.integer(2) === 1);
    if (active.length === 0) active.push(heads[0]);
    const model = headedModel(heads);
    model.compile({ optimizer: tf.train.adam(0.01), loss: "meanSquaredError" });
    const { x, y } = samples(heads.length);
    const train = ["trunk*", ...active.map((head) => `${head}*`)];
    const applied = applyStage(model, stageOf(active, train));
    const args = { epochs: 1, batchSize: 10, verbose: 0, callbacks: applied.callback };
    await model.fit(x, y.length === 1 ? y[0] : y, args);
    applied.assertFrozen();
    const mask: RecordedMask = JSON.parse(JSON.stringify(applied));
    applied.restore();
    assert.deepEqual([mask.heads, mask.activeHeads], [heads, active]);
    const outputs = model.predict(x) as tf.Tensor | tf.Tensor[];
    const answers = applyMask(model, mask).answers(outputs);
    assert.deepEqual(Object.keys(answers), heads);
    for (const head of heads) assert.equal(answers[head] === null, !active.includes(head));
  }
});

Deno.test("toJSON() says what trained and what did not", () => {
  const applied = applyStage(headedModel(), stageOf(["head_b"], ["head_b*"]));
  assert.deepEqual(JSON.parse(JSON.stringify(applied)), {
    schema: "qsight.mask/1",
    stage: "s",
    heads: ["head_a", "head_b"],
    activeHeads: ["head_b"],
    skipEnsemble: false,
    trainable: ["head_b_hidden", "head_b_bn", "head_b"],
    frozen: [
      "trunk_conv",
      "trunk_bn",
      "trunk_dropout",
      "flat",
      "head_a_hidden",
      "head_a_bn",
      "head_a",
    ],
  });
});

Deno.test("skipEnsemble lets the first active head answer alone, in training and from the record", async () => {
  const model = await smallHybrid();
  const fusion = fusionOf(model);
  const heads = ["classical_b", "quantum"];
  const [stage] = defineStages([
    { name: "s", epochs: 1, train: ["quantum"], heads, skipEnsemble: true },
  ]);
  const alone = (check: (a: number[], b: number[]) => void) => {
    const outputs = model.network.predict(IMAGES) as tf.Tensor[];
    check(Array.from(outputs[3].dataSync()), Array.from(outputs[1].dataSync()));
  };
  const applied = applyStage(model.network, stage);
  alone(assert.deepEqual);
  fusion.skipEnsemble = false;
  applied.apply();
  alone(assert.deepEqual);
  const mask: RecordedMask = JSON.parse(JSON.stringify(applied));
  applied.restore();
  alone(assert.notDeepEqual);
  const again = applyMask(model.network, mask);
  alone(assert.deepEqual);
  again.restore();
  assert.deepEqual([fusion.activeHeads, fusion.skipEnsemble], [HEADS, false]);
});

const BAD: [string, object | null, RegExp][] = [
  ["a switch that is a text", { skipEnsemble: "no" }, /skipEnsemble must be true or false/],
  ["nothing", null, /options must be an object, found null/],
  ["another form", { schema: "qsight.mask/2" }, /found schema "qsight.mask\/2", wanted/],
  ["a misspelt key", { active: [] }, /unknown option "active"/],
  ["a mask of numbers", { activeHeads: [1, 0] }, /activeHeads must be an array of texts/],
  ["another model's heads", { heads: ["head_a", "c"] }, /missing head_b, unexpected c/],
  ["no active head", { activeHeads: [] }, /the mask of stage "s" leaves no head active/],
  ["an unknown active head", { activeHeads: ["head_c"] }, /unknown head "head_c"/],
];

for (const [what, fields, message] of BAD) {
  Deno.test(`applyMask() rejects ${what}`, () => {
    const model = headedModel();
    const mask = fields === null ? null : { ...recorded(model, ["head_a"]), ...fields };
    assert.throws(() => applyMask(model, mask as RecordedMask), message);
  });
}

Deno.test("answers() rejects another number of outputs", () => {
  const model = headedModel();
  const mask = applyMask(model, recorded(model, ["head_a"]));
  assert.throws(() => mask.answers([1]), /found 1 outputs, wanted 2: head_a, head_b/);
});
