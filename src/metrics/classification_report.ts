import { checkOptions } from "../_internal/check_options.ts";
import type { ClassesOptions } from "./accuracy.ts";
import { checkPairs, type Labels } from "./check_labels.ts";
import { columnTotals, countPairs, rowTotals } from "./confusion_matrix.ts";
import { defined, type Metric, notDefined } from "./metric.ts";

/** Precision, recall, specificity and F1 of one class. */
export interface ClassReport {
  /** Class index. */
  readonly class: number;
  /** Of the rows predicted as this class, the share that is; undefined when none is predicted. */
  readonly precision: Metric;
  /** Of the rows of this class, the share found; undefined when the class is absent. */
  readonly recall: Metric;
  /** Of the rows of other classes, the share not taken for this one; undefined when there are none. */
  readonly specificity: Metric;
  /** Harmonic mean, 2·hits / (rows + predicted); undefined when both are 0. */
  readonly f1: Metric;
  /** Rows of this class. */
  readonly support: number;
  /** Rows predicted as this class. */
  readonly predicted: number;
}

/** What {@linkcode classificationReport} returns. */
export interface ClassificationReport {
  /** One entry per class, in class order, absent ones included. */
  readonly perClass: readonly ClassReport[];
  /** Means over the classes for which each is defined. */
  readonly macro: { readonly precision: Metric; readonly recall: Metric; readonly f1: Metric };
  /** Rows of all classes. */
  readonly support: number;
}

/**
 * Precision, recall, F1 and support per class, and their means over the classes where they are
 * defined. Where scikit-learn would put 0 with a warning, the value is null with a reason.
 *
 * @throws {RangeError} when lengths differ or a label is not in 0…classes-1
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { classificationReport } from "@qsight/qsight/metrics";
 *
 * const report = classificationReport([0, 0, 1], [0, 1, 1], { classes: 3 });
 * assert.equal(report.perClass[0].recall.value, 0.5);
 * assert.equal(report.perClass[1].precision.value, 0.5);
 * assert.equal(report.perClass[2].recall.reason, "class 2 has no rows");
 * ```
 */
export function classificationReport(
  yTrue: Labels,
  yPred: Labels,
  options: ClassesOptions,
): ClassificationReport {
  const where = "classificationReport()";
  checkOptions(where, options, ["classes"]);
  const { classes } = options;
  checkPairs(where, { yTrue, yPred, classes });
  return classificationReportOf(countPairs(yTrue, yPred, classes));
}

/** The report of a confusion matrix. */
export function classificationReportOf(
  counts: readonly (readonly number[])[],
): ClassificationReport {
  const supports = rowTotals(counts), predictions = columnTotals(counts);
  const all = supports.reduce((total, support) => total + support, 0);
  const perClass = counts.map((row, c): ClassReport => {
    const hits = row[c], support = supports[c], predicted = predictions[c];
    return {
      class: c,
      precision: share(hits, predicted, `class ${c} is never predicted`),
      recall: share(hits, support, `class ${c} has no rows`),
      specificity: share(
        all - support - (predicted - hits),
        all - support,
        all === 0 ? "there are no rows" : `every row is of class ${c}`,
      ),
      f1: share(2 * hits, support + predicted, `class ${c} has no rows and is never predicted`),
      support,
      predicted,
    };
  });
  return {
    perClass,
    macro: {
      precision: meanDefined(perClass.map((one) => one.precision)),
      recall: meanDefined(perClass.map((one) => one.recall)),
      f1: meanDefined(perClass.map((one) => one.f1)),
    },
    support: all,
  };
}

/** The mean of the metrics that are defined. */
export function meanDefined(metrics: readonly Metric[]): Metric {
  const values = metrics.flatMap(({ value }) => value === null ? [] : [value]);
  if (values.length === 0) return notDefined("it is defined for no class");
  return defined(values.reduce((total, value) => total + value, 0) / values.length);
}

function share(part: number, whole: number, reason: string): Metric {
  return whole === 0 ? notDefined(reason) : defined(part / whole);
}
