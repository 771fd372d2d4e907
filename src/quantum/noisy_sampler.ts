import { SeededRandom } from "../_internal/seeded_random.ts";
import type { Circuit } from "./circuit.ts";
import type { GateName } from "./gates.ts";
import { gateMatrix, type Matrix } from "./gate_matrix.ts";
import { completeNoise, type Noise, type NoiseOptions } from "./noise.ts";
import { checkShots, sliceArgs } from "./pub.ts";
import {
  apply,
  matrixOf,
  newState,
  prepare,
  type State,
  type Step,
  stepsOf,
} from "./reference_simulator.ts";
import { backendSampler, bitString } from "./sampler.ts";
import { sampleCounts } from "./sample_counts.ts";
import type { Sampler } from "./sampler_contract.ts";
import type { CircuitArgs } from "./simulator_contract.ts";

/** Options of {@linkcode noisySampler}. */
export interface NoisySamplerOptions extends NoiseOptions {
  /** Measurements where a call does not say; null for the average of trajectories. @default {null} */
  readonly shots?: number | null;
  /** Seed of the trajectories of exact values; those of shots follow the seed of the call. @default {0} */
  readonly seed?: number | string;
}

/**
 * A sampler with noise, by seeded quantum trajectories (Dalibard, Castin and Mølmer, Phys. Rev. Lett.
 * 68, 1992) on 64-bit states: each shot is a path of its own, on which each fault happens or does not.
 * Values without shots are the average of `trajectories` paths, with an error of at most
 * `0.5 / √trajectories` for a probability. The gates that an estimator adds to turn an axis to Z are
 * noisy too, as on hardware. Gradients come from shifted circuits.
 *
 * @throws {RangeError} for what is no probability
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { defineCircuit, noisySampler } from "@qsight/qsight/quantum";
 * const flip = defineCircuit({ wires: 1, operations: [{ gate: "x", wires: [0] }] });
 * const sampler = noisySampler({ readout: [0, 0.25] });
 * const { results: [{ probabilities }] } = await sampler.run([[flip]]);
 * assert.deepEqual([...probabilities!], [0.25, 0.75]);
 * ```
 */
export function noisySampler(options: NoisySamplerOptions = {}): Sampler {
  const { shots = null, seed = 0, ...channels } = options;
  const noise = completeNoise("noisySampler()", channels);
  checkShots("noisySampler()", shots);
  return backendSampler({
    name: "trajectories",
    reentrant: true,
    probabilities: (circuit, args) => average(circuit, args, { noise, seed }),
    counts: (circuit, args, { shots, random }) => {
      const path = new Trajectory(circuit, args, noise);
      const counts: Record<string, number> = {};
      for (let shot = 0; shot < shots; shot++) {
        const found = sampleCounts(path.run(random), 1, random);
        const bits = bitString(
          misread(found.indexOf(1), circuit.wires, { noise, random }),
          circuit.wires,
        );
        counts[bits] = (counts[bits] ?? 0) + 1;
      }
      return counts;
    },
  }, shots);
}

/** `[batch, states]`; the error of reading is averaged exactly, without trajectories of its own. */
function average(circuit: Circuit, args: CircuitArgs, { noise, seed }: {
  readonly noise: Noise;
  readonly seed: number | string;
}): Float64Array {
  const states = 2 ** circuit.wires;
  const out = new Float64Array(args.batch * states);
  for (let sample = 0; sample < args.batch; sample++) {
    const row = out.subarray(sample * states, (sample + 1) * states);
    // The same paths for each sample, so that differences between samples have less noise.
    const random = new SeededRandom(JSON.stringify([seed, "trajectories"]));
    const path = new Trajectory(circuit, sliceArgs(circuit, args, [sample, sample + 1]), noise);
    const runs = path.random ? noise.trajectories : 1;
    for (let run = 0; run < runs; run++) {
      path.run(random).forEach((p, state) => row[state] += p / runs);
    }
    confuse(row, circuit.wires, noise);
  }
  return out;
}

const PAULIS: readonly GateName[] = ["x", "y", "z"];

