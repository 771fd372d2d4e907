import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { applyStage, defineStages } from "../../src/stages/mod.ts";
import { type Cam, gradCam } from "../../src/explain/mod.ts";
import {
  branching,
  convNet,
  depthwise,
  flattenHead,
  nested,
  nestedWithPool,
  patchImage,
  residual,
  sequentialOverModel,
  shareInside,
} from "./models.ts";

function close(found: ArrayLike<number>, wanted: ArrayLike<number>, tolerance: number) {
  assert.equal(found.length, wanted.length);
  for (let i = 0; i < found.length; i++) {
    assert.ok(Math.abs(found[i] - wanted[i]) <= tolerance, `${i}: ${found[i]} not ${wanted[i]}`);
  }
}

function photos(count: number, seed = 1): tf.Tensor4D {
  return tf.randomUniform([count, 8, 8, 3], 0, 1, "float32", seed) as tf.Tensor4D;
}

Deno.test("gradCam() equals CAM on conv, global average pooling and dense", async () => {
  const model = convNet();
  const x = photos(2);
  const features = tf.model({ inputs: model.inputs, outputs: model.getLayer("conv").output });
  const activation = features.predict(x) as tf.Tensor4D;
  const [kernel] = model.getLayer("head").getWeights();
  const [, h, w] = activation.shape;
  // The class weights of a dense layer after pooling, spread over all positions.
  const wanted = activation.mul(kernel.slice([0, 2], [-1, 1]).reshape([1, 1, 1, -1])).sum(-1)
    .div(h * w).dataSync();
  const cams = await gradCam(model, x, { target: 2 });
  close(Float32Array.from(cams.flatMap((cam) => [...cam.raw])), wanted, 1e-6);
  assert.deepEqual(cams[0].grid, { height: h, width: w });
});

Deno.test("gradCam() puts most of the heat on the patch that the class depends on", async () => {
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({
        filters: 2,
        kernelSize: 3,
        padding: "same",
        activation: "relu",
        inputShape: [32, 32, 3],
        name: "conv",
      }),
      tf.layers.maxPooling2d({ poolSize: 2, name: "pool" }),
      tf.layers.globalAveragePooling2d({}),
      tf.layers.dense({ units: 2, name: "head" }),
    ],
  });
  // Channel 0 sees brightness; class 1 is brightness.
  const kernel = tf.concat([tf.fill([3, 3, 3, 1], 1 / 27), tf.fill([3, 3, 3, 1], -1 / 27)], 3);
  model.getLayer("conv").setWeights([kernel, tf.tensor1d([-0.3, 0.5])]);
  model.getLayer("head").setWeights([tf.tensor2d([[-1, 1], [1, -1]]), tf.zeros([2])]);
  const image = patchImage(32, { from: 8, to: 18 });
  const [cam] = await gradCam(model, [image], { target: 1 });
  assert.equal(cam.layer, "pool");
  let inside = 0, all = 0;
  cam.map.forEach((heat, i) => {
    const y = Math.floor(i / 32), x = i % 32;
    all += heat;
    if (y >= 8 && y < 18 && x >= 8 && x < 18) inside += heat;
  });
  assert.ok(inside / all >= 0.6, `${inside / all} of the heat is inside`);
  assert.equal(cam.image.data, image.data);
});

Deno.test("gradCam() scales each map from 0 to 1 at the size of its image", async () => {
  const images = [patchImage(12, { from: 2, to: 6 }), patchImage(20, { from: 10, to: 15 })];
  const cams = await gradCam(convNet(), images);
  assert.deepEqual(cams.map((cam) => [cam.height, cam.width, cam.map.length]), [
    [12, 12, 144],
    [20, 20, 400],
  ]);
  for (const { map, status } of cams) {
    assert.equal(status, "ok");
    assert.deepEqual([Math.min(...map), Math.max(...map)], [0, 1]);
  }
});

