import type { Circuit } from "./circuit.ts";
import type { PauliSum } from "./pauli_sum.ts";
import type { SamplerPub } from "./pub.ts";
import type { CircuitGradients, FloatArray, VjpArgs } from "./simulator_contract.ts";

/** What {@linkcode Sampler.run} takes besides the pubs. */
export interface SamplerRunOptions {
  /** Measurements for pubs that do not say; null for exact probabilities. @default that of the sampler */
  readonly shots?: number | null;
  /** Seed of the measurements; without one it is 0, so that a call repeats itself. @default {0} */
  readonly seed?: number | string;
  /**
   * Tells calls of one seed apart, for example a step number. Samples depend on seed, call, pub and
   * place in the pub, never on the order of calls. @default {0}
   */
  readonly callId?: number | string;
}

/** What a sampler answers to one pub. */
export interface SamplerPubResult {
  /** Of the pub's sets of numbers after broadcasting; `[]` for a single set. */
  readonly shape: readonly number[];
  /** Measurements for each set; null for exact values. */
  readonly shots: number | null;
  /** Without shots: `[...shape, 2 ** wires]`; wire 0 is the most significant bit of the last index. */
  readonly probabilities?: FloatArray;
  /** With shots: for each set, how often each bit string came; wire 0 is the first character. */
  readonly counts?: readonly Counts[];
}

/** How often each bit string came; those that never came are left out. */
export type Counts = Readonly<Record<string, number>>;

/** What a sampler answers. */
export interface SamplerResult {
  /** One for each pub, in their order. */
  readonly results: readonly SamplerPubResult[];
  /** Which sampler computed it. */
  readonly sampler: string;
}

/** How a gradient is taken. */
export type GradientMethod = "adjoint" | "parameter_shift" | "finite_difference";

/** Options of {@linkcode Sampler.gradient}. */
export interface GradientOptions extends SamplerRunOptions {
  /**
   * `"adjoint"`: one sweep back through the circuit, exact values of a simulator only.
   * `"parameter_shift"`: exact in expectation from measurements alone, two circuits for each gate
   * with a variable angle, four for a controlled rotation; weights that several gates share count
   * at each. `"finite_difference"`: central differences in each input and weight.
   * @default "adjoint" where it can be had, else "parameter_shift"
   */
  readonly method?: GradientMethod;
  /** What is differentiated in place of the circuit's observable; cotangents are `[batch, observables]`. */
  readonly observables?: readonly PauliSum[];
  /** Of finite differences, to each side. @default {1e-2}, with shots {0.25} */
  readonly step?: number;
}

/** Gradients, and how they were taken. */
export interface SamplerGradients extends CircuitGradients<FloatArray> {
  /** The method that was used. */
  readonly method: GradientMethod;
}

/** Runs circuits for callers that can wait: the primitive that everything else is made of. */
export interface Sampler {
  /** Of what computes. */
  readonly name: string;
  /** What it computes on, if that is not the CPU. @default {undefined} */
  readonly device?: string;
  /** Whether calls may interleave without a lock. */
  readonly reentrant: boolean;
  /** Measurements where neither call nor pub says; null for exact values. */
  readonly shots: number | null;
  /** Probabilities or counts of each pub. */
  run(pubs: readonly SamplerPub[], options?: SamplerRunOptions): Promise<SamplerResult>;
  /** The slopes of a loss pulled back to inputs and weights. */
  gradient(circuit: Circuit, args: VjpArgs, options?: GradientOptions): Promise<SamplerGradients>;
}
