import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { runLayers } from "../../src/tensors/run_layers.ts";

const { layers } = tf;
await tf.setBackend("cpu");

function conv(name: string) {
  return layers.conv2d({ filters: 4, kernelSize: 3, padding: "same", activation: "relu", name });
}

function sequential(): tf.LayersModel {
  return tf.sequential({
    layers: [
      layers.conv2d({ filters: 4, kernelSize: 3, inputShape: [6, 6, 3], name: "conv" }),
      layers.batchNormalization({ name: "bn" }),
      layers.globalAveragePooling2d({ name: "pool" }),
      layers.dense({ units: 3, name: "head" }),
    ],
  });
}

function residual(): tf.LayersModel {
  const input = tf.input({ shape: [6, 6, 3] });
  const first = conv("first").apply(input) as tf.SymbolicTensor;
  const second = conv("second").apply(first) as tf.SymbolicTensor;
  const sum = layers.add({ name: "sum" }).apply([first, second]) as tf.SymbolicTensor;
  const pooled = layers.globalAveragePooling2d({ name: "pool" }).apply(sum);
  const output = layers.dense({ units: 3, name: "head" }).apply(pooled) as tf.SymbolicTensor;
  return tf.model({ inputs: input, outputs: output });
}

function twoHeads(): tf.LayersModel {
  const input = tf.input({ shape: [6, 6, 3] });
  const trunk = conv("trunk").apply(input);
  const flat = layers.flatten({ name: "flat" }).apply(trunk);
  const a = layers.dense({ units: 3, name: "head_a" }).apply(flat) as tf.SymbolicTensor;
  const hidden = layers.dense({ units: 5, name: "hidden_b" }).apply(flat);
  const b = layers.dense({ units: 2, name: "head_b" }).apply(hidden) as tf.SymbolicTensor;
  return tf.model({ inputs: input, outputs: [a, b] });
}

function base(name: string): tf.LayersModel {
  const input = tf.input({ shape: [6, 6, 3] });
  const x = conv("first").apply(input);
  const y = layers.batchNormalization({ name: "bn" }).apply(x) as tf.SymbolicTensor;
  return tf.model({ inputs: input, outputs: y, name });
}

function nested(): tf.LayersModel {
  const input = tf.input({ shape: [6, 6, 3] });
  const features = base("base").apply(input);
  const flat = layers.flatten({ name: "flat" }).apply(features);
  const output = layers.dense({ units: 3, name: "head" }).apply(flat) as tf.SymbolicTensor;
  return tf.model({ inputs: input, outputs: output });
}

function sharedLayer(): tf.LayersModel {
  const left = tf.input({ shape: [6, 6, 3] }), right = tf.input({ shape: [6, 6, 3] });
  const shared = conv("shared");
  const both = layers.concatenate({ name: "both" })
    .apply([shared.apply(left), shared.apply(right)] as tf.SymbolicTensor[]);
  const pooled = layers.globalAveragePooling2d({ name: "pool" }).apply(both);
  const output = layers.dense({ units: 3, name: "head" }).apply(pooled) as tf.SymbolicTensor;
  return tf.model({ inputs: [left, right], outputs: output });
}

/** A sequential model that starts with a model dissolves it into its own graph. */
function dissolved(): tf.LayersModel {
  return tf.sequential({
    layers: [
      base("base"),
      layers.flatten({ name: "flat" }),
      layers.dense({ units: 3, name: "head" }),
    ],
  });
}

function sequence(): tf.LayersModel {
  return tf.sequential({
    layers: [
      layers.embedding({
        inputDim: 5,
        outputDim: 3,
        maskZero: true,
        inputShape: [4],
        name: "words",
      }),
      layers.gru({ units: 3, name: "gru" }),
    ],
  });
}

function images(seed: number): tf.Tensor {
  return tf.randomUniform([2, 6, 6, 3], -1, 1, "float32", seed);
}

/** Names of the layers that ran; conv layers ignore tfjs's own call hook. */
function spyOnCalls(model: tf.LayersModel): string[] {
  const ran: string[] = [];
  for (const layer of model.layers) {
    const call = layer.call.bind(layer);
    layer.call = (inputs, kwargs) => {
      ran.push(layer.name);
      return call(inputs, kwargs);
    };
  }
  return ran;
}

function outputsOf(result: tf.Tensor | tf.Tensor[]): number[][] {
  return (Array.isArray(result) ? result : [result]).map((t) => [...t.dataSync()]);
}

const MODELS = { sequential, residual, twoHeads, nested, sharedLayer, dissolved };

for (const [name, build] of Object.entries(MODELS)) {
  Deno.test(`runLayers() equals predict() bit by bit: ${name}`, () => {
    const model = build();
    const x = model.inputs.map((_, i) => images(i));
    const wanted = outputsOf(model.predict(x.length === 1 ? x[0] : x));
    assert.deepEqual(outputsOf(tf.tidy(() => runLayers(model, x).outputs)), wanted);
  });

  Deno.test(`runLayers() leaves no tensor behind: ${name}`, () => {
    const model = build();
    const x = model.inputs.map((_, i) => images(i));
    tf.tidy(() => void runLayers(model, x, { training: true }));
    const before = tf.memory().numTensors;
    tf.tidy(() => void runLayers(model, x, { training: true }));
    assert.equal(tf.memory().numTensors, before);
  });
}