/** Random paths of one sample through a circuit. */
class Trajectory {
  /** Whether two paths can differ. */
  readonly random: boolean;
  readonly #noise: Noise;
  /** The steps of each gate with their matrices, and the bits that it acts on. */
  readonly #gates: readonly {
    readonly steps: readonly Step[];
    readonly matrices: readonly Matrix[];
    readonly bits: readonly number[];
  }[];
  readonly #psi: State;
  /** What each path gives when no two differ. */
  #still: Float64Array | undefined;

  constructor(circuit: Circuit, args: CircuitArgs, noise: Noise) {
    this.#noise = noise;
    this.#gates = circuit.operations.map((operation) => {
      const steps = stepsOf({ ...circuit, operations: [operation] });
      const matrices = steps.map((step) => matrixOf(step, args, 0));
      const bits = operation.wires.map((wire) => 1 << (circuit.wires - 1 - wire));
      return { steps, matrices, bits };
    });
    this.#psi = newState(circuit);
    const { depolarizing, bitFlip, phaseFlip, amplitudeDamping } = noise;
    this.random = depolarizing + bitFlip + phaseFlip + amplitudeDamping > 0;
  }

  /** The probabilities at the end of one path. */
  run(random: SeededRandom): Float64Array {
    const psi = this.#psi;
    if (this.#still !== undefined) return this.#still;
    prepare(psi, [], []);
    for (const { steps, matrices, bits } of this.#gates) {
      steps.forEach((step, k) => apply(matrices[k], psi, step));
      if (this.random) { for (const bit of bits) this.#strike(bit, random); }
    }
    const found = psi.re.map((re, i) => re * re + psi.im[i] * psi.im[i]);
    if (!this.random) this.#still = found;
    return found;
  }

  #strike(bit: number, random: SeededRandom): void {
    const { depolarizing, bitFlip, phaseFlip, amplitudeDamping } = this.#noise;
    const turn = (gate: GateName) =>
      apply(gateMatrix(gate, 0), this.#psi, { control: 0, targets: [bit] });
    if (depolarizing > 0 && random.next() < depolarizing) turn(PAULIS[random.integer(3)]);
    if (bitFlip > 0 && random.next() < bitFlip) turn("x");
    if (phaseFlip > 0 && random.next() < phaseFlip) turn("z");
    if (amplitudeDamping > 0) this.#damp(bit, { by: amplitudeDamping, draw: random.next() });
  }

  /** Decays with the probability that the state gives, or becomes less likely to be up. */
  #damp(bit: number, { by, draw }: { readonly by: number; readonly draw: number }): void {
    const { re, im } = this.#psi;
    let up = 0;
    for (let i = 0; i < re.length; i++) if (i & bit) up += re[i] * re[i] + im[i] * im[i];
    const decay = by * up, decays = draw < decay;
    const scale = 1 / Math.sqrt(decays ? decay : 1 - decay);
    for (let i = 0; i < re.length; i++) {
      if ((i & bit) === 0) continue;
      const down = i ^ bit;
      const keep = decays ? 0 : scale * Math.sqrt(1 - by);
      re[down] = scale * (decays ? Math.sqrt(by) * re[i] : re[down]);
      im[down] = scale * (decays ? Math.sqrt(by) * im[i] : im[down]);
      re[i] *= keep;
      im[i] *= keep;
    }
  }
}

/** A basis state as it is read. */
function misread(
  state: number,
  wires: number,
  { noise: { readout: [zeroAsOne, oneAsZero] }, random }: {
    readonly noise: Noise;
    readonly random: SeededRandom;
  },
): number {
  if (zeroAsOne === 0 && oneAsZero === 0) return state;
  for (let bit = 1; bit < 2 ** wires; bit *= 2) {
    if (random.next() < (state & bit ? oneAsZero : zeroAsOne)) state ^= bit;
  }
  return state;
}

/** Mixes the probabilities of the two values of each bit. */
function confuse(
  row: Float64Array,
  wires: number,
  { readout: [zeroAsOne, oneAsZero] }: Noise,
): void {
  if (zeroAsOne === 0 && oneAsZero === 0) return;
  for (let bit = 1; bit < 2 ** wires; bit *= 2) {
    for (let i = 0; i < row.length; i++) {
      if (i & bit) continue;
      const zero = row[i], one = row[i | bit];
      row[i] = (1 - zeroAsOne) * zero + oneAsZero * one;
      row[i | bit] = zeroAsOne * zero + (1 - oneAsZero) * one;
    }
  }
}