Deno.test("gradCam() on a batch of 7 equals 7 batches of 1", async () => {
  for (const model of [convNet({ batchNorm: true }), residual()]) {
    const x = photos(7);
    const together = await gradCam(model, x);
    for (let i = 0; i < 7; i++) {
      const [alone] = await gradCam(model, x.slice([i, 0, 0, 0], [1, 8, 8, 3]) as tf.Tensor4D);
      assert.equal(alone.target, together[i].target);
      close(alone.raw, together[i].raw, 1e-6);
      close(alone.map, together[i].map, 1e-4);
    }
    const cut = await gradCam(model, x, { batchSize: 3 });
    together.forEach((cam, i) => close(cut[i].raw, cam.raw, 1e-6));
  }
});

const MODELS: [string, () => tf.LayersModel, string][] = [
  ["sequential", convNet, "conv"],
  ["with batch normalisation", () => convNet({ batchNorm: true }), "bn"],
  ["residual", residual, "sum"],
  ["branching", branching, "both"],
  ["nested", nested, "base/conv"],
  ["nested that pools inside", nestedWithPool, "base/conv"],
  ["sequential over a model", sequentialOverModel, "base/conv"],
  ["shared layer", shareInside, "sum"],
  ["depthwise", depthwise, "depthwise"],
  ["flattened", flattenHead, "conv"],
];

for (const [name, build, layer] of MODELS) {
  Deno.test(`gradCam() finds the layer, its gradient and the scores: ${name}`, async () => {
    const model = build();
    const x = photos(2);
    const cams = await gradCam(model, x, { target: 1 });
    assert.deepEqual(cams.map((cam) => cam.layer), [layer, layer]);
    assert.ok(cams.every((cam) => cam.status === "ok" || cam.status === "zero"));
    // Behind average pooling and a dense layer without bias, the map sums to the score.
    if (name !== "flattened") {
      const sums = cams.map((cam) => cam.raw.reduce((a, b) => a + b, 0));
      close(sums, cams.map((cam) => cam.scores[1]), 1e-5);
    }
    assert.ok(cams.some((cam) => cam.raw.some((value) => value !== 0)));
    const scores = model.predict(x) as tf.Tensor;
    close(cams[1].scores, [...scores.dataSync()].slice(cams[0].scores.length), 1e-5);
  });
}

Deno.test("gradCam() explains the logit before a softmax, however sure the model is", async () => {
  const forms = (["dense", "activation", "softmax"] as const).map((form) =>
    convNet({ softmax: form })
  );
  const plain = convNet();
  for (const model of [plain, ...forms]) {
    const head = model.getLayer("head");
    const [kernel, bias] = head.getWeights();
    head.setWeights([kernel, bias.add(tf.tensor1d([200, 0, 0]))]);
  }
  const [wanted] = await gradCam(plain, photos(1));
  for (const model of forms) {
    const probabilities = (model.predict(photos(1)) as tf.Tensor).dataSync();
    assert.equal(probabilities[0], 1);
    const [cam] = await gradCam(model, photos(1));
    assert.equal(cam.scoreKind, "logits");
    assert.ok(cam.raw.some((value) => value !== 0));
    close(cam.raw, wanted.raw, 1e-6);
    close(cam.scores, wanted.scores, 1e-4);
  }
});

Deno.test("gradCam() says when it could only differentiate probabilities", async () => {
  const model = convNet();
  const named = model.getLayer("head").output as tf.SymbolicTensor;
  const soft = tf.layers.activation({ activation: "softmax" }).apply(named);
  const kept = tf.layers.dropout({ rate: 0.1 }).apply(soft) as tf.SymbolicTensor;
  const [cam] = await gradCam(tf.model({ inputs: model.inputs, outputs: kept }), photos(1));
  assert.equal(cam.scoreKind, "probabilities");
  assert.equal((await gradCam(convNet(), photos(1)))[0].scoreKind, "logits");
});

Deno.test("gradCam() takes one sigmoid unit as two classes", async () => {
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ filters: 4, kernelSize: 3, inputShape: [8, 8, 3] }),
      tf.layers.globalAveragePooling2d({}),
      tf.layers.dense({ units: 1, activation: "sigmoid" }),
    ],
  });
  const [one] = await gradCam(model, photos(1), { target: 1 });
  const [zero] = await gradCam(model, photos(1), { target: 0 });
  close(one.raw, zero.raw.map((value) => -value), 1e-7);
  assert.equal(one.predicted, one.scores[0] > 0 ? 1 : 0);
});

