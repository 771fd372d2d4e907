import { checkOptions } from "../_internal/check_options.ts";
import type { ClassesOptions } from "./accuracy.ts";
import { checkClasses, checkLabels, checkProbabilities, type Labels } from "./check_labels.ts";
import { defined, type Metric, notDefined } from "./metric.ts";

/** Below this a probability counts as this (as in scikit-learn): a certain mistake costs 36, not infinity. */
const SMALLEST_PROBABILITY: number = Number.EPSILON;

/**
 * Mean negative log-likelihood of the true class, in nats. Probabilities are clipped at
 * 2.2e-16 from below, whatever the array type. Undefined without rows and with NaN.
 *
 * @throws {RangeError} when lengths do not fit or a label is not in 0…classes-1
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { logLoss } from "@qsight/qsight/metrics";
 *
 * assert.equal(logLoss([0, 1], [0.5, 0.5, 0.5, 0.5], { classes: 2 }).value, Math.LN2);
 * ```
 */
export function logLoss(yTrue: Labels, probabilities: Labels, options: ClassesOptions): Metric {
  checkProbabilityArguments("logLoss()", yTrue, probabilities, options);
  return meanOverRows(yTrue, probabilities, options.classes, (label, row) => {
    return -Math.log(Math.max(probabilities[row * options.classes + label], SMALLEST_PROBABILITY));
  });
}

/**
 * Multi-class Brier score (Brier 1950): mean over rows of Σ over classes of (probability - truth)²,
 * 0 (perfect) to 2. For two classes it is twice scikit-learn's binary score. Undefined without rows
 * and with NaN.
 *
 * @throws {RangeError} when lengths do not fit or a label is not in 0…classes-1
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { brier } from "@qsight/qsight/metrics";
 *
 * assert.equal(brier([0, 1], [1, 0, 1, 0], { classes: 2 }).value, 1);
 * ```
 */
export function brier(yTrue: Labels, probabilities: Labels, options: ClassesOptions): Metric {
  checkProbabilityArguments("brier()", yTrue, probabilities, options);
  const { classes } = options;
  return meanOverRows(yTrue, probabilities, classes, (label, row) => {
    let squares = 0;
    for (let c = 0; c < classes; c++) {
      squares += (probabilities[row * classes + c] - (c === label ? 1 : 0)) ** 2;
    }
    return squares;
  });
}

/** The checks that all metrics of probabilities share. */
export function checkProbabilityArguments(
  where: string,
  yTrue: Labels,
  probabilities: Labels,
  options: ClassesOptions,
  known: readonly string[] = ["classes"],
): void {
  checkOptions(where, options, known);
  checkClasses(where, options.classes);
  checkLabels(where, yTrue, options.classes);
  checkProbabilities(where, probabilities, { rows: yTrue.length, classes: options.classes });
}

/** The mean of one number per row, or why there is none. */
function meanOverRows(
  yTrue: Labels,
  probabilities: Labels,
  classes: number,
  score: (label: number, row: number) => number,
): Metric {
  if (yTrue.length === 0) return notDefined("there are no rows");
  let total = 0;
  for (let row = 0; row < yTrue.length; row++) {
    for (let c = 0; c < classes; c++) {
      if (!Number.isFinite(probabilities[row * classes + c])) {
        return notDefined(`a probability of row ${row} is ${probabilities[row * classes + c]}`);
      }
    }
    total += score(yTrue[row], row);
  }
  return defined(total / yTrue.length);
}
