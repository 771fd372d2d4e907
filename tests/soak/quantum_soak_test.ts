// Noise and OpenQASM on many random circuits.
import assert from "node:assert/strict";
import { SeededRandom } from "../../src/_internal/seeded_random.ts";
import { withProbabilities } from "../../src/quantum/free_angles.ts";
import { noisySampler } from "../../src/quantum/noisy_sampler.ts";
import { fromOpenQasm } from "../../src/quantum/openqasm/from_openqasm.ts";
import { toOpenQasm } from "../../src/quantum/openqasm/to_openqasm.ts";
import { referenceSimulator } from "../../src/quantum/reference_simulator.ts";
import { channelProbabilities } from "../quantum/channel_oracle.ts";
import { distance, randomArgs, randomCircuit } from "../quantum/random_circuit.ts";

const NOISE = {
  depolarizing: 0.02,
  bitFlip: 0.01,
  phaseFlip: 0.03,
  amplitudeDamping: 0.05,
  readout: [0.02, 0.04],
} as const;

Deno.test("noisySampler() converges to the analytic channel on 30 circuits with 20000 shots", async () => {
  const random = new SeededRandom("noise soak"), shots = 20_000;
  for (let k = 0; k < 30; k++) {
    const circuit = withProbabilities(randomCircuit(random, 4));
    const { inputs, weights } = randomArgs(random, circuit, 1);
    const wanted = channelProbabilities(circuit, { inputs, weights }, NOISE);
    const { results: [{ counts }] } = await noisySampler(NOISE).run(
      [[circuit, { inputs, weights }]],
      { shots, seed: k },
    );
    const shares = wanted.map((_, state) =>
      (counts![0][state.toString(2).padStart(circuit.wires, "0")] ?? 0) / shots
    );
    assert.ok(distance(shares, wanted) < 5 * 0.5 / Math.sqrt(shots), `circuit ${k}`);
  }
});

Deno.test("2000 random circuits come back from OpenQASM with the same probabilities", () => {
  const random = new SeededRandom("qasm soak");
  for (let k = 0; k < 2000; k++) {
    const circuit = withProbabilities(randomCircuit(random, 5, ["unitary"]));
    const { inputs, weights } = randomArgs(random, circuit, 1);
    const text = toOpenQasm(circuit, { version: 2, inputs, weights, gate: "head" });
    const read = fromOpenQasm(text, { observable: "probabilities" });
    const none = new Float64Array(0);
    const found = referenceSimulator().forward(read, { inputs: none, weights: none, batch: 1 });
    const wanted = referenceSimulator().forward(circuit, { inputs, weights, batch: 1 });
    assert.ok(distance(found, wanted) < 1e-11, `circuit ${k}:\n${text}`);
  }
});
