import { inputAngle, weightAngle } from "./angle.ts";
import { defineCircuit } from "./circuit.ts";
import type { FloatArray, Simulator } from "./simulator_contract.ts";

const TOLERANCE = 1e-5;

/**
 * Runs a circuit whose answers are known, forward and back.
 *
 * @returns why the simulator must not be used, or undefined when all answers are right
 */
export function probeSimulator(simulator: Simulator<FloatArray>): string | undefined {
  const operations = [
    { gate: "ry", wires: [0], angle: inputAngle(0) },
    { gate: "cx", wires: [0, 1] },
    { gate: "rx", wires: [1], angle: weightAngle(0) },
  ] as const;
  const args = {
    inputs: Float32Array.of(2 * Math.PI / 3),
    weights: Float32Array.of(Math.PI / 3),
    batch: 1,
  };
  const probabilities = defineCircuit({ wires: 2, operations, observable: "probabilities" });
  // Unlike under an exchange of wires, so that a wrong bit order is found.
  const wrong = compare("probabilities", simulator.forward(probabilities, args), [
    0.1875,
    0.0625,
    0.1875,
    0.5625,
  ]);
  if (wrong !== undefined) return wrong;
  const cotangents = Float32Array.of(1, 1);
  const found = simulator.vjp(defineCircuit({ wires: 2, operations }), { ...args, cotangents });
  // <Z_0> = cos x, <Z_1> = cos x cos w.
  return compare("expectation values", found.outputs, [-0.5, -0.25]) ??
    compare("input gradient", found.inputs, [-Math.sqrt(3) / 2 * 1.5]) ??
    compare("weight gradient", found.weights, [Math.sqrt(3) / 4]);
}

function compare(what: string, found: FloatArray, wanted: readonly number[]): string | undefined {
  const right = found.length === wanted.length &&
    wanted.every((value, i) => Math.abs(value - found[i]) <= TOLERANCE);
  if (right) return undefined;
  const show = (values: Iterable<number>) =>
    Array.from(values, (value) => Number(value.toFixed(6))).join(", ");
  return `wrong ${what} in the probe circuit: found ${show(found)}, wanted ${show(wanted)}`;
}
