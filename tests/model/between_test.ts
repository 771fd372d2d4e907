import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeModel } from "../../src/model/describe_model.ts";
import { loadHybridModel, saveHybridModel } from "../../src/model/hybrid_files.ts";
import { hybridModel, quantumLayerOf } from "../../src/model/hybrid_model.ts";
import { registerLayers } from "../../src/model/layers/register_layers.ts";
import { matchedLayers } from "../../src/model/matched_layers.ts";
import { parameterCounts } from "../../src/model/parameter_counts.ts";
import { withAblation } from "../../src/model/with_ablation.ts";
import { openTensors } from "../../src/tensors/open_tensors.ts";
import type { Tensor2D, Variable } from "../../src/tensors/tf.ts";
import { SMALL, small, valuesOf } from "./_quantum_head.ts";

const { tf } = await openTensors({ prefer: "wasm" });
const headOf = (model: ReturnType<typeof hybridModel>) =>
  parameterCounts(model).find(({ part }) => part === "quantum")!;

Deno.test("the matched control has exactly as many parameters as the circuit, whatever its size", () => {
  for (const [wires, layers] of [[4, 3], [8, 3], [4, 1], [4, 2], [4, 4], [3, 2], [10, 3]]) {
    const build = (between: "circuit" | "matched" | "nothing") =>
      headOf(hybridModel({ ...SMALL, wires, layers, quantumHead: { between } }));
    const [circuit, matched, nothing] = [build("circuit"), build("matched"), build("nothing")];
    assert.equal(circuit.quantum, 3 * layers * wires);
    assert.equal(matched.classical - nothing.classical, circuit.quantum, `${wires} and ${layers}`);
    assert.equal(circuit.classical, nothing.classical);
    assert.deepEqual([matched.quantum, nothing.quantum], [0, 0]);
  }
});

Deno.test("the matched control of 4 wires and 3 layers is two dense layers, of 8 wires one", () => {
  const of = (wires: number) =>
    matchedLayers({ inputs: wires, outputs: wires, weights: 9 * wires });
  assert.deepEqual(of(4), [{ bands: 4, bias: true }, { bands: 4, bias: false }]);
  assert.deepEqual(of(8), [{ bands: 8, bias: true }]);
  assert.deepEqual(of(10), [{ bands: 9, bias: false }]);
});

Deno.test("a banded layer multiplies input j + d, counted around, and no other", () => {
  const rows = [[1, 2, 3, 5], [4, 5, 7, 11]];
  const { BandedDense } = registerLayers(tf);
  for (const bands of [1, 3, 4]) {
    const layer = new BandedDense({ units: 4, bands, bias: true, seed: 5 });
    const found = (layer.apply(tf.tensor2d(rows)) as Tensor2D).arraySync().flat();
    const kernel = layer.getWeights()[0].arraySync() as number[][];
    assert.deepEqual([kernel.length, kernel[0].length], [4, bands]);
    const wanted = rows.flatMap((row) =>
      kernel.map((weights, j) => weights.reduce((sum, w, d) => sum + w * row[(j + d) % 4], 0))
    );
    found.forEach((value, i) => assert.ok(Math.abs(value - wanted[i]) < 1e-5));
  }
});

Deno.test("with nothing between, the tanh of the projection goes into the logits", () => {
  const model = small({ between: "nothing" });
  assert.equal(model.network.layers.some(({ name }) => name.includes("circuit")), false);
  const tanh = valuesOf(model, { layer: "quantum_tanh" });
  const [kernel] = model.network.getLayer("quantum").getWeights();
  const weights = kernel.arraySync() as number[][];
  const first = weights.reduce((sum, row, k) => sum + row[0] * tanh[k], 0);
  assert.ok(Math.abs(valuesOf(model, {})[0] - first) < 1e-5);
});

Deno.test("every weight of the matched control gets a gradient", () => {
  const model = hybridModel({ ...SMALL, wires: 3, layers: 3, quantumHead: { between: "matched" } });
  const layers = model.network.layers.filter(({ name }) => /^quantum_matched\d$/.test(name));
  assert.equal(layers.length, 3);
  const variables = layers.flatMap(({ weights }) => weights.map((w) => w.read() as Variable));
  const x = tf.randomUniform([6, 12, 12, 3], 0, 1, "float32", 3);
  const { grads } = tf.variableGrads(
    () => (model.network.predict(x) as typeof x[])[2].square().mean().asScalar(),
    variables,
  );
  for (const gradient of Object.values(grads)) {
    assert.ok([...gradient.dataSync()].every((value) => value !== 0 && Number.isFinite(value)));
  }
});

Deno.test("reads: encoder gives the quantum head all features", () => {
  const inputsOf = (reads: "compression" | "encoder") =>
    small({ reads }).network.getLayer("quantum_projection").getWeights()[0].shape[0];
  // Two poolings of 6 filters; compressed to 6.
  assert.deepEqual([inputsOf("encoder"), inputsOf("compression")], [12, 6]);
});

Deno.test("initialDeviation spreads the first angles", () => {
  const spread = (initialDeviation: number) => {
    const [weights] = quantumLayerOf(small({ initialDeviation })).getWeights();
    const angles = [...weights.dataSync()];
    return Math.sqrt(angles.reduce((sum, angle) => sum + angle * angle, 0) / angles.length);
  };
  assert.equal(spread(0), 0);
  assert.ok(Math.abs(spread(1) / spread(0.01) - 100) < 1e-3);
  assert.ok(spread(1) > 0.5 && spread(1) < 1.6);
});

Deno.test("a control is saved, loaded and described as one, and has no circuit to leave out", async () => {
  const model = small({ between: "matched", bypass: true });
  const { quantum, notes } = await describeModel(model);
  assert.equal(quantum, null);
  assert.match(notes.join(), /no circuit: it is a classical control/);
  await assert.rejects(
    withAblation(model, () => 1, { off: "circuit" }),
    /the model has no circuit/,
  );
  assert.equal(await withAblation(model, () => 1, { off: "bypass" }), 1);
  const folder = await mkdtemp(join(tmpdir(), "between-"));
  try {
    await saveHybridModel(model, folder);
    assert.deepEqual(valuesOf(await loadHybridModel(folder), {}), valuesOf(model, {}));
  } finally {
    await rm(folder, { recursive: true });
  }
});

Deno.test("what cannot stand between is refused", () => {
  assert.throws(() => small({ between: "mached" as never }), /Did you mean "matched"/);
  assert.throws(() => small({ reads: "features" as never }), /unknown reads "features"/);
  assert.throws(() => small({ initialDeviation: -1 }), /initialDeviation must be radians from 0/);
  assert.throws(
    () => small({ between: "matched", readOut: "probabilities" }),
    /3 inputs, 8 outputs and 18 angles/,
  );
});
