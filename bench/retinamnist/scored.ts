// What the answers of one configuration are worth: metrics as means over seeds, on any resample of
// the images.
import { decideOutOfFold, type DecisionRule } from "../../src/metrics/mod.ts";
import { RowScores } from "../../src/metrics/row_scores.ts";

/** The answers of one seed to all images. */
export interface SeedAnswers {
  readonly probabilities: Float64Array;
  /** Number of the fold in which each image was scored. */
  readonly folds: Int32Array;
}

/** A number of the table. */
export type FigureName =
  | "accuracy"
  | "quadraticWeightedKappa"
  | "macroAuc"
  | "balancedAccuracy"
  | "macroF1"
  | "logLoss"
  | "brier"
  | "expectedCalibrationError"
  | "adaptiveCalibrationError"
  | "sensitivity"
  | "specificity"
  | `recall ${number}`;

/** Where each figure stands in what `RowScores.figures()` returns for five classes. */
const PLACES: Readonly<Record<string, number>> = {
  accuracy: 0,
  balancedAccuracy: 1,
  quadraticWeightedKappa: 2,
  macroAuc: 3,
  logLoss: 4,
  brier: 5,
  expectedCalibrationError: 6,
  adaptiveCalibrationError: 8,
  macroF1: 9,
  ...Object.fromEntries([0, 1, 2, 3, 4].map((c) => [`recall ${c}`, 10 + 3 * c])),
  sensitivity: 25,
  specificity: 26,
};

/** Figures that do not depend on how probabilities become a class. */
export const RULELESS: readonly FigureName[] = ["macroAuc", "logLoss", "brier"];

/** The answers of several seeds of one configuration to the same images. */
export class Scored {
  readonly #seeds: readonly RowScores[];

  constructor(
    yTrue: Int32Array,
    answers: readonly SeedAnswers[],
    { classes, rule, decide }: {
      readonly classes: number;
      readonly rule: DecisionRule;
      /** Where thresholds come from elsewhere, as for images that no fold has. */
      readonly decide?: (probabilities: Float64Array) => Int32Array;
    },
  ) {
    this.#seeds = answers.map(({ probabilities, folds }) => {
      const yPred = decide === undefined
        ? decideOutOfFold(yTrue, probabilities, { classes, rule, folds }).yPred
        : decide(probabilities);
      const options = { classes, bins: 10, yPred: [...yPred], referableFrom: 2 };
      return new RowScores(yTrue, probabilities, options);
    });
  }

  /** One number a seed; null where it is undefined. */
  bySeed(name: FigureName, rows?: Int32Array): (number | null)[] {
    return this.#seeds.map((scores) => scores.figures(rows)[PLACES[name]].value);
  }

  /** Means over the seeds of several figures at once, as a resample is dear. */
  means(names: readonly FigureName[], rows?: Int32Array): (number | null)[] {
    const found = this.#seeds.map((scores) => scores.figures(rows));
    return names.map((name) => meanOf(found.map((metrics) => metrics[PLACES[name]].value)));
  }
}

/** Null where one is. */
export function meanOf(values: readonly (number | null)[]): number | null {
  let sum = 0;
  for (const value of values) {
    if (value === null) return null;
    sum += value;
  }
  return values.length === 0 ? null : sum / values.length;
}

/** Standard deviation of a sample; null with fewer than two. */
export function deviationOf(values: readonly (number | null)[]): number | null {
  const mean = meanOf(values);
  if (mean === null || values.length < 2) return null;
  const squares = values.reduce<number>((sum, value) => sum + (value! - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}
