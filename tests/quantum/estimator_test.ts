import assert from "node:assert/strict";
import { SeededRandom } from "../../src/_internal/seeded_random.ts";
import { type Circuit, defineCircuit } from "../../src/quantum/circuit.ts";
import { samplerEstimator } from "../../src/quantum/estimator.ts";
import { groupPaulis, type PauliSum } from "../../src/quantum/pauli_sum.ts";
import { referenceSimulator } from "../../src/quantum/reference_simulator.ts";
import { simulatorSampler } from "../../src/quantum/sampler.ts";
import { angleEncoding, basicEntangler } from "../../src/quantum/templates.ts";
import { denseExpectation } from "./dense_oracle.ts";
import { distance, randomArgs, randomCircuit } from "./random_circuit.ts";

const sampler = simulatorSampler(referenceSimulator());
const estimator = samplerEstimator(sampler);

function randomSum(random: SeededRandom, wires: number): Record<string, number> {
  const letters = () => Array.from({ length: wires }, () => "IXYZ"[random.integer(4)]).join("");
  const terms = Array.from({ length: 1 + random.integer(5) }, letters);
  return Object.fromEntries(terms.map((term) => [term, random.uniform(-2, 2)]));
}

Deno.test("samplerEstimator() agrees with dense matrices on 60 random circuits and Pauli sums", async () => {
  const random = new SeededRandom("estimator");
  for (let k = 0; k < 60; k++) {
    const circuit = randomCircuit(random, 4);
    const { inputs, weights } = randomArgs(random, circuit, 1);
    const sums = [0, 1, 2].map(() => randomSum(random, circuit.wires));
    const { results: [{ values, standardErrors, shape }] } = await estimator.run([
      [circuit, sums, { inputs, weights }],
    ]);
    const wanted = sums.map((sum) => denseExpectation(circuit, { inputs, weights }, sum));
    assert.ok(distance(values, wanted) < 1e-11, `circuit ${k}`);
    assert.deepEqual([shape, [...standardErrors]], [[3], [0, 0, 0]]);
  }
});

Deno.test("samplerEstimator() broadcasts observables against sets of numbers", async () => {
  const circuit = angleEncoding(1);
  const inputs = [[0], [0.5], [1]];
  const at = async (observables: PauliSum | PauliSum[] | PauliSum[][]) =>
    (await estimator.run([[circuit, observables, { inputs }]])).results[0];
  const one = await at("Z");
  assert.deepEqual(one.shape, [3]);
  assert.ok(distance(one.values, inputs.map(([x]) => Math.cos(x))) < 1e-12);
  const each = await at(["Z", "X", { Z: 2, I: 1 }]);
  assert.deepEqual(each.shape, [3]);
  assert.ok(distance(each.values, [1, Math.sin(0.5), 2 * Math.cos(1) + 1]) < 1e-12);
  const all = await at([["Z"], ["X"]]);
  assert.deepEqual(all.shape, [2, 3]);
  const wanted = [...inputs.map(([x]) => Math.cos(x)), ...inputs.map(([x]) => Math.sin(x))];
  assert.ok(distance(all.values, wanted) < 1e-12);
  await assert.rejects(at(["Z", "X"]), /shapes \[2\] and \[3\] do not go together/);
});

Deno.test("samplerEstimator() with shots is as near as its own standard errors say", async () => {
  const random = new SeededRandom("shots");
  const scores: number[] = [];
  for (let k = 0; k < 40; k++) {
    const circuit = randomCircuit(random, 3);
    const { inputs, weights } = randomArgs(random, circuit, 1);
    const sum = randomSum(random, circuit.wires);
    const exact = denseExpectation(circuit, { inputs, weights }, sum);
    const { results: [{ values: [value], standardErrors: [error], shots }] } = await estimator.run(
      [[circuit, sum, { inputs, weights }, 400]],
      { seed: k },
    );
    assert.equal(shots, 400);
    if (error > 1e-9) scores.push((value - exact) / error);
    else assert.ok(Math.abs(value - exact) < 0.1);
  }
  assert.ok(scores.length > 25);
  const mean = scores.reduce((a, b) => a + b) / scores.length;
  const spread = Math.sqrt(scores.reduce((a, b) => a + b * b, 0) / scores.length);
  // A standard error that is too small or too large by half shows here.
  assert.ok(Math.abs(mean) < 0.6 && spread > 0.7 && spread < 1.5, `${mean} ${spread}`);
});

Deno.test("samplerEstimator() has the standard error of the values that were measured", async () => {
  const shots = 300;
  const { results: [{ values: [value], standardErrors: [error] }] } = await estimator.run(
    [[angleEncoding(1), { Z: 3, I: 5 }, { inputs: [0.6] }]],
    { shots },
  );
  const z = (value - 5) / 3;
  assert.ok(z > 0.6 && z < 0.95, `${z}`);
  assert.ok(Math.abs(error - 3 * Math.sqrt((1 - z * z) / shots)) < 1e-12);
});

