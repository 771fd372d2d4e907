import { checkOptions } from "../_internal/check_options.ts";
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

/** Options of {@linkcode finiteDifference}. */
export interface FiniteDifferenceOptions extends VjpArgs {
  /** Distance to each side; take about 1e-2 with 32-bit results. @default {1e-5} */
  readonly step?: number;
}

/**
 * Gradients by central differences: the crudest check there is, with an error of about `step ** 2`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { angleEncoding, finiteDifference, referenceSimulator } from "@qsight/qsight/quantum";
 * const found = finiteDifference(referenceSimulator(), angleEncoding(1), {
 *   inputs: Float64Array.of(0.3),
 *   weights: new Float64Array(0),
 *   batch: 1,
 *   cotangents: Float64Array.of(1),
 * });
 * assert.ok(Math.abs(found.inputs[0] + Math.sin(0.3)) < 1e-8);
 * ```
 */
export function finiteDifference(
  simulator: Pick<Simulator<FloatArray>, "forward">,
  circuit: Circuit,
  options: FiniteDifferenceOptions,
): CircuitGradients<Float64Array> {
  const known = ["inputs", "weights", "batch", "cotangents", "step"];
  checkOptions("finiteDifference()", options, known);
  checkArgs("finiteDifference()", circuit, options);
  const { step = 1e-5, ...args } = options;
  return runShifted(simulator, ShiftedRows.byDifference(circuit, args, step));
}
