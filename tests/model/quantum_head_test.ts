import assert from "node:assert/strict";
import { annealingOf, setAnnealing } from "../../src/model/annealing.ts";
import { describeModel } from "../../src/model/describe_model.ts";
import { loadHybridModel, saveHybridModel } from "../../src/model/hybrid_files.ts";
import {
  type HybridModel,
  hybridModel,
  quantumLayerOf,
  setActiveHeads,
} from "../../src/model/hybrid_model.ts";
import { parameterCounts } from "../../src/model/parameter_counts.ts";
import { applyStage } from "../../src/stages/apply_stage.ts";
import { defineStages } from "../../src/stages/define_stages.ts";
import { openTensors } from "../../src/tensors/open_tensors.ts";
import { runLayers } from "../../src/tensors/run_layers.ts";
import type { Scalar, Variable } from "../../src/tensors/tf.ts";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SMALL, small, valuesOf } from "./_quantum_head.ts";
import { noiseImages } from "./_small.ts";

const { tf } = await openTensors({ prefer: "wasm" });
const x = tf.tensor4d(noiseImages(4), [4, 12, 12, 3]);

Deno.test("setAnnealing() divides the projection by the temperature", () => {
  const model = small({ normalization: "none" });
  const projected = valuesOf(model, { layer: "quantum_projection" });
  setAnnealing(model, { temperature: 0.5 });
  assert.deepEqual(valuesOf(model, { layer: "quantum_annealing" }), projected.map((v) => 2 * v));
});

Deno.test("the quantum head's noise is in training only, follows from the key, and has its deviation", () => {
  const model = small({ normalization: "none", noise: 0.5 });
  const noisy = (key: string, training = true) => {
    for (const layer of model.network.layers) if ("maskKey" in layer) layer.maskKey = key;
    return valuesOf(model, { layer: "quantum_annealing", training });
  };
  const still = noisy("a", false);
  assert.deepEqual(noisy("b", false), still);
  assert.deepEqual(noisy("a"), noisy("a"));
  assert.notDeepEqual(noisy("a"), noisy("b"));
  const layer = model.network.getLayer("quantum_annealing");
  const spread = (layer.apply(tf.zeros([4000, 3]), { training: true }) as Scalar).square().mean();
  assert.ok(Math.abs(Math.sqrt(spread.dataSync()[0]) - 0.5) < 0.02);
  setAnnealing(model, { noise: 0 });
  const clean = layer.apply(tf.ones([2, 3]), { training: true }) as Scalar;
  assert.deepEqual([...clean.dataSync()], Array(6).fill(1));
});

Deno.test("a temperature of 0 in a file of weights divides by the lowest that is allowed", () => {
  const model = small({ normalization: "none" });
  const projected = valuesOf(model, { layer: "quantum_projection" });
  model.network.getLayer("quantum_annealing").setWeights([tf.zeros([1]), tf.zeros([1])]);
  valuesOf(model, { layer: "quantum_annealing" }).forEach((value, i) => {
    assert.ok(Math.abs(value / projected[i] / 1000 - 1) < 1e-5);
  });
});

Deno.test("the quantum head's gradients equal finite differences with temperature, states and bypass", () => {
  const { network } = small({
    temperature: 0.7,
    normalization: "layer",
    readOut: "probabilities",
    hidden: [6],
    bypass: true,
  });
  const loss = () =>
    runLayers(network, x, { outputs: ["quantum"] }).outputs[0].square().mean().mul(100) as Scalar;
  const layers = ["quantum_projection", "quantum_norm", "quantum_circuit", "quantum_bypass_dense"];
  const variables = [...layers, "quantum"].flatMap((name) =>
    network.getLayer(name).weights.map((weight) => weight.read() as Variable)
  );
  const { grads } = tf.variableGrads(loss, variables);
  for (const variable of variables) {
    const gradient = grads[variable.name].dataSync() as Float32Array;
    const at = gradient.reduce(
      (best, g, i) => Math.abs(g) > Math.abs(gradient[best]) ? i : best,
      0,
    );
    const values = Float32Array.from(variable.dataSync());
    const lossAt = (shift: number) =>
      tf.tidy(() => {
        const moved = values.slice();
        moved[at] += shift;
        variable.assign(tf.tensor(moved, variable.shape));
        return loss().dataSync()[0];
      });
    const expected = (lossAt(1e-2) - lossAt(-1e-2)) / 2e-2;
    variable.assign(tf.tensor(values, variable.shape));
    const found = gradient[at];
    assert.ok(
      Math.abs(found - expected) <= 0.02 * Math.max(0.05, Math.abs(expected)),
      `${variable.name}[${at}]: ${found} and ${expected}`,
    );
  }
});

