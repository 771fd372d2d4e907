import { checkOptions } from "../_internal/check_options.ts";
import { checkLengths, checkPairs, type Labels } from "./check_labels.ts";
import { countPairs, rowTotals } from "./confusion_matrix.ts";
import { defined, type Metric, notDefined } from "./metric.ts";

/** Options of metrics that only need the number of classes. */
export interface ClassesOptions {
  /** Number of classes K, absent ones included. */
  readonly classes: number;
}

/**
 * The share of rows whose prediction is the true class. Undefined without rows.
 *
 * @throws {RangeError} when lengths differ
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { accuracy } from "@qsight/qsight/metrics";
 *
 * assert.equal(accuracy([0, 1, 2, 2], [0, 1, 2, 1]).value, 0.75);
 * assert.equal(accuracy([], []).reason, "there are no rows");
 * ```
 */
export function accuracy(yTrue: Labels, yPred: Labels): Metric {
  checkLengths("accuracy()", yTrue, yPred);
  if (yTrue.length === 0) return notDefined("there are no rows");
  let right = 0;
  for (let i = 0; i < yTrue.length; i++) if (yTrue[i] === yPred[i]) right++;
  return defined(right / yTrue.length);
}

/**
 * The mean recall over the classes that are present in `yTrue` (scikit-learn's
 * `balanced_accuracy_score`). Undefined without rows.
 *
 * @throws {RangeError} when lengths differ or a label is not in 0…classes-1
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { balancedAccuracy } from "@qsight/qsight/metrics";
 *
 * // Three of three zeros right, none of the ones: accuracy 0.75, balanced 0.5.
 * assert.equal(balancedAccuracy([0, 0, 0, 1], [0, 0, 0, 0], { classes: 3 }).value, 0.5);
 * ```
 */
export function balancedAccuracy(yTrue: Labels, yPred: Labels, options: ClassesOptions): Metric {
  const where = "balancedAccuracy()";
  checkOptions(where, options, ["classes"]);
  const { classes } = options;
  checkPairs(where, { yTrue, yPred, classes });
  return balancedAccuracyOf(countPairs(yTrue, yPred, classes));
}

/** Balanced accuracy of a confusion matrix. */
export function balancedAccuracyOf(counts: readonly (readonly number[])[]): Metric {
  let recalls = 0, present = 0;
  rowTotals(counts).forEach((total, t) => {
    if (total === 0) return;
    recalls += counts[t][t] / total;
    present++;
  });
  return present === 0 ? notDefined("there are no rows") : defined(recalls / present);
}

/** Accuracy of a confusion matrix. */
export function accuracyOf(counts: readonly (readonly number[])[]): Metric {
  let right = 0, total = 0;
  rowTotals(counts).forEach((rows, t) => {
    right += counts[t][t];
    total += rows;
  });
  return total === 0 ? notDefined("there are no rows") : defined(right / total);
}
