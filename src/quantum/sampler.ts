import { checkOptions } from "../_internal/check_options.ts";
import { SeededRandom } from "../_internal/seeded_random.ts";
import { type Circuit, defineCircuit } from "./circuit.ts";
import { sampleCounts } from "./sample_counts.ts";
import {
  checkArgs,
  type CircuitArgs,
  type CircuitGradients,
  type FloatArray,
  type Simulator,
  type VjpArgs,
} from "./simulator_contract.ts";

/** What {@linkcode Sampler.run} takes. */
export interface SamplerRunOptions extends CircuitArgs {
  /** Measurements per sample; null for exact expectation values. @default that of the sampler */
  readonly shots?: number | null;
  /** Seed of the measurements; without one it is 0, so that a call repeats itself. @default {0} */
  readonly seed?: number | string;
  /**
   * Tells calls of one seed apart, for example a step number. Samples depend on seed, call and
   * position in the batch, never on the order of calls. @default {0}
   */
  readonly callId?: number | string;
}

/** What a sampler answers. */
export interface SamplerResult {
  /** `[batch, circuit.outputs]`: exact without shots, otherwise estimated from the counts. */
  readonly outputs: Float32Array;
  /** Measurements per sample; null for exact values. */
  readonly shots: number | null;
  /** With shots: for each sample, how often each bit string came; wire 0 is the first character. */
  readonly counts?: readonly Readonly<Record<string, number>>[];
  /** Which sampler computed it. */
  readonly sampler: string;
}

/** Runs circuits for callers that can wait. */
export interface Sampler {
  /** Of what computes. */
  readonly name: string;
  /** Whether calls may interleave without a lock. */
  readonly reentrant: boolean;
  /** Outputs, exact or estimated from measurements. */
  run(circuit: Circuit, options: SamplerRunOptions): Promise<SamplerResult>;
  /** Exact gradients; shots play no part in them. */
  gradient(circuit: Circuit, args: VjpArgs): Promise<CircuitGradients>;
}

/** Options of {@linkcode simulatorSampler}. */
export interface SimulatorSamplerOptions {
  /** Measurements per sample where a call does not say; null for exact. @default {null} */
  readonly shots?: number | null;
}

/**
 * A sampler on top of a simulator.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { defineCircuit, simulatorSampler, statevectorSimulator } from "@qsight/qsight/quantum";
 * const coin = defineCircuit({ wires: 1, operations: [{ gate: "h", wires: [0] }] });
 * const none = new Float32Array(0);
 * const { counts } = await simulatorSampler(statevectorSimulator()).run(coin, {
 *   inputs: none, weights: none, batch: 1, shots: 100, seed: 7,
 * });
 * assert.equal(counts![0]["0"] + counts![0]["1"], 100);
 * ```
 */
export function simulatorSampler(
  simulator: Simulator<FloatArray>,
  options: SimulatorSamplerOptions = {},
): Sampler {
  checkOptions("simulatorSampler()", options, ["shots"]);
  const defaultShots = checkShots("simulatorSampler()", options.shots ?? null);
  const { name, reentrant } = simulator;
  return {
    name,
    reentrant,
    // Declared async so that bad arguments reject instead of throwing.
    // deno-lint-ignore require-await
    async run(circuit, given) {
      const { shots = defaultShots, seed = 0, callId = 0, ...args } = given;
      checkOptions("run()", args, ["inputs", "weights", "batch"]);
      if (checkShots("run()", shots) === null) {
        return { outputs: single(simulator.forward(circuit, args)), shots: null, sampler: name };
      }
      checkArgs("run()", circuit, args);
      return measure(simulator, circuit, { ...args, shots: shots as number, seed, callId });
    },
    // deno-lint-ignore require-await
    async gradient(circuit, args) {
      checkOptions("gradient()", args, ["inputs", "weights", "batch", "cotangents"]);
      const { outputs, inputs, weights } = simulator.vjp(circuit, args);
      return { outputs: single(outputs), inputs: single(inputs), weights: single(weights) };
    },
  };
}

function measure(
  simulator: Simulator<FloatArray>,
  circuit: Circuit,
  { shots, seed, callId, ...args }: Required<SamplerRunOptions> & { readonly shots: number },
): SamplerResult {
  const states = 2 ** circuit.wires;
  const full = defineCircuit({ ...circuit, observable: "probabilities", outputs: undefined });
  const outputs = new Float32Array(args.batch * circuit.outputs);
  const counts: Record<string, number>[] = [];
  for (let sample = 0; sample < args.batch; sample++) {
    // One sample at a time: 2^n probabilities of a whole batch may not fit.
    const inputs = args.inputs.subarray(sample * circuit.inputs, (sample + 1) * circuit.inputs);
    const probabilities = simulator.forward(full, { inputs, weights: args.weights, batch: 1 });
    const random = new SeededRandom(JSON.stringify([seed, callId, sample]));
    const drawn = sampleCounts(probabilities, shots, random);
    const named: Record<string, number> = {};
    for (let state = 0; state < states; state++) {
      if (drawn[state] === 0) continue;
      named[state.toString(2).padStart(circuit.wires, "0")] = drawn[state];
      addEstimate(circuit, state, {
        share: drawn[state] / shots,
        outputs: outputs.subarray(sample * circuit.outputs, (sample + 1) * circuit.outputs),
      });
    }
    counts.push(named);
  }
  return { outputs, shots, counts, sampler: simulator.name };
}

function addEstimate(
  { observable, wires }: Circuit,
  state: number,
  { share, outputs }: { readonly share: number; readonly outputs: Float32Array },
): void {
  if (observable === "probabilities") {
    outputs[state] = share;
    return;
  }
  for (let wire = 0; wire < wires; wire++) {
    outputs[wire] += (state >> (wires - 1 - wire)) & 1 ? -share : share;
  }
}

function checkShots(where: string, shots: number | null): number | null {
  if (shots === null || (Number.isInteger(shots) && shots >= 1)) return shots;
  throw new RangeError(
    `${where}: shots must be a whole number from 1, or null for exact values, found ${shots}`,
  );
}

function single(values: FloatArray): Float32Array {
  return values instanceof Float32Array ? values : Float32Array.from(values);
}
