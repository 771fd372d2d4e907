import assert from "node:assert/strict";
import { fusionLayer } from "../../src/model/fusion_option.ts";
import { fusionOf } from "../../src/model/hybrid_model.ts";
import { openTensors } from "../../src/tensors/open_tensors.ts";
import type { Scalar, Tensor, Tensor2D, Tf, Variable } from "../../src/tensors/tf.ts";
import { fourHeads, FUSIONS, randomize, randomLogits } from "./_four_heads.ts";

const { tf } = await openTensors({ prefer: "wasm" });

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

Deno.test("fusion mlp answers and differentiates alike on cpu and wasm", async () => {
  const found = [];
  for (const backend of ["cpu", "wasm"] as const) {
    await openTensors({ require: backend });
    const layer = fusionLayer({ heads: ["a", "b", "c"], fusion: { name: "mlp", hidden: [8] } });
    layer.activeHeads = ["a", "c"];
    const inputs = [1, 2, 3].map((seed) => randomLogits(3, seed));
    layer.apply(inputs);
    layer.setWeights(
      layer.getWeights().map((weight, i) =>
        tf.randomNormal(weight.shape, 0, 0.5, "float32", 31 + i)
      ),
    );
    const variables = layer.weights.map((weight) => weight.read() as Variable);
    const { value, grads } = tf.variableGrads(
      () => (layer.apply(inputs) as Tensor).square().mean() as Scalar,
      variables,
    );
    found.push([value, ...variables.map(({ name }) => grads[name])].map((x) => [...x.dataSync()]));
  }
  const [cpu, wasm] = found.map((values) => values.flat());
  cpu.forEach((value, i) => {
    assert.ok(Math.abs(value - wasm[i]) <= 1e-4 * Math.max(1, Math.abs(value)));
  });
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
