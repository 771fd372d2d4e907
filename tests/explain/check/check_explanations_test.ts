import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { checkExplanations, type Explainer, formatCheck } from "../../../src/explain/check/mod.ts";
import { modelInput, probabilityOf } from "../../../src/explain/check/model_score.ts";
import { explain } from "../../../src/explain/explain.ts";
import { branching } from "../models.ts";
import { edges, patches, patchModel, SIDE, stateOf } from "./subjects.ts";

/** Every number of a result. */
function numbersOf(value: unknown): number[] {
  if (typeof value === "number") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(numbersOf);
}

Deno.test("checkExplanations() trusts Grad-CAM on a model that sees patches, not edges nor noise", async () => {
  const { images, labels, masks } = patches(12);
  const check = await checkExplanations(patchModel(), images, {
    methods: ["gradcam", "random"],
    explainers: { edges },
    labels,
    masks,
    seed: 3,
  });
  const [gradcam, random, outline] = check.methods;
  assert.deepEqual([check.head, check.images, check.correct], ["head", 12, 12]);
  assert.equal(gradcam.verdict, "trustworthy", gradcam.reasons.join("; "));
  assert.match(gradcam.reasons[0], /^ROAD 0\.\d\d against -?0\.\d\d of a random map$/);
  assert.ok(gradcam.road.gain!.low > 0);
  for (const name of ["road", "deletion", "insertion", "averageDrop", "increase"] as const) {
    const { value, random, gain, direction } = gradcam[name];
    const better = direction === "higher is better" ? value! - random! : random! - value!;
    assert.ok(Math.abs(gain!.mean - better) < 1e-9, name);
  }
  assert.deepEqual([gradcam.road, gradcam.deletion].map((measure) => measure.direction), [
    "higher is better",
    "lower is better",
  ]);
  assert.ok(gradcam.deletion.value! < gradcam.deletion.random!);
  assert.ok(gradcam.insertion.value! > gradcam.insertion.random!);
  assert.ok(gradcam.pointing!.value! > 0.9 && gradcam.pointing!.chance < 0.12);
  assert.ok(gradcam.energy!.value! > gradcam.energy!.chance);
  assert.equal(random.verdict, "doubtful", random.reasons.join("; "));
  assert.equal(outline.verdict, "doubtful");
  assert.match(outline.reasons[0], /do not change when the weights are randomised/);
  assert.ok(numbersOf(check).every(Number.isFinite));
  assert.deepEqual(JSON.parse(JSON.stringify(check)), check);
  const lines = formatCheck(check);
  assert.match(lines[0], /head "head" true\? 12 images, 12 predicted right, seed 3/);
  const [header, rule, ...rows] = lines.slice(2, 7);
  assert.match(header, /^method +ok +ROAD \+ +deletion - .*energy \+ +randomised - +verdict$/);
  assert.match(rule, /^[- ]+$/);
  assert.deepEqual(rows.map((row) => row.split(/ +/)[0]), ["gradcam", "random", "edges"]);
  const column = header.indexOf("verdict");
  assert.deepEqual(rows.map((row) => row.slice(column)), ["trustworthy", "doubtful", "doubtful"]);
});

Deno.test("checkExplanations() doubts a map of the place that does not matter", async () => {
  const { images } = patches(8);
  const upsideDown: Explainer = async (model, x, options) => {
    const cams = await explain(model, x, options);
    return cams.map((cam) => ({ ...cam, map: cam.map.map((value) => 1 - value) }));
  };
  const check = await checkExplanations(patchModel(), images, { explainers: { upsideDown } });
  assert.deepEqual(check.methods.map((x) => x.method), ["upsideDown"]);
  assert.equal(check.methods[0].verdict, "doubtful");
  assert.match(check.methods[0].reasons[0], /^ROAD -0\.\d\d against .*: no better$/);
});

