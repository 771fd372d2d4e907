import { checkOptions } from "../_internal/check_options.ts";
import type { Circuit } from "./circuit.ts";
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
  const { batch, cotangents, step = 1e-5 } = options;
  const inputs = Float64Array.from(options.inputs), weights = Float64Array.from(options.weights);
  const losses = () => {
    const sums = new Float64Array(batch);
    simulator.forward(circuit, { inputs, weights, batch }).forEach((value, i) => {
      sums[Math.floor(i / circuit.outputs)] += value * cotangents[i];
    });
    return sums;
  };
  const slopes = (values: Float64Array, indices: readonly number[]) => {
    const before = indices.map((index) => values[index]);
    const at = (offset: number) => {
      indices.forEach((index, i) => values[index] = before[i] + offset);
      return losses();
    };
    const up = at(step), down = at(-step);
    at(0);
    return up.map((value, i) => (value - down[i]) / (2 * step));
  };
  const inputGradient = new Float64Array(inputs.length);
  for (let k = 0; k < circuit.inputs; k++) {
    // The same input of every sample at once: samples do not touch each other.
    const indices = Array.from({ length: batch }, (_, sample) => sample * circuit.inputs + k);
    slopes(inputs, indices).forEach((slope, sample) => inputGradient[indices[sample]] = slope);
  }
  const weightGradient = weights.map((_, k) => slopes(weights, [k]).reduce((a, b) => a + b));
  const outputs = Float64Array.from(simulator.forward(circuit, { inputs, weights, batch }));
  return { outputs, inputs: inputGradient, weights: weightGradient };
}
