import assert from "node:assert/strict";
import { quantumLayerOf } from "../../src/model/hybrid_model.ts";
import { runLayers } from "../../src/tensors/run_layers.ts";
import { type Scalar, type Tensor, tfjs, type Variable } from "../../src/tensors/tf.ts";
import { noiseImages, smallModel } from "./_small.ts";

Deno.test("the quantum layer's gradients equal finite differences through the whole head", async () => {
  const model = await smallModel(2);
  const tf = tfjs();
  const x = tf.tensor4d(noiseImages(4), [4, 12, 12, 3]);
  const loss = () =>
    runLayers(model.network, x, { outputs: ["quantum"] }).outputs[0].square().mean() as Scalar;
  const angles = variableOf(quantumLayerOf(model), 0);
  const projection = variableOf(model.network.getLayer("quantum_projection"), 0);
  const { grads } = tf.variableGrads(loss, [angles, projection]);
  for (const variable of [angles, projection]) {
    const gradient = grads[variable.name].dataSync();
    for (const at of [0, 3, variable.size - 1]) {
      const expected = finiteDifference(variable, at, loss);
      assert.ok(
        Math.abs(gradient[at] - expected) <= 2e-3 * Math.max(0.05, Math.abs(expected)),
        `${variable.name}[${at}]: ${gradient[at]} and ${expected}`,
      );
    }
    assert.ok(gradient.some((value) => Math.abs(value) > 1e-4));
  }
});

Deno.test("the quantum layer leaks no tensor in forward and gradient", async () => {
  const model = await smallModel();
  const tf = tfjs();
  const x = tf.tensor4d(noiseImages(2), [2, 12, 12, 3]);
  const angles = variableOf(quantumLayerOf(model), 0);
  const step = () =>
    tf.tidy(() => {
      const { value, grads } = tf.variableGrads(
        () => runLayers(model.network, x, { outputs: ["quantum"] }).outputs[0].mean() as Scalar,
        [angles],
      );
      return [value, ...Object.values(grads)].map((tensor: Tensor) => tensor.dataSync()[0]);
    });
  step();
  const before = tf.memory().numTensors;
  for (let i = 0; i < 5; i++) step();
  assert.equal(tf.memory().numTensors, before);
});

function variableOf(layer: { weights: { read(): Tensor }[] }, index: number): Variable {
  return layer.weights[index].read() as Variable;
}

function finiteDifference(variable: Variable, at: number, loss: () => Scalar): number {
  const tf = tfjs();
  const values = Float32Array.from(variable.dataSync());
  const lossAt = (shift: number) =>
    tf.tidy(() => {
      const moved = values.slice();
      moved[at] += shift;
      variable.assign(tf.tensor(moved, variable.shape));
      return loss().dataSync()[0];
    });
  const step = 1e-2;
  const difference = (lossAt(step) - lossAt(-step)) / (2 * step);
  variable.assign(tf.tensor(values, variable.shape));
  return difference;
}