Deno.test("gradCam() explains the predicted class, one class, labels, or a function", async () => {
  const model = convNet();
  const x = photos(3);
  const raws = async (target: Parameters<typeof gradCam>[2]) =>
    (await gradCam(model, x, target)).map((cam) => cam.raw);
  const predicted = await gradCam(model, x);
  predicted.forEach((cam) => assert.equal(cam.target, cam.scores.indexOf(Math.max(...cam.scores))));
  const each = await Promise.all([0, 1, 2].map((target) => raws({ target })));
  predicted.forEach((cam, i) => assert.deepEqual(cam.raw, each[cam.target][i]));
  const mixed = await gradCam(model, x, { target: [2, -1, 0] });
  assert.deepEqual(mixed.map((cam) => cam.raw), [each[2][0], predicted[1].raw, each[0][2]]);
  assert.deepEqual(mixed.map((cam) => cam.target), [2, predicted[1].target, 0]);
  const margin = await gradCam(model, x, {
    target: (scores) => scores.slice([0, 1], [-1, 1]).sub(scores.slice([0, 0], [-1, 1])),
  });
  close(margin[0].raw, each[1][0].map((value, i) => value - each[0][0][i]), 1e-6);
  assert.equal(margin[0].target, -1);
});

Deno.test("gradCam() keeps the true labels beside what it explained", async () => {
  const cams = await gradCam(convNet(), photos(2), { labels: Int32Array.of(2, -1), target: 0 });
  assert.deepEqual(cams.map((cam) => [cam.label, cam.target]), [[2, 0], [-1, 0]]);
  assert.equal((await gradCam(convNet(), photos(1)))[0].label, null);
});

function blank(cam: Cam, status: string, diagnosis: RegExp) {
  assert.equal(cam.status, status);
  assert.match(cam.diagnosis, diagnosis);
  assert.ok(cam.map.every((value) => value === 0));
  assert.ok(cam.raw.every(Number.isFinite));
}

function withHead(change: (kernel: tf.Tensor) => tf.Tensor): tf.LayersModel {
  const model = convNet({ relu: true });
  const head = model.getLayer("head");
  const [kernel, bias] = head.getWeights();
  head.setWeights([change(kernel), bias]);
  return model;
}

Deno.test("gradCam() calls a map without positive weights zero", async () => {
  const [cam] = await gradCam(withHead((kernel) => kernel.abs().neg()), photos(1), { target: 1 });
  blank(cam, "zero", /all channel weights of layer "conv" are 0 or below.*class 1/);
  assert.ok(cam.raw.some((value) => value < 0));
});

Deno.test("gradCam() calls a gradient of 0 zero", async () => {
  const [cam] = await gradCam(withHead((kernel) => kernel.zerosLike()), photos(1), { target: 1 });
  blank(cam, "zero", /gradient of class 1 is 0 over the whole of layer "conv"/);
});

Deno.test("gradCam() calls a map that is the same everywhere zero", async () => {
  const model = withHead((kernel) => kernel.abs());
  const conv = model.getLayer("conv");
  const [kernel, bias] = conv.getWeights();
  conv.setWeights([kernel.zerosLike(), bias.onesLike()]);
  const [cam] = await gradCam(model, photos(1));
  blank(cam, "zero", /the same value everywhere/);
});

Deno.test("gradCam() calls NaN weights nonfinite, and only the image that has the NaN", async () => {
  const [cam] = await gradCam(withHead((kernel) => kernel.mul(NaN)), photos(1));
  blank(cam, "nonfinite", /scores are NaN/);
  assert.equal(cam.predicted, -1);
  const data = Float32Array.from(photos(2).dataSync());
  data[5] = NaN;
  const kept = data.slice();
  const cams = await gradCam(convNet(), { data, shape: [2, 8, 8, 3] });
  assert.deepEqual(cams.map((x) => x.status), ["nonfinite", "ok"]);
  assert.deepEqual(data, kept);
});

Deno.test("gradCam() calls a layer without a path to the head no_gradient", async () => {
  const model = branching({ outputs: 2 });
  const [cam] = await gradCam(model, photos(1), { head: "head_b", layer: "only_a" });
  blank(cam, "no_gradient", /layer "only_a" has no path to head "head_b"/);
  assert.equal(cam.scores.length, 2);
});

