import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { calibrateModel } from "../../src/model/calibrate_model.ts";
import { loadHybridModel, saveHybridModel } from "../../src/model/hybrid_files.ts";
import { hybridModel, quantumLayerOf, setActiveHeads } from "../../src/model/hybrid_model.ts";
import { predict } from "../../src/model/predict.ts";
import { tfjs } from "../../src/tensors/tf.ts";
import { smallModel } from "./_small.ts";

const image = { width: 12, height: 12, data: new Uint8Array(12 * 12 * 3).map((_, i) => i % 251) };

Deno.test("predict() answers null for a head that does not vote, and weights that sum to 1", async () => {
  const model = await smallModel();
  setActiveHeads(model, ["classical_a", "quantum"]);
  const [found] = await predict(model, [image]);
  assert.equal(found.heads.classical_b, null);
  assert.equal(found.fusionWeights.classical_b, null);
  const weights = Object.values(found.fusionWeights).map((weight) => weight ?? 0);
  assert.ok(Math.abs(weights.reduce((sum, weight) => sum + weight, 0) - 1) < 1e-6);
  const sum = found.probabilities.reduce((total, p) => total + p, 0);
  assert.ok(Math.abs(sum - 1) < 1e-6);
  assert.equal(found.label, model.classes[found.class]);
});

Deno.test("predict() answers an empty list for no image and names the wanted size otherwise", async () => {
  const model = await smallModel();
  assert.deepEqual(await predict(model, []), []);
  const wide = { width: 16, height: 12, data: new Uint8Array(16 * 12 * 3) };
  await assert.rejects(() => predict(model, [wide]), /image 0 is 16x12, the model takes 12x12/);
});

Deno.test("predict() leaks no tensor", async () => {
  const model = await smallModel();
  await predict(model, [image]);
  const before = tfjs().memory().numTensors;
  await predict(model, [image, image]);
  assert.equal(tfjs().memory().numTensors, before);
});

Deno.test("predict() says how uncertain each head is: 0 for certain, 1 for all classes alike", async () => {
  const model = await smallModel();
  setActiveHeads(model, ["classical_a", "quantum"]);
  const tf = tfjs();
  const head = model.network.getLayer("classical_a");
  const [kernel] = head.getWeights();
  head.setWeights([tf.zerosLike(kernel), tf.zeros([5])]);
  const [even] = await predict(model, [image]);
  assert.ok(Math.abs(even.uncertainty.classical_a! - 1) < 1e-6);
  assert.equal(even.uncertainty.classical_b, null);
  head.setWeights([tf.zerosLike(kernel), tf.tensor1d([200, 0, 0, 0, 0])]);
  const [sure] = await predict(model, [image]);
  assert.equal(sure.uncertainty.classical_a, 0);
  assert.ok(sure.uncertainty.quantum! > 0 && sure.uncertainty.quantum! < 1);
  head.setWeights([tf.zerosLike(kernel), tf.fill([5], NaN)]);
  const [broken] = await predict(model, [image]);
  assert.ok(Number.isNaN(broken.uncertainty.classical_a), "NaN is not certainty");
  assert.ok(sure.uncertainty.ensemble! < 0.01, "as sure as the head that it trusts");
});

Deno.test("predict() with a clock takes the time of each part and answers to the bit as without", async () => {
  const model = hybridModel({
    classes: ["a", "b", "c"],
    imageSize: 12,
    filters: [4],
    quantumHead: { bypass: true },
    fusion: "mlp",
  });
  const tf = tfjs();
  let ticks = 0;
  const now = () => 10 * ticks++;
  const plain = await predict(model, [image, image]);
  const held = tf.memory().numTensors;
  const timed = await predict(model, [image, image], { now });
  assert.equal(tf.memory().numTensors, held);
  assert.equal(plain[0].latency, null);
  assert.deepEqual(timed.map((x) => ({ ...x, latency: null })), plain);
  assert.deepEqual(timed[0].latency, {
    encoder: 10,
    compression: 10,
    quantum_bypass: 10,
    classical_a: 10,
    classical_b: 10,
    quantum: 10,
    ensemble: 10,
  });
  setActiveHeads(model, ["classical_a"]);
  const [alone] = await predict(model, [image], { now });
  const needed = Object.entries(alone.latency!).filter(([, ms]) => ms !== null);
  assert.deepEqual(needed.map(([part]) => part), ["encoder", "classical_a", "ensemble"]);
  assert.equal(alone.latency!.quantum, null);
});

Deno.test("predict() with a clock frees its tensors when a part fails", async () => {
  const model = await smallModel();
  const layer = quantumLayerOf(model);
  const { simulator } = layer;
  const forward = () => {
    throw new Error("broken simulator");
  };
  layer.simulator = { ...simulator, forward };
  const held = tfjs().memory().numTensors;
  const now = () => 0;
  await assert.rejects(() => predict(model, [image], { now }), /broken simulator/);
  await assert.rejects(() => predict(model, [image]), /broken simulator/);
  assert.equal(tfjs().memory().numTensors, held);
});

Deno.test("predict() answers calibrated probabilities, the class stays, and files keep the calibration", async () => {
  const model = await smallModel(1);
  const calibrated = calibrateModel(model, { ensemble: 2, classical_a: 0.5 });
  const [[before], [after]] = [await predict(model, [image]), await predict(calibrated, [image])];
  assert.equal(after.class, before.class);
  const cooled = before.probabilities.map((p) => Math.sqrt(p));
  const sum = cooled.reduce((a, b) => a + b);
  after.probabilities.forEach((p, i) => assert.ok(Math.abs(p - cooled[i] / sum) < 1e-6));
  assert.deepEqual(after.heads.classical_b, before.heads.classical_b);
  assert.notDeepEqual(after.heads.classical_a, before.heads.classical_a);
  assert.deepEqual(after.fusionWeights, before.fusionWeights);
  const folder = await mkdtemp(join(tmpdir(), "calibration-"));
  try {
    await saveHybridModel(calibrated, folder);
    const [loaded] = await predict(await loadHybridModel(folder), [image]);
    assert.deepEqual(loaded, after);
  } finally {
    await rm(folder, { recursive: true });
  }
});

Deno.test("predict() and calibrateModel() name what is wrong", async () => {
  const model = await smallModel();
  await assert.rejects(
    () => predict(model, [image], { clock: 1 } as never),
    /unknown option "clock"/,
  );
  assert.throws(() => calibrateModel(model, { quantun: 1 }), /Did you mean "quantum"/);
  assert.throws(() => calibrateModel(model, { quantum: 0 }), /above 0, found 0/);
});
