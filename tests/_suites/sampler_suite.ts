import assert from "node:assert/strict";
import { inputAngle, weightAngle } from "../../src/quantum/angle.ts";
import { defineCircuit } from "../../src/quantum/circuit.ts";
import { referenceSimulator } from "../../src/quantum/reference_simulator.ts";
import type { Sampler, SamplerResult } from "../../src/quantum/sampler.ts";
import { samplerLock } from "../../src/sampler_lock/sampler_lock.ts";

const circuit = defineCircuit({
  wires: 3,
  operations: [
    { gate: "h", wires: [0] },
    { gate: "ry", wires: [1], angle: inputAngle(0, { scale: 2 }) },
    { gate: "crx", wires: [0, 2], angle: weightAngle(0) },
    { gate: "cx", wires: [1, 2] },
    { gate: "rz", wires: [2], angle: inputAngle(1) },
    { gate: "ryy", wires: [0, 2], angle: weightAngle(1) },
  ],
});
const batch = 3;
const args = {
  inputs: Float32Array.of(0.1, 0.2, -0.7, 1.1, 2.5, -3),
  weights: Float32Array.of(0.4, -1.3),
  batch,
};
const cotangents = Float32Array.from({ length: batch * 3 }, (_, i) => Math.cos(i));

function assertNear(found: ArrayLike<number>, wanted: ArrayLike<number>, tolerance: number) {
  assert.equal(found.length, wanted.length);
  for (let i = 0; i < wanted.length; i++) {
    assert.ok(Math.abs(found[i] - wanted[i]) <= tolerance, `[${i}] ${found[i]} vs ${wanted[i]}`);
  }
}

/** What every sampler must do, whatever computes for it. Registers tests that begin with `name`. */
export function samplerSuite(name: string, open: () => Promise<Sampler>): void {
  const test = (title: string, body: (sampler: Sampler) => Promise<void>) =>
    Deno.test(`${name}: ${title}`, async () => await body(await open()));

  test("run() without shots gives the exact values of the reference", async (sampler) => {
    for (const observable of ["z", "probabilities"] as const) {
      const asked = defineCircuit({ ...circuit, observable, outputs: undefined });
      const { outputs, shots, counts } = await sampler.run(asked, args);
      assertNear(outputs, referenceSimulator().forward(asked, args), 1e-5);
      assert.deepEqual([shots, counts], [null, undefined]);
    }
  });

  test("gradient() gives the gradients of the reference", async (sampler) => {
    const found = await sampler.gradient(circuit, { ...args, cotangents });
    const wanted = referenceSimulator().vjp(circuit, { ...args, cotangents });
    assertNear(found.outputs, wanted.outputs, 1e-5);
    assertNear(found.inputs, wanted.inputs, 1e-5);
    assertNear(found.weights, wanted.weights, 1e-5);
  });

  test("run() with shots counts them all and comes near the exact values", async (sampler) => {
    const shots = 4000;
    const { outputs, counts } = await sampler.run(circuit, { ...args, shots, seed: 3 });
    assert.equal(counts?.length, batch);
    for (const row of counts ?? []) {
      assert.equal(Object.values(row).reduce((a, b) => a + b), shots);
      assert.ok(Object.keys(row).every((bits) => /^[01]{3}$/.test(bits)));
    }
    // Five standard errors of a value between -1 and 1.
    assertNear(outputs, referenceSimulator().forward(circuit, args), 5 / Math.sqrt(shots));
  });

  test("D1.9 the same seed gives the same samples to 1 and to 8 concurrent callers", async (sampler) => {
    const call = (callId: number) =>
      sampler.run(circuit, { ...args, shots: 200, seed: 11, callId });
    const alone: SamplerResult["counts"][] = [];
    for (let i = 0; i < 8; i++) alone.push((await call(i)).counts);
    const order = [5, 2, 7, 0, 1, 6, 3, 4];
    const together = await Promise.all(order.map(call));
    order.forEach((id, i) => assert.deepEqual(together[i].counts, alone[id]));
    assert.notDeepEqual(alone[0], alone[1]);
    const other = await sampler.run(circuit, { ...args, shots: 200, seed: 12, callId: 0 });
    assert.notDeepEqual(other.counts, alone[0]);
  });

  test("results stay as they were when the sampler is used again", async (sampler) => {
    const { outputs } = await sampler.run(circuit, args);
    const kept = outputs.slice();
    await sampler.run(circuit, { ...args, weights: Float32Array.of(2, 2) });
    assert.deepEqual(outputs, kept);
  });

  test("bad arguments reject with the name of what is wrong", async (sampler) => {
    const short = new Float32Array(1);
    await assert.rejects(sampler.run(circuit, { ...args, inputs: short }), /inputs has 1 numbers/);
    await assert.rejects(
      sampler.run(circuit, { ...args, weights: Float32Array.of(NaN, 0) }),
      (error) => error instanceof RangeError && /weights\[0\] is NaN/.test(error.message),
    );
    await assert.rejects(sampler.run(circuit, { ...args, shots: 0 }), /shots/);
    await assert.rejects(
      sampler.run(circuit, { ...args, shot: 3 } as never),
      /Did you mean|unknown option/,
    );
    await assert.rejects(
      sampler.gradient(circuit, { ...args, cotangents: short }),
      /cotangents has 1 numbers/,
    );
  });

  test("it works behind a lock, gradients included", async (sampler) => {
    const lock = samplerLock();
    const guarded = lock.guard(sampler, ["run", "gradient"]);
    await Promise.all([
      guarded.run(circuit, args),
      guarded.gradient(circuit, { ...args, cotangents }),
      guarded.run(circuit, args),
    ]);
    assert.equal(lock.stats().acquisitions, 3);
    assert.equal(guarded.name, sampler.name);
  });
}