Deno.test("gradCam() calls a model without positions wrong_shape", async () => {
  const model = tf.sequential({
    layers: [
      tf.layers.flatten({ inputShape: [8, 8, 3] }),
      tf.layers.dense({ units: 3, name: "head" }),
    ],
  });
  const [cam] = await gradCam(model, photos(1));
  blank(cam, "wrong_shape", /no layer before head "head" has an output larger than 1x1/);
});

class Steps extends tf.layers.Layer {
  static className = "Steps";
  override computeOutputShape([batch]: number[]): number[] {
    return [batch, 3];
  }
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [input] = Array.isArray(inputs) ? inputs : [inputs];
    return input.slice([0, 0], [-1, 3]).greater(0).toFloat();
  }
}

Deno.test("gradCam() calls a path that cannot be differentiated no_gradient", async () => {
  const conv = convNet();
  const pooled = conv.getLayer("pool").output as tf.SymbolicTensor;
  const output = new Steps({ name: "steps" }).apply(pooled) as tf.SymbolicTensor;
  const model = tf.model({ inputs: conv.inputs, outputs: output });
  const x = photos(1);
  const tensors = tf.memory().numTensors;
  const [cam] = await gradCam(model, x);
  blank(cam, "no_gradient", /from layer "conv" to head "steps" has no gradient/);
  assert.equal(tf.memory().numTensors, tensors);
});

Deno.test("gradCam() does not run layers that the head does not need", async () => {
  const model = branching({ outputs: 2 });
  const other = model.getLayer("only_a");
  other.call = () => {
    throw new Error("the other head ran");
  };
  const [cam] = await gradCam(model, photos(1), { head: "head_b" });
  assert.equal(cam.head, "head_b");
  await assert.rejects(gradCam(model, photos(1)), /the other head ran/);
});

Deno.test("gradCam() is the same for a model with frozen layers", async () => {
  const model = branching({ outputs: 2 });
  const wanted = await gradCam(model, photos(2));
  const [stage] = defineStages([
    { name: "s", epochs: 1, train: ["head_b"], heads: ["head_b"] },
  ]);
  const applied = applyStage(model, stage);
  const frozen = await gradCam(model, photos(2));
  frozen.forEach((cam, i) => assert.deepEqual(cam.raw, wanted[i].raw));
  applied.assertFrozen();
  applied.restore();
});

function stateOf(model: tf.LayersModel) {
  return {
    weights: model.weights.map((weight) => weight.read().dataSync().slice()),
    trainable: model.layers.map((layer) => layer.trainable),
    own: model.layers.map((layer) => Object.getOwnPropertyNames(layer).sort()),
    nodes: model.layers.map((layer) => layer.inboundNodes.length),
  };
}

Deno.test("gradCam() leaves tensors and model alone, 100 calls long", async () => {
  const model = convNet({ batchNorm: true });
  const x = photos(2);
  const before = stateOf(model);
  await gradCam(model, x);
  const tensors = tf.memory().numTensors;
  for (let i = 0; i < 100; i++) await gradCam(model, x, { target: i % 3 });
  assert.equal(tf.memory().numTensors, tensors);
  assert.deepEqual(stateOf(model), before);
  assert.equal(x.isDisposed, false);
});

Deno.test("gradCam() leaves tensors and model alone when the target throws", async () => {
  const model = convNet({ batchNorm: true });
  const x = photos(2);
  const before = stateOf(model);
  const tensors = tf.memory().numTensors;
  const target = () => {
    throw new Error("from the target");
  };
  await assert.rejects(gradCam(model, x, { target }), /from the target/);
  await assert.rejects(gradCam(model, x, { target: 9 }), /found target 9/);
  await assert.rejects(gradCam(model, x, { preprocess: target }), /from the target/);
  assert.equal(tf.memory().numTensors, tensors);
  assert.deepEqual(stateOf(model), before);
});

Deno.test("gradCam() takes pixels, numbers and tensors for the same image", async () => {
  const image = patchImage(8, { from: 2, to: 5 });
  const floats = Float32Array.from(image.data, (value) => value / 255);
  const shape: [number, number, number] = [8, 8, 3];
  const forms = [
    image,
    { data: image.data, shape },
    { data: floats, shape },
    tf.tensor3d(floats, shape),
  ];
  const cams = await gradCam(convNet(), forms);
  for (const cam of cams) {
    close(cam.raw, cams[0].raw, 1e-6);
    assert.deepEqual(cam.image, image);
  }
});

