import assert from "node:assert/strict";
import { SeededRandom } from "../../../src/_internal/seeded_random.ts";
import type { Circuit } from "../../../src/quantum/circuit.ts";
import { canRunEngine } from "../../../src/quantum/engine/engine_module.ts";
import { GATES } from "../../../src/quantum/gates.ts";
import { parameterShift } from "../../../src/quantum/parameter_shift.ts";
import { referenceSimulator } from "../../../src/quantum/reference_simulator.ts";
import { statevectorSimulator } from "../../../src/quantum/simulator.ts";
import type {
  CircuitArgs,
  CircuitGradients,
  FloatArray,
} from "../../../src/quantum/simulator_contract.ts";
import { denseOutputs } from "../dense_oracle.ts";
import { distance, randomArgs, randomCircuit } from "../random_circuit.ts";

const MODULES = (["relaxed", "plain"] as const).filter(canRunEngine);
const TOLERANCE = { f32: 1e-5, f64: 1e-12 } as const;

const simulators = MODULES.flatMap((module) => [
  { name: `f32 ${module}`, limit: TOLERANCE.f32, run: statevectorSimulator({ module }) },
  {
    name: `f64 ${module}`,
    limit: TOLERANCE.f64,
    run: statevectorSimulator({ module, precision: "f64" }),
  },
]);

/** The largest error, as a share of the largest slope where slopes are large. */
function worst(
  found: CircuitGradients<FloatArray>,
  wanted: CircuitGradients<FloatArray>,
): number {
  const size = (values: FloatArray) => Math.max(1, ...Array.from(values, Math.abs));
  return Math.max(
    distance(found.outputs, wanted.outputs),
    distance(found.inputs, wanted.inputs) / size(wanted.inputs),
    distance(found.weights, wanted.weights) / size(wanted.weights),
  );
}

Deno.test("500 random circuits of all gates agree with dense matrices and the reference's slopes", () => {
  const random = new SeededRandom("engine"), reference = referenceSimulator();
  const seen = new Set<string>();
  for (let k = 0; k < 500; k++) {
    const circuit = randomCircuit(random, k % 10 === 0 ? 6 : 5);
    const args = randomArgs(random, circuit, 1 + random.integer(3));
    const dense = denseForward(circuit, args);
    const wanted = { ...reference.vjp(circuit, args), outputs: dense };
    for (const { name, limit, run } of simulators) {
      const error = worst(run.vjp(circuit, args), wanted);
      assert.ok(error < limit, `${name}, circuit ${k}: ${error}`);
      const { cotangents: _, ...rest } = args;
      assert.ok(distance(run.forward(circuit, rest), dense) < limit, `${name}, circuit ${k}`);
    }
    circuit.operations.forEach(({ gate }) => seen.add(gate));
  }
  assert.deepEqual([...seen].sort(), Object.keys(GATES).sort());
});

Deno.test("slopes of random circuits agree with shifted dense matrices", () => {
  const random = new SeededRandom("shifted");
  for (let k = 0; k < 60; k++) {
    const circuit = randomCircuit(random, 3), args = randomArgs(random, circuit, 2);
    const wanted = parameterShift({ forward: denseForward }, circuit, args);
    for (const { name, limit, run } of simulators) {
      const error = worst(run.vjp(circuit, args), wanted);
      assert.ok(error < limit, `${name}, circuit ${k}: ${error}`);
    }
  }
});

function denseForward(circuit: Circuit, { inputs, weights, batch }: CircuitArgs): Float64Array {
  const all = Array.from({ length: batch }, (_, i) => {
    const row = inputs.subarray(i * circuit.inputs, (i + 1) * circuit.inputs);
    return denseOutputs(circuit, Float64Array.from(row), Float64Array.from(weights));
  });
  return Float64Array.from(all.flat());
}
