import assert from "node:assert/strict";
import { inputAngle, weightAngle } from "../../src/quantum/angle.ts";
import { defineCircuit } from "../../src/quantum/circuit.ts";
import { referenceSimulator } from "../../src/quantum/reference_simulator.ts";
import { withProbabilities } from "../../src/quantum/free_angles.ts";
import type { Sampler } from "../../src/quantum/sampler_contract.ts";
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
const values = { inputs: args.inputs, weights: args.weights };
/** The first row alone. */
const first = { inputs: args.inputs.subarray(0, 2), weights: args.weights };
const exact = { shots: null };
const cotangents = Float32Array.from({ length: batch * 3 }, (_, i) => Math.cos(i));

function assertNear(found: ArrayLike<number>, wanted: ArrayLike<number>, tolerance: number) {
  assert.equal(found.length, wanted.length);
  for (let i = 0; i < wanted.length; i++) {
    assert.ok(Math.abs(found[i] - wanted[i]) <= tolerance, `[${i}] ${found[i]} vs ${wanted[i]}`);
  }
}

/**
 * What every sampler must do, whatever computes for it. Registers tests that begin with `name`;
 * `using` opens a sampler for the time of a test.
 */
export function samplerSuite(
  name: string,
  using: (body: (sampler: Sampler) => Promise<void>) => Promise<void>,
): void {
  const test = (title: string, body: (sampler: Sampler) => Promise<void>) =>
    Deno.test(`${name}: ${title}`, () => using(body));

  test("run() without shots gives the exact probabilities of the reference", async (sampler) => {
    const { results, sampler: by } = await sampler.run(
      [[circuit, values], [circuit, first]],
      exact,
    );
    const wanted = referenceSimulator().forward(withProbabilities(circuit), args);
    assertNear(results[0].probabilities!, wanted, 1e-5);
    assertNear(results[1].probabilities!, wanted.subarray(0, 8), 1e-5);
    assert.deepEqual(results.map(({ shape }) => shape), [[batch], []]);
    assert.deepEqual([results[0].shots, results[0].counts], [null, undefined]);
    assert.equal(by, sampler.name);
  });

  test("run() broadcasts inputs against weights as NumPy does", async (sampler) => {
    const weights = [[[0.4, -1.3]], [[2, 0.1]]];
    const { results: [{ shape, probabilities }] } = await sampler.run(
      [[circuit, { inputs: values.inputs, weights }]],
      exact,
    );
    assert.deepEqual(shape, [2, batch]);
    weights.forEach(([own], i) => {
      const one = { ...args, weights: Float64Array.from(own) };
      const wanted = referenceSimulator().forward(withProbabilities(circuit), one);
      assertNear(probabilities!.subarray(i * batch * 8, (i + 1) * batch * 8), wanted, 1e-5);
    });
  });

  test("gradient() gives the gradients of the reference by every method", async (sampler) => {
    const wanted = referenceSimulator().vjp(circuit, { ...args, cotangents });
    const given = { ...args, cotangents };
    const found = [
      await sampler.gradient(circuit, given, { shots: null }),
      await sampler.gradient(circuit, given, { method: "parameter_shift", shots: null }),
      await sampler.gradient(circuit, given, { method: "finite_difference", shots: null }),
    ];
    assert.deepEqual(found.slice(1).map(({ method }) => method), [
      "parameter_shift",
      "finite_difference",
    ]);
    found.forEach((gradients, i) => {
      const tolerance = i === 2 ? 2e-3 : 2e-5;
      assertNear(gradients.outputs, wanted.outputs, 1e-5);
      assertNear(gradients.inputs, wanted.inputs, tolerance);
      assertNear(gradients.weights, wanted.weights, tolerance);
    });
  });

  test("run() with shots counts them all and comes near the exact values", async (sampler) => {
    const shots = 4000;
    const pubs = [[circuit, values], [circuit, values, 50]] as const;
    const { results } = await sampler.run(pubs, { shots, seed: 3 });
    const exact = referenceSimulator().forward(withProbabilities(circuit), args);
    assert.deepEqual(results.map(({ shots }) => shots), [shots, 50]);
    assert.equal(results[0].counts?.length, batch);
    results[0].counts?.forEach((row, i) => {
      assert.equal(Object.values(row).reduce((a, b) => a + b), shots);
      assert.ok(Object.keys(row).every((bits) => /^[01]{3}$/.test(bits)));
      const shares = Array.from(
        { length: 8 },
        (_, k) => (row[k.toString(2).padStart(3, "0")] ?? 0) / shots,
      );
      // Five standard errors of a share.
      assertNear(shares, exact.subarray(i * 8, i * 8 + 8), 2.5 / Math.sqrt(shots));
    });
    assert.equal(Object.values(results[1].counts![0]).reduce((a, b) => a + b), 50);
    // A pub may ask for exact values among others with shots.
    const mixed = await sampler.run([[circuit, values, null], [circuit, values]], { shots: 9 });
    assert.deepEqual(mixed.results.map(({ shots }) => shots), [null, 9]);
  });

  test("D1.9 the same seed gives the same samples to 1 and to 8 concurrent callers", async (sampler) => {
    const call = async (callId: number | string, seed = 11) =>
      (await sampler.run([[circuit, values, 200], [circuit, values, 200]], { seed, callId }))
        .results;
    const alone: Awaited<ReturnType<typeof call>>[] = [];
    for (let i = 0; i < 8; i++) alone.push(await call(i));
    const order = [5, 2, 7, 0, 1, 6, 3, 4];
    const together = await Promise.all(order.map((id) => call(id)));
    order.forEach((id, i) => assert.deepEqual(together[i], alone[id]));
    const different = [alone[0], alone[1], [alone[0][1]], await call(0, 12), await call("0")];
    const texts = different.map((results) => JSON.stringify(results[0].counts));
    assert.equal(new Set(texts).size, texts.length);
  });

  test("results stay as they were when the sampler is used again", async (sampler) => {
    const { results: [{ probabilities }] } = await sampler.run([[circuit, values]], exact);
    const kept = probabilities!.slice();
    await sampler.run([[circuit, { ...values, weights: Float32Array.of(2, 2) }]], exact);
    assert.deepEqual(probabilities, kept);
  });

  test("bad arguments reject with the name of what is wrong", async (sampler) => {
    const short = new Float32Array(1);
    const run = (changed: object, options: object = {}) =>
      sampler.run([[circuit, { ...values, ...changed }]], options);
    await assert.rejects(run({ inputs: short }), /pub 0: inputs has 1 numbers, wanted rows of 2/);
    await assert.rejects(run({ inputs: [1, 2, 3, 4] }), /last axis has 4 numbers.*takes 2/);
    await assert.rejects(run({ inputs: [[1, 2], [3]] }), /rows differ in length/);
    await assert.rejects(run({ inputs: undefined }), /inputs: missing/);
    await assert.rejects(
      run({ weights: [[1, 2], [3, 4]] }),
      /shapes \[3\] and \[2\] do not go together/,
    );
    await assert.rejects(
      run({ weights: Float32Array.of(NaN, 0) }),
      (error) => error instanceof RangeError && /weights\[0\] is NaN/.test(error.message),
    );
    await assert.rejects(run({ weight: 1 }), /Did you mean "weights"/);
    await assert.rejects(run({}, { shots: 0 }), /shots/);
    await assert.rejects(run({}, { shot: 3 }), /Did you mean "shots"/);
    await assert.rejects(sampler.run(circuit as never), /pubs must be an array/);
    await assert.rejects(sampler.run([circuit] as never), /pub 0/);
    const gradient = (changed: object, options: object = {}) =>
      sampler.gradient(circuit, { ...args, cotangents, ...changed }, options);
    await assert.rejects(gradient({ cotangents: short }), /cotangents has 1 numbers/);
    await assert.rejects(gradient({}, { method: "adjiont" }), /Did you mean "adjoint"/);
    await assert.rejects(gradient({}, { method: "adjoint", shots: 9 }), /9 shots are asked for/);
    await assert.rejects(gradient({}, { step: 0, method: "finite_difference" }), /step/);
  });

  test("it works behind a lock, gradients included", async (sampler) => {
    const lock = samplerLock();
    const guarded = lock.guard(sampler, ["run", "gradient"]);
    await Promise.all([
      guarded.run([[circuit, values]]),
      guarded.gradient(circuit, { ...args, cotangents }),
      guarded.run([[circuit, values]]),
    ]);
    assert.equal(lock.stats().acquisitions, 3);
    assert.equal(guarded.name, sampler.name);
  });
}
