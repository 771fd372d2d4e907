import { checkOptions, unknownName } from "../_internal/check_options.ts";
import { cosineLearningRate } from "./learning_rate.ts";
import { type Direction, improves } from "./monitor.ts";

/** How the learning rate of a stage moves: one policy, never two at once. */
export type PolicyName = "cosine" | "constant" | "step" | "plateau";

/** Which options a policy has besides those of all. */
const OWN: Readonly<Record<PolicyName, readonly string[]>> = {
  cosine: ["minimum"],
  constant: [],
  step: ["every", "factor", "minimum"],
  plateau: ["patience", "factor", "mode", "minimum"],
};

const COMMON = ["policy", "peak", "epochs", "stepsPerEpoch", "warmupSteps"];

/** Options of {@linkcode LearningRatePolicy}. */
export interface LearningRatePolicyOptions {
  /** The policy. @default {"cosine"} */
  readonly policy?: PolicyName;
  /** The rate after the warm-up. */
  readonly peak: number;
  /** Epochs of the stage. */
  readonly epochs: number;
  /** Optimizer steps in an epoch. */
  readonly stepsPerEpoch: number;
  /** Steps of linear warm-up from 0. @default {0} */
  readonly warmupSteps?: number;
  /** What the rate is multiplied by; `step` and `plateau`. @default {0.5} */
  readonly factor?: number;
  /** Epochs between two reductions; `step`. @default {1} */
  readonly every?: number;
  /** Epochs without improvement before a reduction; `plateau`. @default {2} */
  readonly patience?: number;
  /** Whether more or less of the observed metric is better; `plateau`. @default {"max"} */
  readonly mode?: Direction;
  /** Lowest rate after the warm-up; all but `constant`. @default {0} */
  readonly minimum?: number;
}

/** All that a {@linkcode LearningRatePolicy} remembers, as plain JSON. */
export interface LearningRateState {
  /** Reductions so far. */
  readonly reductions: number;
  /** Epochs without improvement since the last. */
  readonly wait: number;
  /** The best observed value, null before there is one. */
  readonly best: number | null;
}

/**
 * The learning rate of a stage. Only `plateau` has a state; the others are functions of the step.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { LearningRatePolicy } from "@qsight/qsight/training";
 * const policy = new LearningRatePolicy({
 *   policy: "step", peak: 0.1, epochs: 4, stepsPerEpoch: 10, every: 2, factor: 0.5,
 * });
 * assert.deepEqual([0, 19, 20, 39].map((step) => policy.at(step)), [0.1, 0.1, 0.05, 0.05]);
 * ```
 */
export class LearningRatePolicy {
  readonly #options: Numbers;
  #state: LearningRateState = { reductions: 0, wait: 0, best: null };

  /**
   * The policy of one stage, before its first step.
   *
   * @throws {TypeError} for an unknown policy, or an option of another policy
   * @throws {RangeError} for a number out of range
   */
  constructor(options: LearningRatePolicyOptions) {
    const { policy = "cosine" } = options;
    if (!Object.hasOwn(OWN, policy)) {
      throw new TypeError(unknownName("learning rate", "policy", policy, Object.keys(OWN)));
    }
    const given = Object.entries(options).filter(([, value]) => value !== undefined);
    checkOptions(`learning rate policy "${policy}"`, Object.fromEntries(given), [
      ...COMMON,
      ...OWN[policy],
    ]);
    this.#options = { ...DEFAULTS, policy, ...Object.fromEntries(given) } as Numbers;
    for (const [name, [ok, wanted]] of Object.entries(RANGES)) {
      const value = this.#options[name as keyof typeof RANGES] as number;
      if (ok(value, this.#options)) continue;
      throw new RangeError(`learning rate: ${name} must be ${wanted}, found ${value}`);
    }
  }

  /** The rate of a step of the stage, counted from 0. */
  at(step: number): number {
    const { policy, peak, minimum, epochs, stepsPerEpoch, warmupSteps, every, factor } =
      this.#options;
    if (policy === "cosine") {
      const total = epochs * stepsPerEpoch;
      return minimum +
        cosineLearningRate(step, { peak: peak - minimum, total, warmup: warmupSteps });
    }
    if (step < warmupSteps) return peak * (step + 1) / warmupSteps;
    if (policy === "constant") return peak;
    const reductions = policy === "step"
      ? Math.floor(Math.floor(step / stepsPerEpoch) / every)
      : this.#state.reductions;
    return Math.max(minimum, peak * factor ** reductions);
  }

  /**
   * Tells `plateau` what an epoch, counted from 1, has reached; the others do not listen. Epochs that
   * are not past the warm-up do not count as without improvement.
   *
   * @returns whether the rate is reduced from here on
   */
  observe(value: number | null, epoch: number): boolean {
    const { policy, patience, stepsPerEpoch, warmupSteps, mode } = this.#options;
    if (policy !== "plateau") return false;
    const { reductions, best } = this.#state;
    if (improves(value, best, { mode })) {
      this.#state = { reductions, best: value, wait: 0 };
      return false;
    }
    const wait = this.#state.wait + (epoch * stepsPerEpoch > warmupSteps ? 1 : 0);
    const reduced = wait >= patience;
    this.#state = { best, wait: reduced ? 0 : wait, reductions: reductions + (reduced ? 1 : 0) };
    return reduced;
  }

  /** What to keep in a checkpoint. */
  state(): LearningRateState {
    return this.#state;
  }

  /** Goes on from a kept state. */
  restore({ reductions, wait, best }: LearningRateState): void {
    this.#state = { reductions, wait, best };
  }
}

const DEFAULTS = {
  warmupSteps: 0,
  factor: 0.5,
  every: 1,
  patience: 2,
  mode: "max",
  minimum: 0,
} as const;

type Numbers = Required<LearningRatePolicyOptions>;
type Range = readonly [(x: number, all: Numbers) => boolean, string];

const whole: Range = [(x) => Number.isInteger(x) && x >= 1, "a whole number from 1 on"];

const RANGES: Readonly<Record<Exclude<keyof Numbers, "policy" | "mode">, Range>> = {
  peak: [(x) => x > 0 && Number.isFinite(x), "above 0"],
  epochs: whole,
  stepsPerEpoch: whole,
  warmupSteps: [(x) => x >= 0 && Number.isFinite(x), "0 or more"],
  factor: [(x) => x > 0 && x < 1, "above 0 and below 1"],
  every: whole,
  patience: whole,
  minimum: [(x, { peak }) => x >= 0 && x <= peak, "at least 0 and at most the peak"],
};
