import { addAngleGradient } from "./angle.ts";
import { type Circuit, defineCircuit, type Operation } from "./circuit.ts";
import { elementaryOperations } from "./elementary_operations.ts";
import type { GateName } from "./gates.ts";
import {
  checkArgs,
  type CircuitGradients,
  type FloatArray,
  type Simulator,
  type VjpArgs,
} from "./simulator_contract.ts";

/** Angles to add and the factors of the outputs found there. */
type ShiftRule = readonly (readonly [shift: number, factor: number])[];

const TWO_TERMS: ShiftRule = [[Math.PI / 2, 0.5], [-Math.PI / 2, -0.5]];
// A controlled rotation has frequencies 1/2 and 1 (Anselmetti et al., New J. Phys. 23, 2021).
const NEAR = (Math.SQRT2 + 1) / (4 * Math.SQRT2), FAR = (Math.SQRT2 - 1) / (4 * Math.SQRT2);
const FOUR_TERMS: ShiftRule = [
  [Math.PI / 2, NEAR],
  [-Math.PI / 2, -NEAR],
  [3 * Math.PI / 2, -FAR],
  [-3 * Math.PI / 2, FAR],
];
const CONTROLLED: readonly GateName[] = ["crx", "cry", "crz"];

/**
 * Gradients by the parameter-shift rule (Schuld et al., Phys. Rev. A 99, 2019): exact, from forward
 * passes only, as hardware would do it: two for each angle, four for a controlled rotation.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { angleEncoding, parameterShift, statevectorSimulator } from "@qsight/qsight/quantum";
 * const found = parameterShift(statevectorSimulator({ precision: "f64" }), angleEncoding(1), {
 *   inputs: Float64Array.of(0.3),
 *   weights: new Float64Array(0),
 *   batch: 1,
 *   cotangents: Float64Array.of(1),
 * });
 * assert.ok(Math.abs(found.inputs[0] + Math.sin(0.3)) < 1e-12);
 * ```
 */
export function parameterShift(
  simulator: Pick<Simulator<FloatArray>, "forward">,
  given: Circuit,
  args: VjpArgs,
): CircuitGradients<Float64Array> {
  checkArgs("parameterShift()", given, args);
  const circuit = { ...given, operations: elementaryOperations(given.operations) };
  const { inputs, batch, cotangents } = args;
  const inputGradient = new Float64Array(inputs.length);
  const weightGradient = new Float64Array(circuit.weights);
  circuit.operations.forEach(({ gate, angle }, at) => {
    if (angle === undefined || angle.kind === "const") return;
    const slopes = new Float64Array(batch);
    for (const [shift, factor] of CONTROLLED.includes(gate) ? FOUR_TERMS : TWO_TERMS) {
      const outputs = simulator.forward(shifted(circuit, at, shift), args);
      for (let i = 0; i < outputs.length; i++) {
        slopes[Math.floor(i / circuit.outputs)] += factor * cotangents[i] * outputs[i];
      }
    }
    slopes.forEach((slope, sample) => {
      const row = sample * circuit.inputs;
      addAngleGradient(angle, slope, { inputs, row, inputGradient, weightGradient });
    });
  });
  const outputs = Float64Array.from(simulator.forward(circuit, args));
  return { outputs, inputs: inputGradient, weights: weightGradient };
}

/** The same gate once more by a constant angle: together they turn by the sum. */
function shifted(circuit: Circuit, at: number, shift: number): Circuit {
  const { gate, wires } = circuit.operations[at];
  const more: Operation = { gate, wires, angle: { kind: "const", value: shift } };
  return defineCircuit({ ...circuit, operations: circuit.operations.toSpliced(at, 0, more) });
}
