import { checkOptions, unknownName } from "../_internal/check_options.ts";
import { argMaxRows } from "./arg_max.ts";
import { checkClasses, checkLabels, checkProbabilities, type Labels } from "./check_labels.ts";
import { decideByThresholds, expectedGrades, fitThresholds } from "./ordinal_thresholds.ts";

/**
 * How probabilities become a class: the most probable one, or the expected grade cut by thresholds.
 * The second suits kappa and costs accuracy, so that a figure always says which of them it is of.
 */
export type DecisionRule = "argmax" | "thresholds";

/** Decisions, and what they were made by. */
export interface Decisions {
  /** The rule. */
  readonly rule: DecisionRule;
  /** Class of each row; -1 where a probability is NaN. */
  readonly yPred: Int32Array;
  /** By fold, in rising order of the folds; null for `"argmax"`. */
  readonly thresholds: readonly (readonly number[])[] | null;
}

/** Options of {@linkcode decideOutOfFold}. */
export interface DecideOutOfFoldOptions {
  /** Number of classes K. */
  readonly classes: number;
  /** The rule. */
  readonly rule: DecisionRule;
  /** Number of the fold that each row was scored in; the thresholds of a fold never see its rows. */
  readonly folds: Labels;
}

/**
 * Decides on out-of-fold probabilities. Thresholds are fitted on the rows of all other folds, so that
 * no row has a say in its own decision.
 *
 * @param probabilities flat, rows × classes
 * @throws {TypeError} for an unknown rule
 * @throws {RangeError} when lengths do not fit, or thresholds are asked for with a single fold
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { decideOutOfFold } from "@qsight/qsight/metrics";
 * const probabilities = [0.9, 0.1, 0.6, 0.4, 0.9, 0.1, 0.6, 0.4]; // grade 1 is never the likelier
 * const folds = [0, 0, 1, 1], classes = 2;
 * const { yPred } = decideOutOfFold([0, 1, 0, 1], probabilities, { classes, folds, rule: "thresholds" });
 * assert.deepEqual([...yPred], [0, 1, 0, 1]);
 * ```
 */
export function decideOutOfFold(
  yTrue: Labels,
  probabilities: Labels,
  options: DecideOutOfFoldOptions,
): Decisions {
  const where = "decideOutOfFold()";
  checkOptions(where, options, ["classes", "rule", "folds"]);
  const { classes, rule, folds } = options;
  checkClasses(where, classes);
  checkLabels(where, yTrue, classes);
  checkProbabilities(where, probabilities, { rows: yTrue.length, classes });
  if (rule === "argmax") {
    return { rule, yPred: argMaxRows(probabilities, classes), thresholds: null };
  }
  if (rule !== "thresholds") {
    throw new TypeError(unknownName(where, "rule", String(rule), ["argmax", "thresholds"]));
  }
  const names = [...new Set(Array.from(folds))].sort((a, b) => a - b);
  if (folds.length !== yTrue.length || names.length < 2) {
    throw new RangeError(
      `${where}: found ${folds.length} fold numbers, ${names.length} of them different, for ` +
        `${yTrue.length} rows; wanted one for each row and at least 2 folds`,
    );
  }
  const grades = expectedGrades(probabilities, { classes });
  const yPred = new Int32Array(yTrue.length);
  const thresholds = names.map((fold) => {
    const rows = Array.from({ length: yTrue.length }, (_, row) => row);
    const others = rows.filter((row) => folds[row] !== fold);
    const own = rows.filter((row) => folds[row] === fold);
    const labels = others.map((row) => yTrue[row]);
    const cuts = fitThresholds(labels, others.map((row) => grades[row]), { classes });
    const decided = decideByThresholds(own.map((row) => grades[row]), cuts);
    own.forEach((row, i) => yPred[row] = decided[i]);
    return cuts;
  });
  return { rule, yPred, thresholds };
}
