import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { applyStage, defineStages, inMomentOrder } from "../../src/stages/mod.ts";
import { headedModel, samples } from "./models.ts";

const STAGES = defineStages([
  { name: "a", epochs: 2, train: ["trunk*", "head_a*"], heads: ["head_a"] },
  { name: "b", epochs: 2, train: ["head_b*"], heads: ["head_b"] },
  { name: "a again", epochs: 2, train: ["trunk*", "head_a*"], heads: ["head_a"] },
]);

interface NamedTensor {
  readonly name: string;
  readonly tensor: tf.Tensor | null | undefined;
}

interface Moment {
  readonly originalName: string;
  readonly variable: tf.Variable;
}

/** Adam's moments kept by name, in plain numbers: what the optimizer should do. */
class NamedMoments {
  readonly first = new Map<string, Float64Array>();

  follow(optimizer: tf.Optimizer): void {
    const apply = optimizer.applyGradients.bind(optimizer);
    optimizer.applyGradients = (gradients) => {
      for (const { name, tensor } of gradients as unknown as NamedTensor[]) {
        if (tensor === null || tensor === undefined) continue;
        const values = tensor.dataSync();
        const moment = this.first.get(name) ?? new Float64Array(values.length);
        this.first.set(name, moment.map((m, i) => 0.9 * m + 0.1 * values[i]));
      }
      apply(gradients);
    };
  }
}

async function train(optimizer: tf.Optimizer): Promise<tf.LayersModel> {
  const model = headedModel();
  model.compile({ optimizer, loss: "meanSquaredError" });
  const { x, y } = samples(2);
  for (const stage of STAGES) {
    const applied = applyStage(model, stage);
    const callbacks = applied.callback;
    await model.fit(x, y, { epochs: stage.epochs, batchSize: 10, verbose: 0, callbacks });
    applied.assertFrozen();
    applied.restore();
  }
  return model;
}

Deno.test("applyStage() keeps Adam's moments with their variables over A, B, A", async () => {
  const optimizer = tf.train.adam(0.01);
  const reference = new NamedMoments();
  reference.follow(optimizer);
  const model = await train(optimizer);
  const moments = (optimizer as unknown as { accumulatedFirstMoment: Moment[] })
    .accumulatedFirstMoment;
  const found = new Map(moments.map(({ originalName, variable }) => [originalName, variable]));
  assert.equal(reference.first.size, model.trainableWeights.length);
  for (const [name, wanted] of reference.first) {
    const values = found.get(`${name}/m`)!.dataSync();
    assert.equal(values.length, wanted.length);
    wanted.forEach((value, i) => assert.ok(Math.abs(value - values[i]) < 1e-6, name));
  }
});

const OPTIMIZERS: [string, () => tf.Optimizer][] = [
  ["sgd", () => tf.train.sgd(0.01)],
  ["momentum", () => tf.train.momentum(0.01, 0.9)],
  ["rmsprop", () => tf.train.rmsprop(0.01)],
  ["adagrad", () => tf.train.adagrad(0.01)],
  ["adadelta", () => tf.train.adadelta(0.01)],
  ["adamax", () => tf.train.adamax(0.01)],
];

for (const [name, build] of OPTIMIZERS) {
  Deno.test(`applyStage() changes the trained set under ${name} without a crash`, async () => {
    const model = await train(build());
    for (const weight of model.weights) assert.ok(weight.read().dataSync().every(Number.isFinite));
  });
}

Deno.test("applyStage() control: moments by position meet another weight's shape", () => {
  const [v, w] = [tf.variable(tf.ones([2])), tf.variable(tf.ones([3]))];
  const optimizer = tf.train.adam(0.01);
  optimizer.applyGradients([{ name: v.name, tensor: tf.ones([2]) }]);
  assert.throws(() => optimizer.applyGradients([{ name: w.name, tensor: tf.ones([3]) }]));
});

Deno.test("inMomentOrder() takes both forms and puts unknown names last", () => {
  const wanted = [
    { name: "a", tensor: null },
    { name: "b", tensor: 2 },
    { name: "z", tensor: 1 },
  ];
  assert.deepEqual(inMomentOrder({ z: 1, b: 2 }, ["a", "b"]), wanted);
  const list = [{ name: "z", tensor: 1 }, { name: "b", tensor: 2 }, {
    name: "a",
    tensor: undefined,
  }];
  assert.deepEqual(inMomentOrder(list, ["a", "b"]), wanted);
});
