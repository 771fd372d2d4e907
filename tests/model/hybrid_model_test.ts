import assert from "node:assert/strict";
import {
  ENSEMBLE,
  fusionOf,
  HEADS,
  hybridModel,
  quantumLayerOf,
  setActiveHeads,
} from "../../src/model/hybrid_model.ts";
import { parameterCounts } from "../../src/model/parameter_counts.ts";
import type { Simulator } from "../../src/quantum/simulator_contract.ts";
import { runLayers } from "../../src/tensors/run_layers.ts";
import { type Tensor, type Tensor2D, tfjs } from "../../src/tensors/tf.ts";
import { noiseImages, smallModel } from "./_small.ts";

const SUBSETS = [1, 2, 3, 4, 5, 6, 7].map((bits) => HEADS.filter((_, i) => bits >> i & 1));

Deno.test("hybridModel() same seed gives the same bytes, another seed others", async () => {
  const bytes = async (seed: number) => {
    const model = await smallModel(seed);
    return model.network.getWeights().flatMap((weight) => Array.from(weight.dataSync()));
  };
  assert.deepEqual(await bytes(3), await bytes(3));
  assert.notDeepEqual(await bytes(3), await bytes(4));
});

Deno.test("fusion ignores masked heads to the bit, NaN included (all 7 masks)", async () => {
  const model = await smallModel();
  const tf = tfjs();
  const fusion = fusionOf(model);
  randomFusion(model);
  const logits = HEADS.map((_, i) => tf.randomNormal([8, 5], 0, 2, "float32", i + 1) as Tensor2D);
  const noise = tf.fill([8, 5], NaN) as Tensor2D;
  for (const active of SUBSETS) {
    fusion.activeHeads = active;
    const masked = logits.map((tensor, i) => active.includes(HEADS[i]) ? tensor : noise);
    const [clean, dirty] = [logits, masked].map((inputs) =>
      Array.from((fusion.apply(inputs) as Tensor).dataSync())
    );
    assert.ok(clean.every(Number.isFinite));
    assert.deepEqual(dirty, clean, `mask ${active}`);
  }
});

Deno.test("fusion does read the heads that vote", async () => {
  const model = await smallModel();
  const tf = tfjs();
  const logits = HEADS.map((_, i) => tf.randomNormal([2, 5], 0, 1, "float32", i + 1) as Tensor2D);
  const before = Array.from((fusionOf(model).apply(logits) as Tensor).dataSync());
  logits[2] = logits[2].add(1) as Tensor2D;
  logits[2] = logits[2].mul(3) as Tensor2D;
  assert.notDeepEqual(Array.from((fusionOf(model).apply(logits) as Tensor).dataSync()), before);
});

Deno.test("one image answers the same alone and among 32", async () => {
  const model = await smallModel();
  randomFusion(model);
  const tf = tfjs();
  const all = tf.tensor4d(noiseImages(32), [32, 12, 12, 3]);
  const together = runLayers(model.network, all).outputs.map((output) => output.arraySync());
  for (const row of [0, 17, 31]) {
    const alone = runLayers(model.network, all.slice([row], [1])).outputs;
    alone.forEach((output, i) => {
      const [a] = output.arraySync() as number[][];
      const b = (together[i] as number[][])[row];
      a.forEach((value, k) => assert.ok(Math.abs(value - b[k]) <= 1e-6, `${value} and ${b[k]}`));
    });
  }
});

Deno.test("a head that does not vote is not evaluated for the ensemble", async () => {
  const model = await smallModel();
  const calls = countCalls(model);
  const tf = tfjs();
  const x = tf.tensor4d(noiseImages(2), [2, 12, 12, 3]);
  setActiveHeads(model, ["classical_a", "classical_b"]);
  runLayers(model.network, x, { outputs: [ENSEMBLE] });
  assert.equal(calls.forward, 0);
  setActiveHeads(model, ["classical_a", "quantum"]);
  runLayers(model.network, x, { outputs: [ENSEMBLE] });
  assert.equal(calls.forward, 1);
});

Deno.test("setActiveHeads() refuses an unknown head and none at all", async () => {
  const model = await smallModel();
  assert.throws(() => setActiveHeads(model, []), /at least one of classical_a.*found none/);
  assert.throws(() => setActiveHeads(model, ["quantun"]), /found quantun/);
});

Deno.test("hybridModel() names an unknown option, too small images and missing classes", async () => {
  await smallModel();
  const classes = ["a", "b"];
  assert.throws(
    () => hybridModel({ classes, imageSize: 16, wire: 4 } as never),
    /unknown option "wire".*"wires"/,
  );
  assert.throws(() => hybridModel({ classes, imageSize: 4 }), /at least 8.*found 4/);
  assert.throws(() => hybridModel({ classes: ["a"], imageSize: 16 }), /at least 2 different names/);
});

Deno.test("parameterCounts() adds up to what tfjs counts and keeps circuit angles apart", async () => {
  const model = await smallModel();
  const counts = parameterCounts(model);
  const total = counts.reduce((sum, { classical, quantum }) => sum + classical + quantum, 0);
  const trainable = model.network.trainableWeights
    .reduce((sum, { shape }) => sum + (shape as number[]).reduce((a, b) => a * b, 1), 0);
  assert.equal(total, trainable);
  assert.equal(counts.find(({ part }) => part === "quantum")?.quantum, 3 * 3 * 2);
});

/** Gives the fusion weights that matter; its first values let all heads vote alike. */
function randomFusion(model: Parameters<typeof fusionOf>[0]): void {
  const tf = tfjs();
  const fusion = fusionOf(model);
  fusion.setWeights(
    fusion.getWeights().map((weight, i) => tf.randomNormal(weight.shape, 0, 1, "float32", 11 + i)),
  );
}

function countCalls(model: Parameters<typeof quantumLayerOf>[0]) {
  const layer = quantumLayerOf(model);
  const inner = layer.simulator;
  const calls = { forward: 0, vjp: 0 };
  const counted: Simulator = {
    name: inner.name,
    reentrant: inner.reentrant,
    forward: (circuit, args) => (calls.forward++, inner.forward(circuit, args)),
    vjp: (circuit, args) => (calls.vjp++, inner.vjp(circuit, args)),
  };
  layer.simulator = counted;
  return calls;
}
