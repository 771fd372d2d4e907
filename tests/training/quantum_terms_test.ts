import assert from "node:assert/strict";
import { openTensors } from "../../src/tensors/open_tensors.ts";
import { distillation, entropyFloor } from "../../src/training/quantum_losses.ts";
import { quantumTerms } from "../../src/training/quantum_terms.ts";

async function someLogits() {
  const { tf } = await openTensors({ prefer: "wasm" });
  return { quantum: tf.tensor2d([[3, 0, 0]]), classical_b: tf.tensor2d([[0, 2, 0]]) };
}

Deno.test("quantumTerms() is the sum of the terms that were asked for", async () => {
  const { quantum, classical_b } = await someLogits();
  const floor = { weight: 0.5, target: 1 }, lesson = { weight: 2, temperature: 1.5 };
  const a = entropyFloor(quantum, floor).dataSync()[0];
  const b = distillation({ student: quantum, teacher: classical_b }, lesson).dataSync()[0];
  assert.ok(a > 0 && b > 0);
  const value = (options: Parameters<typeof quantumTerms>[1]) =>
    quantumTerms({ quantum, classical_b }, options)!.dataSync()[0];
  assert.equal(value({ entropyFloor: floor }), a);
  assert.equal(value({ distillation: lesson }), b);
  assert.ok(Math.abs(value({ entropyFloor: floor, distillation: lesson }) - a - b) < 1e-6);
});

Deno.test("quantumTerms() is null without weights, without the head, and without its teacher", async () => {
  const { quantum, classical_b } = await someLogits();
  const floor = { weight: 0.5, target: 1 }, lesson = { weight: 2 };
  assert.equal(quantumTerms({ quantum, classical_b }, {}), null);
  const none = { entropyFloor: { weight: 0 }, distillation: { weight: 0 } };
  assert.equal(quantumTerms({ quantum, classical_b }, none), null);
  assert.equal(quantumTerms({ classical_b }, { entropyFloor: floor, distillation: lesson }), null);
  assert.equal(quantumTerms({ quantum }, { distillation: lesson }), null);
  assert.notEqual(quantumTerms({ quantum }, { entropyFloor: floor, distillation: lesson }), null);
});

Deno.test("quantumTerms() takes other heads by name, but not a head as its own teacher", async () => {
  const { quantum, classical_b } = await someLogits();
  const logits = { q2: quantum, classical_a: classical_b };
  const lesson = { weight: 1, teacher: "classical_a" };
  assert.notEqual(quantumTerms(logits, { head: "q2", distillation: lesson }), null);
  const itself = { distillation: { weight: 1, teacher: "quantum" } };
  assert.throws(() => quantumTerms({ quantum }, itself), /its own teacher/);
  assert.throws(() => quantumTerms({ quantum }, { entropyflor: {} } as never), /"entropyFloor"/);
});