Deno.test("gradCam() reads image files by path", async () => {
  const { encodePng } = await import("../../src/images/mod.ts");
  const image = patchImage(8, { from: 2, to: 5 });
  const path = await Deno.makeTempFile({ suffix: ".png" });
  try {
    await Deno.writeFile(path, encodePng({ ...image, channels: 3 }));
    const [file, direct] = await gradCam(convNet(), [path, image]);
    assert.deepEqual(file.map, direct.map);
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("gradCam() hands bytes as 0..255 to preprocess", async () => {
  const image = patchImage(8, { from: 2, to: 5 });
  const [plain] = await gradCam(convNet(), [image]);
  const [same] = await gradCam(convNet(), [image], { preprocess: (batch) => batch.div(255) });
  close(same.raw, plain.raw, 1e-6);
});

Deno.test("gradCam() names what is wrong", async () => {
  const model = convNet();
  const x = photos(2);
  const wrong: [() => Promise<unknown>, RegExp][] = [
    [() => gradCam(model, x, { layers: "conv" } as never), /Did you mean "layer"/],
    [() => gradCam(model, x, { layer: "convv" }), /Did you mean "conv"/],
    [() => gradCam(model, x, { head: "heat" }), /Did you mean "head"/],
    [() => gradCam(model, x, { target: [0] }), /found 1 entries in target for 2 images/],
    [() => gradCam(model, x, { labels: [0] }), /found 1 entries in labels for 2 images/],
    [() => gradCam(model, x, { target: 1.5 }), /found target 1.5, wanted a class from 0 to 2/],
    [() => gradCam(model, x, { batchSize: 0 }), /batchSize/],
    [() => gradCam(model, { data: new Float32Array(3), shape: [1, 8, 8, 3] }), /needs 192 numbers/],
    [() => gradCam(model, { data: new Float32Array(64), shape: [1, 8, 8, 1] }), /with 1 channels/],
    [
      () => gradCam(model, { data: new Float32Array(192), shape: [8, 8, 3] }),
      /found images of shape/,
    ],
  ];
  for (const [call, message] of wrong) await assert.rejects(call, { message });
  assert.deepEqual(await gradCam(model, []), []);
});

Deno.test("gradCam() calls a layer without positions, or of one position, wrong_shape", async () => {
  const model = convNet();
  const [flat] = await gradCam(model, photos(1), { layer: "head" });
  blank(flat, "wrong_shape", /layer "head" has outputs of shape \[any, 3\].*before pooling/);
  const { layers } = tf;
  const shrunk = tf.sequential({
    layers: [
      layers.conv2d({ filters: 2, kernelSize: 8, inputShape: [8, 8, 3], name: "all" }),
      layers.flatten({}),
      layers.dense({ units: 2, name: "head" }),
    ],
  });
  const [one] = await gradCam(shrunk, photos(1), { layer: "all" });
  blank(one, "wrong_shape", /output of layer "all" is 1x1.*choose a layer before/);
  // Any size goes in, so that only the values show it.
  const open = tf.sequential({
    layers: [
      layers.conv2d({
        filters: 2,
        kernelSize: 8,
        inputShape: [null, null, 3] as never,
        name: "all",
      }),
      layers.globalAveragePooling2d({}),
      layers.dense({ units: 2, name: "head" }),
    ],
  });
  const [seen] = await gradCam(open, photos(1));
  blank(seen, "wrong_shape", /output of layer "all" is 1x1/);
});

Deno.test("gradCam() takes the layer itself, but only one of the model", async () => {
  const model = residual();
  const [named] = await gradCam(model, photos(1), { layer: "first" });
  const [given] = await gradCam(model, photos(1), { layer: model.getLayer("first") });
  assert.deepEqual(given, named);
  const alien = residual().getLayer("first");
  await assert.rejects(() => gradCam(model, photos(1), { layer: alien }), {
    name: "TypeError",
    message: /layer "first" that is not in the model.*Pass a layer of this model/,
  });
});
