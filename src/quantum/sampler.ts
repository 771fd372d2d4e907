import { checkOptions } from "../_internal/check_options.ts";
import { SeededRandom } from "../_internal/seeded_random.ts";
import type { Circuit } from "./circuit.ts";
import { withProbabilities } from "./free_angles.ts";
import { type Adjoint, adjointGradient } from "./adjoint_gradient.ts";
import { checkPubs, checkShots, chunks, type PubRows, sliceArgs } from "./pub.ts";
import { sampleCounts } from "./sample_counts.ts";
import type { Counts, Sampler, SamplerPubResult, SamplerRunOptions } from "./sampler_contract.ts";
import { planGradient } from "./plan_gradient.ts";
import { sampledGradient } from "./sampled_gradient.ts";
import type { CircuitArgs, FloatArray, Simulator } from "./simulator_contract.ts";

/** What a sampler is made of. */
export interface SamplerBackend {
  /** Of what computes. */
  readonly name: string;
  /** Whether calls may interleave without a lock. */
  readonly reentrant: boolean;
  /** `[batch, 2 ** wires]` of a circuit that answers probabilities. */
  probabilities(circuit: Circuit, args: CircuitArgs): FloatArray | Promise<FloatArray>;
  /** Counts of one sample, for what cannot draw them from its probabilities. @default drawn from them */
  counts?(circuit: Circuit, args: CircuitArgs, draw: {
    readonly shots: number;
    readonly random: SeededRandom;
  }): Counts;
  /** Takes adjoint gradients; without it gradients come from shifted circuits. */
  readonly adjoint?: Adjoint;
}

/** Options of {@linkcode simulatorSampler}. */
export interface SimulatorSamplerOptions {
  /** Measurements where a call does not say; null for exact. @default {null} */
  readonly shots?: number | null;
}

/**
 * A sampler on top of a simulator.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { angleEncoding, defineCircuit, simulatorSampler, statevectorSimulator } from "@qsight/qsight/quantum";
 * const sampler = simulatorSampler(statevectorSimulator());
 * const coin = defineCircuit({ wires: 1, operations: [{ gate: "h", wires: [0] }] });
 * const { results: [{ counts }] } = await sampler.run([[coin]], { shots: 100, seed: 7 });
 * assert.equal(counts![0]["0"] + counts![0]["1"], 100);
 * // Three sets of numbers for one circuit, exact.
 * const pub = [angleEncoding(1), { inputs: [[0], [Math.PI / 2], [Math.PI]] }] as const;
 * const { results: [{ shape, probabilities }] } = await sampler.run([pub]);
 * assert.deepEqual([shape, probabilities?.length], [[3], 6]);
 * ```
 */
export function simulatorSampler(
  simulator: Simulator<FloatArray>,
  options: SimulatorSamplerOptions = {},
): Sampler {
  checkOptions("simulatorSampler()", options, ["shots"]);
  const { name, reentrant, gradientMethod } = simulator;
  const backend: SamplerBackend = {
    name,
    reentrant,
    probabilities: (circuit, args) => simulator.forward(circuit, args),
    adjoint: gradientMethod === "parameter_shift" ? undefined : simulator,
  };
  return backendSampler(backend, checkShots("simulatorSampler()", options.shots ?? null));
}

/** A sampler on top of anything that computes probabilities. */
export function backendSampler(backend: SamplerBackend, defaultShots: number | null): Sampler {
  const { name, reentrant } = backend;
  const run: Sampler["run"] = async (pubs, options = {}) => {
    checkOptions("run()", options, ["shots", "seed", "callId"]);
    const { shots: callShots = defaultShots } = options;
    const plans = checkPubs(pubs, callShots);
    const results: SamplerPubResult[] = [];
    for (const [at, { rows, shots }] of plans.entries()) {
      const { seed = 0, callId = 0 } = options;
      results.push(
        shots === null ? { shape: rows.shape, shots, probabilities: await exact(backend, rows) } : {
          shape: rows.shape,
          shots,
          counts: await draw(backend, rows, { seed, callId, at, shots }),
        },
      );
    }
    return { results, sampler: name };
  };
  return {
    name,
    reentrant,
    shots: defaultShots,
    run,
    // Declared async so that bad arguments reject instead of throwing.
    async gradient(circuit, args, options = {}) {
      const { shots = defaultShots } = options;
      const plan = planGradient(circuit, args, {
        name,
        adjoint: backend.adjoint !== undefined,
        options: { ...options, shots },
      });
      return plan.method === "adjoint"
        ? await adjointGradient(backend.adjoint!, plan)
        : await sampledGradient({ run, shots: defaultShots }, plan);
    },
  };
}

/** Most probabilities of one pub, 512 MiB. */
const MOST_PROBABILITIES = 2 ** 27;

async function exact(backend: SamplerBackend, { circuit, args }: PubRows): Promise<FloatArray> {
  const full = withProbabilities(circuit);
  if (args.batch * full.outputs > MOST_PROBABILITIES) {
    throw new RangeError(
      `run(): ${args.batch} x ${full.outputs} probabilities do not fit in memory, the limit is ` +
        `${MOST_PROBABILITIES}; ask for shots, for fewer sets of numbers, or use an estimator`,
    );
  }
  return await backend.probabilities(full, args);
}

async function draw(
  backend: SamplerBackend,
  { circuit, args }: PubRows,
  { seed, callId, at, shots }: Required<Omit<SamplerRunOptions, "shots">> & {
    readonly at: number;
    readonly shots: number;
  },
): Promise<Counts[]> {
  const full = withProbabilities(circuit);
  const states = full.outputs;
  const randomOf = (sample: number) => new SeededRandom(JSON.stringify([seed, callId, at, sample]));
  const counts: Counts[] = [];
  for (const [start, end] of chunks(args.batch, states)) {
    if (backend.counts !== undefined) {
      for (let sample = start; sample < end; sample++) {
        const one = sliceArgs(full, args, [sample, sample + 1]);
        counts.push(backend.counts(full, one, { shots, random: randomOf(sample) }));
      }
      continue;
    }
    const found = await backend.probabilities(full, sliceArgs(full, args, [start, end]));
    for (let sample = start; sample < end; sample++) {
      const row = found.subarray((sample - start) * states, (sample - start + 1) * states);
      counts.push(named(sampleCounts(row, shots, randomOf(sample)), circuit.wires));
    }
  }
  return counts;
}

/** Counts of basis states by their bit strings. */
export function named(counts: ArrayLike<number>, wires: number): Counts {
  const out: Record<string, number> = {};
  for (let state = 0; state < counts.length; state++) {
    if (counts[state] > 0) out[bitString(state, wires)] = counts[state];
  }
  return out;
}

/** A basis state as text, wire 0 first. */
export function bitString(state: number, wires: number): string {
  return state.toString(2).padStart(wires, "0");
}
