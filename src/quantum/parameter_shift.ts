import type { Circuit } from "./circuit.ts";
import { runShifted } from "./run_shifted.ts";
import { ShiftedRows } from "./shifted_rows.ts";
import {
  checkArgs,
  type CircuitGradients,
  type FloatArray,
  type Simulator,
  type VjpArgs,
} from "./simulator_contract.ts";

/**
 * Gradients by the parameter-shift rule (Schuld et al., Phys. Rev. A 99, 2019): exact, from forward
 * passes only, as hardware would do it: two for each angle, four for a controlled rotation. For
 * simulators that have no gradients of their own; a sampler takes them by its `gradient()`.
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
  circuit: Circuit,
  args: VjpArgs,
): CircuitGradients<Float64Array> {
  checkArgs("parameterShift()", circuit, args);
  return runShifted(simulator, ShiftedRows.byRule(circuit, args));
}
