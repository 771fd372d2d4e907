import { argMaxRows } from "./arg_max.ts";
import type { Labels } from "./check_labels.ts";
import { classificationReportOf } from "./classification_report.ts";
import { type ConfidenceTableOptions, headTable } from "./confidence_table.ts";
import { countPairs } from "./confusion_matrix.ts";

/** How well one head does on one class. A number is null where it is undefined. */
export interface ClassMetricsRow<Head extends string = string> {
  /** Name of the head. */
  readonly head: Head;
  /** Class index. */
  readonly class: number;
  /** Class name. */
  readonly label: string;
  /** Rows of this class with a prediction. */
  readonly support: number;
  /** Rows predicted as this class. */
  readonly predicted: number;
  /** Share of all predictions that are this class. */
  readonly predictedShare: number | null;
  /** Of the rows predicted as this class, the share that is. */
  readonly precision: number | null;
  /** Of the rows of this class, the share found (sensitivity). */
  readonly recall: number | null;
  /** Harmonic mean of precision and recall. */
  readonly f1: number | null;
  /** Of the rows of other classes, the share not taken for this one. */
  readonly specificity: number | null;
  /** Rows of this class without a prediction: a probability is NaN. They count nowhere else. */
  readonly invalid: number;
}

/** Metrics of each active head in each class. */
export interface ClassMetricsTable<Head extends string = string> {
  /** Active heads, in the order given. */
  readonly heads: readonly Head[];
  /** Heads that were switched off. */
  readonly masked: readonly Head[];
  /** Class names in class order. */
  readonly classes: readonly string[];
  /** One per active head and class, head by head, in class order. */
  readonly rows: readonly ClassMetricsRow<Head>[];
}

/**
 * Precision, recall, F1, specificity and support of each active head in each class, as the rows of a
 * table. The reasons of undefined numbers are in `classificationReport()`.
 *
 * @throws {RangeError} when lengths do not fit or a label is not in 0…classes-1
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { classMetricsTable } from "@qsight/qsight/metrics";
 *
 * const { rows } = classMetricsTable({
 *   yTrue: [0, 1],
 *   heads: { a: [0.75, 0.25, 0.6, 0.4], quantum: null },
 *   classes: ["healthy", "ill"],
 * });
 * assert.deepEqual(rows.map(({ recall }) => recall), [1, 0]);
 * assert.deepEqual(rows.map(({ precision }) => precision), [0.5, null]); // "ill" is never predicted
 * ```
 */
export function classMetricsTable<Head extends string>(
  options: ConfidenceTableOptions<Head>,
): ClassMetricsTable<Head> {
  return headTable(
    "classMetricsTable()",
    options,
    (probabilities, { head, classes }) =>
      headRows(argMaxRows(probabilities, classes.length), { yTrue: options.yTrue, head, classes }),
  );
}

function headRows<Head extends string>(
  yPred: Int32Array,
  { yTrue, head, classes }: { yTrue: Labels; head: Head; classes: readonly string[] },
): ClassMetricsRow<Head>[] {
  const all = Int32Array.from({ length: yTrue.length }, (_, row) => row);
  const valid = all.filter((row) => yPred[row] !== -1);
  const { perClass } = classificationReportOf(countPairs(yTrue, yPred, classes.length, valid));
  return perClass.map(({ precision, recall, f1, specificity, support, predicted }, c) => ({
    head,
    class: c,
    label: classes[c],
    support,
    predicted,
    predictedShare: valid.length === 0 ? null : predicted / valid.length,
    precision: precision.value,
    recall: recall.value,
    f1: f1.value,
    specificity: specificity.value,
    invalid: all.filter((row) => yTrue[row] === c && yPred[row] === -1).length,
  }));
}
