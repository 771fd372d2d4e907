// Explanations of the hybrid model: which gradient they take, and when the circuit runs.
import assert from "node:assert/strict";
import { explain, EXPLAIN_METHODS } from "../../src/explain/mod.ts";
import {
  hybridModel,
  quantumLayerOf,
  qubitAttributions,
  setActiveHeads,
} from "../../src/model/mod.ts";
import { statevectorSimulator } from "../../src/quantum/mod.ts";
import { openTensors } from "../../src/tensors/mod.ts";

const { tf } = await openTensors({ prefer: "cpu" });

const image = {
  width: 16,
  height: 16,
  data: Uint8Array.from({ length: 768 }, (_, i) => (i * 37) % 256),
};

/** A model whose simulator counts its calls. */
function counted() {
  const model = hybridModel({ classes: ["a", "b", "c"], imageSize: 16, filters: [4, 4], wires: 3 });
  const simulator = statevectorSimulator();
  const calls = { forward: 0, vjp: 0 };
  quantumLayerOf(model).simulator = {
    ...simulator,
    forward: (...args) => (calls.forward++, simulator.forward(...args)),
    vjp: (...args) => (calls.vjp++, simulator.vjp(...args)),
  };
  return { model, calls };
}

Deno.test("explain() of a classical head never calls the sampler, by any method", async () => {
  const { model, calls } = counted();
  for (const method of EXPLAIN_METHODS) {
    for (const head of ["classical_a", "classical_b"]) {
      const [cam] = await explain(model.network, [image], { method, head });
      assert.ok(!cam.gradients.includes("adjoint"));
    }
  }
  assert.deepEqual(calls, { forward: 0, vjp: 0 });
});

Deno.test("explain() of the quantum head and the ensemble goes through the adjoint gradient", async () => {
  for (const head of ["quantum", "ensemble"]) {
    const { model, calls } = counted();
    const [cam] = await explain(model.network, [image], { head });
    assert.deepEqual(cam.gradients, ["backpropagation", "adjoint"]);
    assert.ok(calls.vjp >= 1);
    const [input] = await explain(model.network, [image], { head, method: "smooth_grad" });
    assert.deepEqual(input.gradients, ["backpropagation", "adjoint"]);
  }
});

Deno.test("explain() of an ensemble in which the quantum head does not vote leaves it alone", async () => {
  const { model, calls } = counted();
  setActiveHeads(model, ["classical_a", "classical_b"]);
  const [cam] = await explain(model.network, [image], { head: "ensemble" });
  assert.deepEqual(cam.gradients, ["backpropagation"]);
  assert.deepEqual(calls, { forward: 0, vjp: 0 });
});

Deno.test("explain() records a simulator that does not say how it takes its gradient", async () => {
  const { model } = counted();
  const { name, reentrant, forward, vjp } = statevectorSimulator();
  quantumLayerOf(model).simulator = { name: `my ${name}`, reentrant, forward, vjp };
  const [cam] = await explain(model.network, [image], { head: "quantum" });
  assert.deepEqual(cam.gradients, ["backpropagation", 'as simulator "my statevector" takes it']);
});

Deno.test("explain() takes the layer that the encoder names", async () => {
  const model = hybridModel({
    classes: ["a", "b"],
    imageSize: 16,
    encoder: { name: "vit_b_16", patch: 4, depth: 2, width: 8, heads: 2 },
  });
  const [named] = await explain(model.network, [image], { layer: model.cam!, target: 0 });
  const [found] = await explain(model.network, [image], { target: 0 });
  assert.equal(found.layer, "encoder_layer_1_ln_1");
  assert.deepEqual(found, named);
  assert.deepEqual(found.grid, { height: 4, width: 4 });
});

Deno.test("qubitAttributions() tell which features feed which qubit, by their own slopes", async () => {
  const { model, calls } = counted();
  const found = await qubitAttributions(model, [image], { target: 1 });
  const compressed = model.network.getLayer("quantum_projection").getWeights()[0].shape[0];
  assert.deepEqual([found.features, found.units, found.head], [compressed, 3, "quantum"]);
  assert.equal(found.status, "ok");
  assert.equal(calls.vjp, 1);
  // A qubit that nothing feeds has no share.
  const projection = model.network.getLayer("quantum_projection");
  const [kernel, bias] = projection.getWeights();
  const cut = (kernel.arraySync() as number[][]).map((row) => row.with(2, 0));
  projection.setWeights([tf.tensor2d(cut), bias]);
  const without = await qubitAttributions(model, [image], { target: 1 });
  for (let i = 0; i < compressed; i++) {
    assert.equal(without.values[i * 3 + 2], 0);
    assert.ok(without.values[i * 3] >= 0);
  }
});

Deno.test("qubitAttributions() refuse heads without qubits, and unknown options", async () => {
  const { model } = counted();
  await assert.rejects(() => qubitAttributions(model, [image], { head: "classical_a" as never }), {
    message: /found head "classical_a", wanted "quantum" or "ensemble"/,
  });
  await assert.rejects(() => qubitAttributions(model, [image], { heads: 1 } as never), {
    message: /Did you mean "head"/,
  });
});