Deno.test("samplerEstimator() repeats itself for one call id, whatever runs beside it", async () => {
  const pub = [basicEntangler(3), { ZZI: 1, XXX: 0.5 }, { weights: [0.3, 0.7, -1] }, 100] as const;
  const call = async (callId: number) =>
    (await estimator.run([pub], { seed: 5, callId })).results[0].values[0];
  const alone = [await call(0), await call(1), await call(2)];
  const together = await Promise.all([2, 0, 1].map(call));
  assert.deepEqual(together, [alone[2], alone[0], alone[1]]);
  assert.ok(new Set(alone).size > 1);
});

Deno.test("groupPaulis() measures together what asks each wire for one axis", () => {
  const groups = groupPaulis("test", [{ ZIZ: 1, IZZ: 1, XXI: 2 }, "IIX", "YII"], 3);
  assert.deepEqual(groups.map(({ basis }) => basis), ["ZZZ", "XXX", "YII"]);
  assert.deepEqual(groups[1].terms.map(({ mask }) => mask), [0b110, 0b001]);
  assert.deepEqual([...groups[1].terms[0].coefficients], [2, 0, 0]);
});

Deno.test("samplerEstimator() refuses what is no observable of the circuit", async () => {
  const run = (observables: unknown) =>
    estimator.run([[angleEncoding(2), observables as PauliSum, { inputs: [0, 0] }]]);
  await assert.rejects(run("ZZZ"), /"ZZZ" has 3 letters, the circuit has 2 wires/);
  await assert.rejects(run("ZA"), /unknown Pauli matrix "A"/);
  await assert.rejects(run({ ZZ: NaN }), /coefficient of "ZZ" is NaN/);
  await assert.rejects(run(3), /give "ZZ"/);
  await assert.rejects(run([]), /without gaps/);
});

Deno.test("gradient() of Pauli sums is the same by every method and by dense matrices", async () => {
  const random = new SeededRandom("observables");
  for (let k = 0; k < 25; k++) {
    const circuit = randomCircuit(random, 3);
    const batch = 1 + random.integer(2);
    const observables = [0, 1].map(() => randomSum(random, circuit.wires));
    const args = randomArgs(random, { ...circuit, outputs: 2 } as Circuit, batch);
    const take = (method: "adjoint" | "parameter_shift" | "finite_difference") =>
      sampler.gradient(circuit, args, { method, observables, step: 1e-5 });
    const adjoint = await take("adjoint");
    const shifted = await take("parameter_shift"), crude = await take("finite_difference");
    for (const what of ["outputs", "inputs", "weights"] as const) {
      assert.ok(distance(adjoint[what], shifted[what]) < 1e-10, `${what}, circuit ${k}`);
      assert.ok(distance(adjoint[what], crude[what]) < 1e-5, `${what}, circuit ${k}`);
    }
    const loss = (weights: Float64Array) => {
      let sum = 0;
      for (let sample = 0; sample < batch; sample++) {
        const inputs = args.inputs.subarray(sample * circuit.inputs, (sample + 1) * circuit.inputs);
        observables.forEach((observable, i) =>
          sum += args.cotangents[sample * 2 + i] *
            denseExpectation(circuit, { inputs, weights }, observable)
        );
      }
      return sum;
    };
    const at = random.integer(circuit.weights), moved = args.weights.slice();
    moved[at] += 1e-5;
    const up = loss(moved);
    moved[at] -= 2e-5;
    assert.ok(Math.abs(adjoint.weights[at] - (up - loss(moved)) / 2e-5) < 1e-5, `circuit ${k}`);
  }
});

Deno.test("gradient() with shots comes near the exact one, and repeats itself", async () => {
  const circuit = defineCircuit({ ...basicEntangler(2), observable: "z" });
  const args = {
    inputs: new Float64Array(0),
    weights: Float64Array.of(0.4, 1.1),
    batch: 1,
    cotangents: Float64Array.of(1, -2),
  };
  const exact = await sampler.gradient(circuit, args);
  const options = { shots: 20_000, seed: 1 };
  const shifted = await sampler.gradient(circuit, args, options);
  assert.deepEqual([exact.method, shifted.method], ["adjoint", "parameter_shift"]);
  assert.ok(distance(exact.weights, shifted.weights) < 0.08);
  assert.ok(distance(exact.weights, shifted.weights) > 1e-6);
  assert.deepEqual(await sampler.gradient(circuit, args, options), shifted);
  const crude = await sampler.gradient(circuit, args, { ...options, method: "finite_difference" });
  assert.ok(distance(exact.weights, crude.weights) < 0.2);
});
