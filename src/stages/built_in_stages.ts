import { checkOptions, unknownName } from "../_internal/check_options.ts";
import { PARTS } from "./parts.ts";
import { STAGE_DEFAULTS, type StageDeclaration } from "./stage.ts";

/** Options of the built-in plans. */
export interface BuiltInStageOptions {
  /** Multiplies the epochs, rounded, at least 1. @default {1} */
  readonly epochScale?: number;
  /** Multiplies the learning rates, which suit a pretrained encoder. @default {1} */
  readonly learningRateScale?: number;
}

/**
 * The usual plan: both classical heads with the encoder, then the quantum head alone, then the
 * fusion of all three. Pass it to {@linkcode defineStages}.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { defaultStages, defineStages } from "@qsight/qsight/stages";
 * const stages = defineStages(defaultStages({ epochScale: 0.25 }));
 * assert.deepEqual(stages.map((s) => [s.name, s.epochs]), [
 *   ["classical", 3],
 *   ["quantum", 2],
 *   ["ensemble", 1],
 * ]);
 * ```
 */
export function defaultStages(options: BuiltInStageOptions = {}): readonly StageDeclaration[] {
  return scaled("defaultStages()", options, [
    {
      name: "classical",
      epochs: 12,
      train: ["encoder*", "compression*", "classical_a*", "classical_b*"],
      heads: ["classical_a", "classical_b"],
      learningRate: 1e-4,
      patience: 4,
    },
    QUANTUM,
    ENSEMBLE_STAGE,
  ]);
}

/** Encoder and the full-resolution head `classical_a` alone. */
export function headAStages(options: BuiltInStageOptions = {}): readonly StageDeclaration[] {
  return scaled("headAStages()", options, [{
    name: "head_a",
    epochs: 12,
    train: ["encoder*", "classical_a*"],
    heads: ["classical_a"],
    lossWeights: { ensemble: 0 },
    patience: 4,
  }]);
}

/** Compression and the compressed head `classical_b` alone, on the encoder as it stands. */
export function headBStages(options: BuiltInStageOptions = {}): readonly StageDeclaration[] {
  return scaled("headBStages()", options, [{
    name: "head_b",
    epochs: 12,
    train: ["compression*", "classical_b*"],
    heads: ["classical_b"],
    lossWeights: { ensemble: 0 },
    patience: 4,
  }]);
}

/** For a model whose classical part is trained already: the quantum head, then the fusion. */
export function quantumOnlyStages(options: BuiltInStageOptions = {}): readonly StageDeclaration[] {
  return scaled("quantumOnlyStages()", options, [
    { ...QUANTUM, epochs: 3, learningRate: 8e-4 },
    ENSEMBLE_STAGE,
  ]);
}

/** Everything at once: all parts train, all heads count and vote. */
export function fullStages(options: BuiltInStageOptions = {}): readonly StageDeclaration[] {
  return scaled("fullStages()", options, [{
    name: "full",
    epochs: 12,
    train: PARTS,
    heads: ENSEMBLE_STAGE.heads,
    patience: 4,
  }]);
}

/** The built-in plans by the names that configuration files use. */
export const PLANS: Readonly<
  Record<string, (options?: BuiltInStageOptions) => readonly StageDeclaration[]>
> = Object.freeze({
  default: defaultStages,
  head_a: headAStages,
  head_b: headBStages,
  quantum_only: quantumOnlyStages,
  full: fullStages,
});

/**
 * The declarations of a built-in plan that is named.
 *
 * @throws {TypeError} for an unknown plan, with the nearest name, or an unknown option
 */
export function planNamed(
  where: string,
  { plan, ...options }: { readonly plan: unknown } & BuiltInStageOptions,
): readonly StageDeclaration[] {
  const name = String(plan);
  if (Object.hasOwn(PLANS, name)) return PLANS[name](options);
  throw new TypeError(unknownName(where, "plan", name, Object.keys(PLANS)));
}

const QUANTUM: StageDeclaration = {
  name: "quantum",
  epochs: 8,
  train: ["quantum*"],
  heads: ["quantum"],
  learningRate: 5e-5,
  lossWeights: { quantum: 1, ensemble: 0.25 },
  patience: 3,
};

const ENSEMBLE_STAGE: StageDeclaration = {
  name: "ensemble",
  epochs: 5,
  train: ["ensemble*"],
  heads: ["classical_a", "classical_b", "quantum"],
  learningRate: 1e-4,
  weightDecay: 5e-6,
  lossWeights: { classical_a: 0.5, classical_b: 0.5, quantum: 0.5, ensemble: 1 },
  patience: 3,
};

function scaled(
  where: string,
  options: BuiltInStageOptions,
  declarations: readonly StageDeclaration[],
): readonly StageDeclaration[] {
  checkOptions(where, options, ["epochScale", "learningRateScale"]);
  const { epochScale = 1, learningRateScale = 1 } = options;
  for (const [name, value] of Object.entries({ epochScale, learningRateScale })) {
    if (!(Number.isFinite(value) && value > 0)) {
      throw new RangeError(`${where}: ${name} must be a number above 0, found ${value}`);
    }
  }
  return declarations.map((declaration) => ({
    ...declaration,
    epochs: Math.max(1, Math.round(declaration.epochs * epochScale)),
    learningRate: (declaration.learningRate ?? STAGE_DEFAULTS.learningRate) * learningRateScale,
  }));
}
