import { inputAngle, weightAngle } from "./angle.ts";
import { defineCircuit } from "./circuit.ts";
import { withProbabilities } from "./free_angles.ts";
import type { CircuitGradients, FloatArray, Simulator } from "./simulator_contract.ts";

/** Of exact 32-bit results. */
export const TOLERANCE = 1e-5;

const OPERATIONS = [
  { gate: "ry", wires: [0], angle: inputAngle(0) },
  { gate: "cx", wires: [0, 1] },
  { gate: "rx", wires: [1], angle: weightAngle(0) },
] as const;

/** A circuit whose answers are known. */
export const PROBE = {
  circuit: () => defineCircuit({ wires: 2, operations: OPERATIONS }),
  args: () => ({
    inputs: Float32Array.of(2 * Math.PI / 3),
    weights: Float32Array.of(Math.PI / 3),
    batch: 1,
  }),
  cotangents: [1, 1],
  // Unlike under an exchange of wires, so that a wrong bit order is found.
  probabilities: [0.1875, 0.0625, 0.1875, 0.5625],
  // <Z_0> = cos x, <Z_1> = cos x cos w.
  values: [-0.5, -0.25],
  inputGradient: [-Math.sqrt(3) / 2 * 1.5],
  weightGradient: [Math.sqrt(3) / 4],
} as const;

/**
 * Runs a circuit whose answers are known, forward and back.
 *
 * @returns why the simulator must not be used, or undefined when all answers are right
 */
export function probeSimulator(simulator: Simulator<FloatArray>): string | undefined {
  const args = PROBE.args();
  const found = simulator.forward(withProbabilities(PROBE.circuit()), args);
  return compare("probabilities", found, PROBE.probabilities) ??
    compareGradients(
      simulator.vjp(PROBE.circuit(), { ...args, cotangents: Float32Array.from(PROBE.cotangents) }),
    );
}

/** Holds gradients of the probe circuit against the known ones. */
export function compareGradients(
  { outputs, inputs, weights }: CircuitGradients<FloatArray>,
): string | undefined {
  return compare("expectation values", outputs, PROBE.values) ??
    compare("input gradient", inputs, PROBE.inputGradient) ??
    compare("weight gradient", weights, PROBE.weightGradient);
}

/** Says what is wrong with numbers that are known, or undefined when they are near enough. */
export function compare(
  what: string,
  found: ArrayLike<number>,
  wanted: readonly number[],
  toleranceOf: (value: number) => number = () => TOLERANCE,
): string | undefined {
  const right = found.length === wanted.length &&
    wanted.every((value, i) => Math.abs(value - found[i]) <= toleranceOf(value));
  if (right) return undefined;
  const show = (values: ArrayLike<number>) =>
    Array.from(values, (value) => Number(value.toFixed(6))).join(", ");
  return `wrong ${what} in the probe circuit: found ${show(found)}, wanted ${show(wanted)}`;
}
