import assert from "node:assert/strict";
import { classicalHeadA, classicalHeadB, compression } from "../../src/model/heads.ts";
import { ENSEMBLE, fusionOf, hybridModel } from "../../src/model/hybrid_model.ts";
import type { HybridModelOptions } from "../../src/model/hybrid_options.ts";
import { fusionLayer } from "../../src/model/fusion_option.ts";
import { registerLayers } from "../../src/model/layers/register_layers.ts";
import { parameterCounts } from "../../src/model/parameter_counts.ts";
import { quantumHead } from "../../src/model/quantum_head.ts";
import { composeCircuit } from "../../src/quantum/compose_circuit.ts";
import { realAmplitudes, zzFeatureMap } from "../../src/quantum/templates.ts";
import { openTensors } from "../../src/tensors/open_tensors.ts";
import { runLayers } from "../../src/tensors/run_layers.ts";
import type { LayersModel, SymbolicTensor, Tensor } from "../../src/tensors/tf.ts";
import { noiseImages } from "./_small.ts";

const { tf } = await openTensors({ prefer: "wasm" });
const classes = ["none", "mild", "moderate", "severe", "proliferative"];
const small = { classes, imageSize: 12, filters: [4, 6], compressed: 6, wires: 3, layers: 2 };

/** The parts in the sizes that the original has. */
const ORIGINAL: HybridModelOptions = {
  classes,
  compressed: 30,
  compression: { hidden: [512, 128], dropout: 0.3 },
  headA: { hidden: [1024, 512, 256], dropout: [0.4, 0.4, 0.3] },
  headB: { hidden: [64, 32], dropout: [0.3, 0.2] },
  quantumHead: {
    normalization: "layer",
    readOut: "probabilities",
    hidden: [128],
    dropout: 0.3,
    bypass: true,
  },
  circuit: composeCircuit([zzFeatureMap(4), realAmplitudes(4, { reps: 2 })]),
  fusion: "mlp",
};

Deno.test("hybridModel()'s parts have as many parameters as those of the original", () => {
  const context = {
    options: ORIGINAL,
    own: registerLayers(tf),
    seedOf: (offset: number) => offset,
  };
  const features = tf.input({ shape: [2048], name: "features" });
  const compressed = compression(features, context);
  const heads = {
    classical_a: classicalHeadA(features, context),
    classical_b: classicalHeadB(compressed, context),
    quantum: quantumHead({ features, compressed }, context),
  };
  const logits = Object.values(heads);
  const layer = fusionLayer({ heads: Object.keys(heads), fusion: ORIGINAL.fusion });
  const outputs = [...logits, layer.apply(logits) as SymbolicTensor];
  const model = {
    network: tf.model({ inputs: features, outputs }),
    heads: Object.keys(heads),
    classes,
    imageSize: 1,
    encoder: "none",
    cam: null,
  };
  assert.deepEqual(parameterCounts(model), [
    { part: "encoder", classical: 0, quantum: 0 },
    { part: "compression", classical: 1_119_902, quantum: 0 },
    { part: "quantum_bypass", classical: 2_285, quantum: 0 },
    { part: "classical_a", classical: 2_759_173, quantum: 0 },
    { part: "classical_b", classical: 4_421, quantum: 0 },
    { part: "quantum", classical: 5_304 - 2_285 - 12, quantum: 12 },
    { part: "ensemble", classical: 40_214, quantum: 0 },
  ]);
  model.network.dispose();
});

Deno.test("hybridModel() without the new options has the layers that it always had", () => {
  const { network } = hybridModel({ classes, imageSize: 16, filters: [2, 2] });
  assert.deepEqual(network.layers.map(({ name }) => name).slice(13), [
    "compression_dense",
    "compression_norm",
    "compression_relu",
    "quantum_projection",
    "quantum_norm",
    "classical_b_dense",
    "quantum_tanh",
    "classical_b_relu",
    "quantum_circuit",
    "classical_a",
    "classical_b",
    "quantum",
    "ensemble",
  ]);
  assert.equal(fusionOf({ network } as never).fusion, "dynamic");
});

Deno.test("hybridModel() with options that change nothing answers to the bit as without", () => {
  const plain = hybridModel(small);
  const same = hybridModel({ ...small, headA: {}, quantumHead: {}, fusion: "dynamic" });
  assert.deepEqual(answersOf(same.network), answersOf(plain.network));
});

