import assert from "node:assert/strict";
import { SeededRandom } from "../../src/_internal/seeded_random.ts";
import { type Circuit, defineCircuit } from "../../src/quantum/circuit.ts";
import { samplerEstimator } from "../../src/quantum/estimator.ts";
import type { NoiseOptions } from "../../src/quantum/noise.ts";
import { noisySampler } from "../../src/quantum/noisy_sampler.ts";
import { openSampler } from "../../src/quantum/open_sampler.ts";
import { simulatorSampler } from "../../src/quantum/sampler.ts";
import { referenceSimulator } from "../../src/quantum/reference_simulator.ts";
import { basicEntangler } from "../../src/quantum/templates.ts";
import { samplerSuite } from "../_suites/sampler_suite.ts";
import { channelProbabilities } from "./channel_oracle.ts";
import { distance, randomArgs, randomCircuit } from "./random_circuit.ts";

samplerSuite("sampler with noise of 0", (body) => body(noisySampler()));

const CHANNELS: readonly (readonly [name: string, noise: NoiseOptions])[] = [
  ["depolarizing", { depolarizing: 0.15 }],
  ["bit flip", { bitFlip: 0.12 }],
  ["phase flip", { phaseFlip: 0.2 }],
  ["amplitude damping", { amplitudeDamping: 0.25 }],
  ["readout", { readout: [0.1, 0.3] }],
  ["all at once", {
    depolarizing: 0.05,
    bitFlip: 0.04,
    phaseFlip: 0.06,
    amplitudeDamping: 0.1,
    readout: 0.02,
  }],
];

/** Circuits that each channel changes, and none of which is symmetric. */
function circuits(): { circuit: Circuit; inputs: Float64Array; weights: Float64Array }[] {
  const random = new SeededRandom("noisy");
  return [0, 1, 2].map(() => {
    const circuit = defineCircuit({
      ...randomCircuit(random, 3),
      observable: "probabilities",
      outputs: undefined,
    });
    return { circuit, ...randomArgs(random, circuit, 1) };
  });
}

for (const [name, noise] of CHANNELS) {
  Deno.test(`noisySampler() converges to the analytic channel: ${name}`, async () => {
    const trajectories = 3000;
    const sampler = noisySampler({ ...noise, trajectories });
    let moved = 0;
    for (const { circuit, inputs, weights } of circuits()) {
      const wanted = channelProbabilities(circuit, { inputs, weights }, noise);
      const pub = [circuit, { inputs, weights }] as const;
      const { results: [exact] } = await sampler.run([pub]);
      // Four and a half standard errors of the average of numbers between 0 and 1.
      const bound = 4.5 * 0.5 / Math.sqrt(trajectories);
      assert.ok(distance(exact.probabilities!, wanted) < bound, name);
      const { results: [{ counts }] } = await sampler.run([pub], { shots: trajectories, seed: 2 });
      const shares = wanted.map((_, state) =>
        (counts![0][state.toString(2).padStart(circuit.wires, "0")] ?? 0) / trajectories
      );
      assert.ok(distance(shares, wanted) < bound, `${name}, counts`);
      const without = channelProbabilities(circuit, { inputs, weights }, {});
      moved = Math.max(moved, distance(wanted, without));
      if (name === "readout") assert.ok(distance(exact.probabilities!, wanted) < 1e-12);
    }
    // The bound has teeth: without this noise the values would be outside.
    assert.ok(moved > 2 * 4.5 * 0.5 / Math.sqrt(trajectories), `${name} moves by ${moved} only`);
  });
}

Deno.test("channelProbabilities() without noise is the circuit itself", () => {
  for (const { circuit, inputs, weights } of circuits()) {
    const wanted = referenceSimulator().forward(circuit, { inputs, weights, batch: 1 });
    assert.ok(distance(channelProbabilities(circuit, { inputs, weights }, {}), wanted) < 1e-12);
  }
});

Deno.test("noisySampler() repeats itself by seed, alone or in company", async () => {
  const pub = [basicEntangler(2), { weights: [0.4, 1.2] }] as const;
  const sampler = noisySampler({ depolarizing: 0.1, shots: 50 });
  const call = async (callId: number) => (await sampler.run([pub], { callId })).results[0].counts;
  const alone = [await call(0), await call(1)];
  assert.deepEqual(await Promise.all([call(1), call(0)]), [alone[1], alone[0]]);
  assert.notDeepEqual(alone[0], alone[1]);
  const average = async (seed: number) =>
    (await noisySampler({ depolarizing: 0.1, seed, trajectories: 20 }).run([pub])).results[0]
      .probabilities;
  assert.deepEqual(await average(1), await average(1));
  assert.notDeepEqual(await average(1), await average(2));
});

Deno.test("a depolarized expectation value and its gradient shrink by the known factor", async () => {
  const p = 0.3;
  const circuit = basicEntangler(1);
  const sampler = noisySampler({ depolarizing: p, trajectories: 4000 });
  const { results } = await samplerEstimator(sampler).run([[circuit, "Z", { weights: [0.6] }]]);
  const shrunk = 1 - 4 * p / 3;
  assert.ok(Math.abs(results[0].values[0] - shrunk * Math.cos(0.6)) < 0.05);
  const { weights, method } = await sampler.gradient(circuit, {
    inputs: new Float64Array(0),
    weights: Float64Array.of(0.6),
    batch: 1,
    cotangents: Float64Array.of(1),
  });
  assert.equal(method, "parameter_shift");
  assert.ok(Math.abs(weights[0] + shrunk * Math.sin(0.6)) < 0.05);
});

Deno.test("openSampler({ noise }) proves the simulation without noise and opens it with noise", async () => {
  const flip = defineCircuit({ wires: 1, operations: [{ gate: "x", wires: [0] }] });
  const { report, sampler } = await openSampler({ noise: { readout: [0, 0.5] } });
  assert.deepEqual([report.chosen, report.asked], ["trajectories", ["trajectories"]]);
  assert.deepEqual([...(await sampler.run([[flip]])).results[0].probabilities!], [0.5, 0.5]);
  const clean = simulatorSampler(referenceSimulator());
  assert.deepEqual([...(await clean.run([[flip]])).results[0].probabilities!], [0, 1]);
  await assert.rejects(openSampler({ noise: { bitFlip: 2 } }), /bitFlip must be a probability/);
});

Deno.test("noisySampler() refuses what is no probability, and unknown channels", () => {
  assert.throws(() => noisySampler({ depolarizing: -0.1 }), /depolarizing.*found -0.1/);
  assert.throws(() => noisySampler({ readout: [0, NaN] }), /readout/);
  assert.throws(() => noisySampler({ trajectories: 0 }), /trajectories/);
  assert.throws(() => noisySampler({ bitflip: 0.1 } as never), /Did you mean "bitFlip"/);
});
