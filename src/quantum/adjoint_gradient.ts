import type { Circuit } from "./circuit.ts";
import { measuredIn, valueTable } from "./pauli_sum.ts";
import type { GradientPlan } from "./plan_gradient.ts";
import { chunks, sliceArgs } from "./pub.ts";
import type { SamplerGradients } from "./sampler_contract.ts";
import type { CircuitGradients, FloatArray, VjpArgs } from "./simulator_contract.ts";

/** What sweeps back through circuits, at once or later. */
export interface Adjoint {
  /** As that of a simulator. */
  vjp(
    circuit: Circuit,
    args: VjpArgs,
  ): CircuitGradients<FloatArray> | Promise<CircuitGradients<FloatArray>>;
}

/** The gradient by sweeps of a simulator: one, or one for each group of Pauli strings. */
export async function adjointGradient(
  simulator: Adjoint,
  { circuit, args, groups, outputs: count }: GradientPlan,
): Promise<SamplerGradients> {
  if (groups === undefined) return { ...await simulator.vjp(circuit, args), method: "adjoint" };
  const outputs = new Float64Array(args.batch * count);
  const inputs = new Float64Array(args.inputs.length);
  const weights = new Float64Array(args.weights.length);
  for (const group of groups) {
    const measured = measuredIn(circuit, group.basis);
    const values = valueTable(group, circuit.wires, count);
    for (const [start, end] of chunks(args.batch, measured.outputs)) {
      const part = { ...sliceArgs(circuit, args, [start, end]), start };
      const cotangents = pullBack(values, args, { ...part, count, states: measured.outputs });
      const { start: _, ...numbers } = part;
      const found = await simulator.vjp(measured, { ...numbers, cotangents });
      addValues(values, found.outputs, { outputs, start, count });
      found.inputs.forEach((slope, i) => inputs[start * circuit.inputs + i] += slope);
      found.weights.forEach((slope, i) => weights[i] += slope);
    }
  }
  return { outputs, inputs, weights, method: "adjoint" };
}

/** Slopes of the probabilities from slopes of the observables. */
function pullBack(
  values: Float64Array,
  { cotangents }: VjpArgs,
  { start, batch, count, states }: {
    readonly start: number;
    readonly batch: number;
    readonly count: number;
    readonly states: number;
  },
): Float64Array {
  const out = new Float64Array(batch * states);
  for (let row = 0; row < batch; row++) {
    for (let state = 0; state < states; state++) {
      let sum = 0;
      for (let i = 0; i < count; i++) {
        sum += cotangents[(start + row) * count + i] * values[state * count + i];
      }
      out[row * states + state] = sum;
    }
  }
  return out;
}

function addValues(
  values: Float64Array,
  probabilities: FloatArray,
  { outputs, start, count }: {
    readonly outputs: Float64Array;
    readonly start: number;
    readonly count: number;
  },
): void {
  const states = values.length / count;
  for (let k = 0; k < probabilities.length; k++) {
    const row = start + Math.floor(k / states), state = k % states;
    for (let i = 0; i < count; i++) {
      outputs[row * count + i] += probabilities[k] * values[state * count + i];
    }
  }
}