Deno.test("hybridModel() builds all parts in their large form, which answers, trains, and is seeded", async () => {
  const build = (seed: number) =>
    hybridModel({
      ...small,
      compression: { hidden: [8], dropout: 0.1 },
      headA: { hidden: [8, 6], dropout: [0.1, 0] },
      headB: { hidden: [6] },
      quantumHead: { ...ORIGINAL.quantumHead, hidden: [7], noise: 0.1 },
      fusion: { name: "mlp", hidden: [8] },
      seed,
    });
  const model = build(1);
  assert.deepEqual(answersOf(build(1).network), answersOf(model.network));
  assert.notDeepEqual(answersOf(build(2).network), answersOf(model.network));
  const names = model.network.layers.map(({ name }) => name);
  assert.ok(names.includes("classical_a_dropout1") && !names.includes("classical_a_dropout2"));
  const { network } = model;
  const logits = (yTrue: Tensor, yPred: Tensor) => yPred.sub(yTrue).square().mean(1);
  network.compile({ optimizer: tf.train.adam(0.01), loss: network.outputNames.map(() => logits) });
  const x = tf.tensor4d(noiseImages(8), [8, 12, 12, 3]);
  const y = network.outputNames.map(() => tf.oneHot([0, 1, 2, 3, 4, 0, 1, 2], 5));
  const options = { epochs: 5, batchSize: 8, verbose: 0 };
  const first = await network.fit(x, y, options);
  const held = tf.memory().numTensors;
  const { history } = await network.fit(x, y, options);
  assert.equal(tf.memory().numTensors, held, "no tensor leaks");
  assert.ok((history.loss.at(-1) as number) < (first.history.loss[0] as number));
});

Deno.test("hybridModel() answers one image the same alone and among 32 with all parts in their large form", () => {
  const { network } = hybridModel({
    ...small,
    compression: { hidden: [8] },
    headA: { hidden: [8] },
    headB: { hidden: [6] },
    quantumHead: { ...ORIGINAL.quantumHead, noise: 0.5 },
    fusion: "mlp",
  });
  const all = tf.tensor4d(noiseImages(32), [32, 12, 12, 3]);
  const together = runLayers(network, all).outputs.map((output) => output.dataSync());
  for (const row of [0, 31]) {
    runLayers(network, all.slice([row], [1])).outputs.forEach((output, i) => {
      output.dataSync().forEach((value, k) => {
        assert.ok(Math.abs(value - together[i][row * 5 + k]) <= 1e-6);
      });
    });
  }
});

Deno.test("hybridModel() names what is wrong with heads and fusion", () => {
  const build = (more: object) => () => hybridModel({ ...small, ...more });
  assert.throws(build({ headA: { hiden: [4] } }), /headA: unknown option "hiden".*"hidden"/);
  assert.throws(build({ headB: { hidden: [4, 2.5] } }), /headB: hidden must be .*\[4,2\.5\]/);
  assert.throws(build({ headB: { hidden: 4 } }), /headB: hidden must be/);
  assert.throws(
    build({ compression: { hidden: [4], dropout: 1 } }),
    /compression: dropout.*found 1/,
  );
  assert.throws(build({ headA: { hidden: [4], dropout: [0.1, 0.1] } }), /2 numbers for 1 hidden/);
  assert.throws(build({ headA: { hidden: [4], dropout: "0.1" } }), /headA: dropout/);
  assert.throws(build({ fusion: "skip" }), /unknown fusion "skip".*dynamic, mlp, skip_ensemble/);
  const quantum = (quantumHead: object) => build({ quantumHead });
  assert.throws(quantum({ temprature: 1 }), /unknown option "temprature".*"temperature"/);
  for (const temperature of [0, -1, NaN, Infinity, 9e-4]) {
    assert.throws(quantum({ temperature }), /temperature must be .* at least 0\.001, found/);
  }
  for (const noise of [-0.1, NaN]) assert.throws(quantum({ noise }), /noise must be .*found/);
  assert.throws(quantum({ readOut: "x" }), /unknown readOut "x"/);
  assert.throws(quantum({ normalization: "instance" }), /unknown normalization "instance"/);
  assert.throws(
    quantum({ bypass: { hidden: 0 } }),
    /bypass: hidden must be a positive whole number/,
  );
  assert.throws(quantum({ bypass: { width: 3 } }), /bypass: unknown option "width"/);
});

Deno.test("hybridModel() with skip_ensemble has no fusion weights, and answers as head A", () => {
  const model = hybridModel({ ...small, fusion: "skip_ensemble" });
  const answers = answersOf(model.network);
  assert.deepEqual(answers[3], answers[0]);
  assert.equal(parameterCounts(model).find(({ part }) => part === ENSEMBLE)?.classical, 0);
});

function answersOf(network: LayersModel): number[][] {
  const x = tf.tensor4d(noiseImages(3), [3, 12, 12, 3]);
  return runLayers(network, x).outputs.map((output) => [...output.dataSync()]);
}