Deno.test("setAnnealing() checks, and names a model without temperature", async () => {
  const model = small({ temperature: 2 });
  for (const temperature of [0, -1, NaN, 9e-4, Infinity]) {
    assert.throws(() => setAnnealing(model, { temperature }), /at least 0\.001, found/);
  }
  assert.throws(() => setAnnealing(model, { noise: -1 }), /noise must be .* found -1/);
  assert.throws(() => setAnnealing(model, { temp: 1 } as never), /unknown option "temp"/);
  assert.deepEqual(await annealingOf(model), { temperature: 2, noise: 0 });
  setAnnealing(model, { temperature: 1e-3 });
  const plain = small();
  assert.equal(await annealingOf(plain), null);
  assert.throws(() => setAnnealing(plain, { noise: 1 }), /build it with hybridModel\(/);
});

Deno.test("temperature and noise are saved with the model, are no parameters, and no gradient moves them", async () => {
  const model = small({ temperature: 2, noise: 0.5 });
  const plain = small();
  assert.deepEqual(parameterCounts(model), parameterCounts(plain));
  setAnnealing(model, { temperature: 0.75, noise: 0.25 });
  await train(model);
  assert.deepEqual(await annealingOf(model), { temperature: 0.75, noise: 0.25 });
  const folder = await mkdtemp(join(tmpdir(), "quantum-"));
  try {
    await saveHybridModel(model, folder);
    const loaded = await loadHybridModel(folder);
    assert.deepEqual(await annealingOf(loaded), { temperature: 0.75, noise: 0.25 });
    assert.deepEqual(valuesOf(loaded, {}), valuesOf(model, {}));
  } finally {
    await rm(folder, { recursive: true });
  }
});

Deno.test("a stage that does not train the quantum head keeps its noise out, byte for byte", async () => {
  const model = small({ noise: 0.5, bypass: true });
  const [stage] = defineStages([{
    name: "a",
    epochs: 1,
    train: ["encoder*", "classical_a*"],
    heads: ["classical_a", "quantum"],
  }]);
  const mask = applyStage(model.network, stage);
  await train(model);
  mask.assertFrozen();
  const key = (training: boolean) => valuesOf(model, { layer: "quantum_annealing", training });
  const frozen = mask.frozen.includes("quantum_annealing");
  assert.ok(frozen && mask.frozen.includes("quantum_bypass_dense"));
  // Encoder layers train here, so their batch statistics differ: the noise layer is asked alone.
  const layer = model.network.getLayer("quantum_annealing");
  const ones = layer.apply(tf.ones([2, 3]), { training: true }) as Scalar;
  assert.deepEqual([...ones.dataSync()], Array(6).fill(1));
  mask.restore();
  assert.notDeepEqual(key(true), key(true));
});

Deno.test("readOut probabilities gives the circuit one output for each state", async () => {
  const model = small({ readOut: "probabilities", hidden: [5], dropout: 0.5 });
  const { circuit } = quantumLayerOf(model);
  assert.deepEqual([circuit.observable, circuit.outputs], ["probabilities", 8]);
  const rows = valuesOf(model, { layer: "quantum_circuit" });
  assert.ok(Math.abs(rows.slice(0, 8).reduce((a, b) => a + b) - 1) < 1e-6);
  const { quantum } = await describeModel(model);
  assert.deepEqual([quantum?.readOut, quantum?.wires, quantum?.angles], ["probabilities", 3, 18]);
});

Deno.test("the bypass is off by default, and reported where it is on", async () => {
  const plain = await describeModel(small({}));
  assert.deepEqual([plain.quantum?.bypass, plain.notes], [null, []]);
  assert.ok(!plain.parameters.some(({ part }) => part === "quantum_bypass"));
  const model = small({ bypass: { hidden: 9 } });
  const { quantum, notes, parameters } = await describeModel(model);
  const expected = 6 * 9 + 9 + 2 * 9 + 9 * 5 + 5;
  assert.equal(parameters.find(({ part }) => part === "quantum_bypass")?.classical, expected);
  const { circuitGate, bypassGate, ...rest } = quantum!.bypass!;
  assert.deepEqual(rest, { parameters: expected });
  assert.ok(Math.abs(circuitGate - 0.5) < 1e-6 && Math.abs(bypassGate - 0.1192) < 1e-4);
  assert.match(
    notes[0],
    /classical bypass of 131 parameters \(gate 0\.119, the circuit's 0\.500\)/,
  );
  const total = parameters.reduce((sum, { classical, quantum }) => sum + classical + quantum, 0);
  const trainable = model.network.trainableWeights
    .reduce((sum, { shape }) => sum + (shape as number[]).reduce((a, b) => a * b, 1), 0);
  assert.equal(total, trainable);
});

Deno.test("describeModel() says when nothing is fused", async () => {
  const model = hybridModel({ ...SMALL, fusion: "skip_ensemble" });
  setActiveHeads(model, ["classical_b", "quantum"]);
  const { fusion, skipEnsemble, notes } = await describeModel(model);
  assert.deepEqual([fusion, skipEnsemble], ["skip_ensemble", true]);
  assert.match(notes[0], /answer of classical_b alone/);
});

async function train({ network }: HybridModel): Promise<void> {
  network.compile({
    optimizer: tf.train.adam(0.01),
    loss: network.outputNames.map(() => "meanSquaredError"),
  });
  const y = network.outputNames.map(() => tf.oneHot([0, 1, 2, 3], 5).cast("float32"));
  await network.fit(x, y, { epochs: 2, batchSize: 4, verbose: 0 });
}