Deno.test("runLayers() hands masks on, as predict() does", () => {
  const model = sequence();
  const x = tf.tensor2d([[1, 2, 0, 0], [3, 0, 0, 0]]);
  const wanted = outputsOf(model.predict(x) as tf.Tensor);
  assert.deepEqual(outputsOf(tf.tidy(() => runLayers(model, x).outputs)), wanted);
});

Deno.test("runLayers() evaluates only what the wanted output needs", () => {
  const model = twoHeads();
  const ran = spyOnCalls(model);
  tf.tidy(() => runLayers(model, images(1), { outputs: ["head_a"] }));
  assert.deepEqual(ran.sort(), ["flat", "head_a", "trunk"]);
});

Deno.test("runLayers() takes a replaced output as given and runs nothing upstream", () => {
  const model = twoHeads();
  const ran = spyOnCalls(model);
  const [a, b] = tf.tidy(() => {
    const trunk = tf.ones([2, 6, 6, 4]);
    const run = runLayers(model, [], { replace: { trunk } });
    const flat = trunk.reshape([2, 144]);
    const direct = model.getLayer("head_a").apply(flat) as tf.Tensor;
    return [outputsOf(run.outputs)[0], outputsOf(direct)[0]];
  });
  assert.deepEqual(a, b);
  assert.ok(!ran.includes("trunk"));
});

Deno.test("runLayers() captures layers inside nested models by path and by bare name", () => {
  const model = nested();
  const x = images(1);
  const { captured } = runLayers(model, x, { outputs: [], capture: ["base/first", "bn", "base"] });
  assert.deepEqual(captured["base/first"].shape, [2, 6, 6, 4]);
  assert.deepEqual(outputsOf(captured.bn), outputsOf(captured.base));
  const again = runLayers(model, x, { replace: { "base/first": captured["base/first"] } });
  assert.deepEqual(outputsOf(again.outputs), outputsOf(model.predict(x) as tf.Tensor));
});

Deno.test("runLayers() reaches the layers of a model that a sequential model dissolved", () => {
  const model = dissolved();
  const { captured } = runLayers(model, images(1), { outputs: [], capture: ["base/first"] });
  assert.deepEqual(captured["base/first"].shape, [2, 6, 6, 4]);
});

Deno.test("runLayers() uses the node of this graph when a layer serves two models", () => {
  const shared = layers.dense({ units: 2, name: "shared" });
  const build = (size: number) => {
    const input = tf.input({ shape: [size] });
    const hidden = layers.dense({ units: 3, name: `hidden_${size}` }).apply(input);
    return tf.model({ inputs: input, outputs: shared.apply(hidden) as tf.SymbolicTensor });
  };
  const [one, two] = [build(4), build(5)];
  for (const [model, size] of [[one, 4], [two, 5]] as const) {
    const run = runLayers(model, tf.ones([1, size]), { outputs: ["shared"] });
    assert.deepEqual(
      outputsOf(run.outputs),
      outputsOf(model.predict(tf.ones([1, size])) as tf.Tensor),
    );
  }
});

Deno.test("runLayers() is differentiable with respect to weights and activations", () => {
  const model = nested();
  const x = images(1);
  const { grads } = tf.variableGrads(() => runLayers(model, x).outputs[0].sum() as tf.Scalar);
  assert.equal(Object.keys(grads).length, model.trainableWeights.length);
  const gradient = tf.grad((first) =>
    runLayers(model, [], { replace: { "base/first": first } }).outputs[0].sum()
  );
  const step = 1e-2, at = tf.ones([1, 6, 6, 4]);
  const total = (first: tf.Tensor) =>
    runLayers(model, [], { replace: { first } }).outputs[0].sum().dataSync()[0];
  const slope = (total(at.add(step)) - total(at.sub(step))) / (2 * step);
  assert.ok(Math.abs(gradient(at).sum().dataSync()[0] - slope) < 1e-3);
});

Deno.test("runLayers() runs dropout only in training", () => {
  const model = tf.sequential({
    layers: [
      layers.dense({ units: 64, inputShape: [3] }),
      layers.dropout({ rate: 0.5 }),
    ],
  });
  const zeros = (training: boolean) =>
    tf.tidy(() => runLayers(model, tf.ones([1, 3]), { training }).outputs[0])
      .dataSync().filter((value) => value === 0).length;
  assert.equal(zeros(false), 0);
  assert.ok(zeros(true) > 8);
});

Deno.test("runLayers() names what is wrong", () => {
  const model = twoHeads();
  const x = images(1);
  assert.throws(() => runLayers(model, x, { outputs: ["head_aa"] }), /Did you mean "head_a"/);
  assert.throws(() => runLayers(model, x, { capture: ["trunks"] }), /Did you mean "trunk"/);
  assert.throws(() => runLayers(model, []), /input 0 .* is needed/);
  assert.throws(
    () => runLayers(model, x, { trainig: true } as Record<string, unknown>),
    /Did you mean "training"/,
  );
});