Deno.test("checkExplanations() counts blank maps and leaves them out", async () => {
  const { images, masks } = patches(6);
  images[2].data.fill(NaN);
  const check = await checkExplanations(patchModel(), images, { masks, randomization: false });
  const [gradcam] = check.methods;
  assert.deepEqual([gradcam.images, gradcam.ok, gradcam.blank], [6, 5, { nonfinite: 1 }]);
  assert.deepEqual([gradcam.road.images, gradcam.pointing!.images], [5, 5]);
  assert.ok(numbersOf(check).every(Number.isFinite));
  assert.ok(gradcam.reasons.includes('1 maps are left out: status "nonfinite"'));
});

Deno.test("checkExplanations() decides nothing when all maps are blank, or none were given", async () => {
  const { images } = patches(5);
  for (const image of images) image.data.fill(NaN);
  for (const given of [images, []]) {
    const check = await checkExplanations(patchModel(), given);
    const [gradcam] = check.methods;
    assert.equal(gradcam.verdict, "undecided");
    assert.match(gradcam.reasons[0], /^0 of \d maps are ok, at least 4 are needed for a verdict$/);
    assert.deepEqual([gradcam.road.value, gradcam.road.gain, gradcam.pointing], [null, null, null]);
    assert.equal(gradcam.randomization!.verdict, "undecided");
    assert.ok(formatCheck(check).length > 4);
  }
});

Deno.test("checkExplanations() says what is missing when the weights were not randomised", async () => {
  const { images } = patches(8);
  const check = await checkExplanations(patchModel(), images, { randomization: false });
  assert.equal(check.methods[0].randomization, null);
  assert.equal(check.methods[0].verdict, "undecided");
  assert.ok(check.methods[0].reasons.some((reason) => /was not checked/.test(reason)));
});

Deno.test("checkExplanations() gives the same bytes for the same seed", async () => {
  const { images, masks } = patches(5);
  const model = patchModel();
  const methods = ["gradcam", "smooth_grad"] as const;
  const run = (seed: number) => checkExplanations(model, images, { methods, masks, seed });
  const [first, again, other] = [await run(1), await run(1), await run(2)];
  assert.equal(JSON.stringify(first), JSON.stringify(again));
  const [a, b] = [first, other].map((check) => check.methods[0]);
  assert.notEqual(a.deletion.random, b.deletion.random);
  assert.notEqual(a.randomization!.spearman, b.randomization!.spearman);
});

Deno.test("checkExplanations() does not depend on the batch size", async () => {
  const { images } = patches(5);
  const model = patchModel();
  const run = async (batchSize: number) =>
    numbersOf(await checkExplanations(model, images, { batchSize, seed: 1 }));
  const [small, large] = [await run(3), await run(64)];
  small.forEach((value, i) => assert.ok(Math.abs(value - large[i]) < 1e-4, `${value} ${large[i]}`));
});

Deno.test("checkExplanations() leaves weights, images and tensors alone", async () => {
  const { images, masks } = patches(5);
  const model = patchModel({ nested: true, batchNorm: true });
  const pixels = images.map((image) => image.data.slice());
  await checkExplanations(model, images, { masks });
  const before = stateOf(model);
  await checkExplanations(model, images, { masks });
  assert.deepEqual(stateOf(model), before);
  assert.deepEqual(images.map((image) => image.data), pixels);
  let calls = 0;
  const breaks: Explainer = (given, x, options) => {
    if (calls++ === 3) throw new Error("from the method");
    return explain(given, x, options);
  };
  const broken = checkExplanations(model, images, { explainers: { breaks } });
  await assert.rejects(broken, /from the method/);
  assert.deepEqual(stateOf(model), before);
});

Deno.test("checkExplanations() runs only what its head needs", async () => {
  const model = branching({ outputs: 2 });
  model.getLayer("only_a").call = () => {
    throw new Error("the other head ran");
  };
  const images = tf.randomUniform([5, 8, 8, 3], 0, 1, "float32", 1) as tf.Tensor4D;
  const check = await checkExplanations(model, images, { head: "head_b", target: 1 });
  assert.equal(check.head, "head_b");
  assert.deepEqual(
    check.methods[0].randomization!.steps.flatMap((step) => step.layers),
    check.methods[0].ok < 4 ? [] : ["head_b", "only_b", "trunk"],
  );
  await assert.rejects(checkExplanations(model, images), /the other head ran/);
});

Deno.test("checkExplanations() takes images of other sizes, bytes and a preprocess", async () => {
  const side = 32, random = patches(6);
  const large = random.images.map(({ data }) => ({
    data: Uint8Array.from({ length: side * side * 3 }, (_, i) => {
      const pixel = Math.floor(i / 3), y = Math.floor(pixel / side) >> 1, x = (pixel % side) >> 1;
      return Math.round(255 * data[(y * SIDE + x) * 3 + i % 3]);
    }),
    shape: [side, side, 3],
  }));
  const preprocess = (batch: tf.Tensor4D) => batch.div(255);
  const check = await checkExplanations(patchModel(), large, { preprocess, limit: 5 });
  assert.deepEqual([check.images, check.given], [5, 6]);
  const small = await checkExplanations(patchModel(), random.images, { limit: 5 });
  const [a, b] = [check, small].map((x) => x.methods[0].road.value!);
  assert.ok(Math.abs(a - b) < 0.05, `${a} and ${b}`);
});

Deno.test("probabilityOf() takes a softmax, a sigmoid, or a probability as it is", () => {
  const near = (found: number, wanted: number) => assert.ok(Math.abs(found - wanted) < 1e-7);
  const logits = { scoreKind: "logits", binary: false } as const;
  near(probabilityOf(Float32Array.of(0, Math.log(3)), { ...logits, target: 1 }), 0.75);
  near(probabilityOf(Float32Array.of(1000, 0), { ...logits, target: 0 }), 1);
  const one = { scoreKind: "logits", binary: true } as const;
  near(probabilityOf(Float32Array.of(Math.log(3)), { ...one, target: 1 }), 0.75);
  near(probabilityOf(Float32Array.of(Math.log(3)), { ...one, target: 0 }), 0.25);
  const known = { scoreKind: "probabilities", binary: false, target: 1 } as const;
  near(probabilityOf(Float32Array.of(0.5, 0.5), known), 0.5);
});

Deno.test("modelInput() is what the model takes, and must have positions and channels", async () => {
  const model = patchModel();
  const pixels = { data: new Uint8Array(27).fill(51), height: 3, width: 3, channels: 3 };
  const input = await modelInput(tf, pixels, { model });
  assert.deepEqual([input.height, input.width, input.channels], [SIDE, SIDE, 3]);
  assert.ok(input.data.every((value) => Math.abs(value - 0.2) < 1e-6));
  const preprocess = (batch: tf.Tensor4D) => batch.mean(3);
  await assert.rejects(
    modelInput(tf, pixels, { model, preprocess }),
    /returned shape \[1, 16, 16\]/,
  );
});

Deno.test("checkExplanations() names what is wrong before it computes", async () => {
  const { images, masks } = patches(4);
  const model = patchModel();
  const wrong: [object, RegExp][] = [
    [{ method: "gradcam" }, /Did you mean "methods"/],
    [{ methods: ["grad-cam"] }, /Did you mean "gradcam"/],
    [{ target: () => 0 }, /found a function as target, wanted classes/],
    [{ target: [0] }, /found 1 entries in target for 4 images/],
    [{ labels: [0] }, /found 1 entries in labels for 4 images/],
    [{ masks: masks.slice(1) }, /found 3 entries in masks for 4 images/],
    [{ masks: masks.map((mask) => mask.slice(1)) }, /found a mask of 255/],
    [{ limit: 0 }, /found limit 0/],
    [{ minimum: 0 }, /found minimum 0/],
    [{ seed: 0.5 }, /seed must be a whole number/],
    [{ batchSize: 0 }, /batchSize/],
    [{ randomization: { step: 1 } }, /Did you mean "steps"/],
    [{ randomization: { draws: 0 } }, /found draws 0/],
  ];
  for (const [options, message] of wrong) {
    await assert.rejects(checkExplanations(model, images, options), { message });
  }
});
