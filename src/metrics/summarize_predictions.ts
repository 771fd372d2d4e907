import { checkOptions } from "../_internal/check_options.ts";
import type { ClassesOptions } from "./accuracy.ts";
import { argMax } from "./arg_max.ts";
import { bootstrapIntervals, type Interval, type ResampleOptions } from "./bootstrap_interval.ts";
import { type CalibrationBin, calibrationOver, checkBins } from "./calibration.ts";
import { checkClasses, checkLabels, checkProbabilities, type Labels } from "./check_labels.ts";
import { type ClassificationReport, classificationReportOf } from "./classification_report.ts";
import { countPairs } from "./confusion_matrix.ts";
import type { Metric } from "./metric.ts";
import { checkFrom } from "./referable.ts";
import type { RocAuc } from "./roc_auc.ts";
import { type MetricName, NAMES, RowScores } from "./row_scores.ts";

/** Options of {@linkcode summarizePredictions}. */
export interface SummaryOptions extends ClassesOptions, ResampleOptions {
  /** Bins of the calibration errors. @default {10} */
  readonly bins?: number;
  /** The lowest grade that is referred, for classes that are grades. @default {no figures of referral} */
  readonly referableFrom?: number;
}

/** A metric with the bootstrap interval around it; null where the metric is undefined. */
export interface MetricWithInterval extends Metric {
  /** Bootstrap interval of the value. */
  readonly interval: Interval | null;
}

/** One class against the others. */
export interface ClassIntervals {
  /** Share of its rows that are found. */
  readonly recall: MetricWithInterval;
  /** Harmonic mean of precision and recall. */
  readonly f1: MetricWithInterval;
  /** One-vs-rest area under the ROC curve. */
  readonly auc: MetricWithInterval;
}

/** What {@linkcode summarizePredictions} returns: plain values, ready for JSON. */
export interface PredictionSummary {
  /** Rows, invalid ones included. */
  readonly count: number;
  /** Rows with a probability that is NaN or infinite. With any, all metrics are undefined. */
  readonly invalid: number;
  /** Share of right predictions. */
  readonly accuracy: MetricWithInterval;
  /** Mean recall over the present classes. */
  readonly balancedAccuracy: MetricWithInterval;
  /** Agreement on ordered grades, beyond chance. */
  readonly quadraticWeightedKappa: MetricWithInterval;
  /** Mean one-vs-rest area under the ROC curve. */
  readonly macroAuc: MetricWithInterval;
  /** Mean negative log-likelihood, nats. */
  readonly logLoss: MetricWithInterval;
  /** Multi-class Brier score, 0 to 2. */
  readonly brier: MetricWithInterval;
  /** Mean gap between confidence and share right. */
  readonly expectedCalibrationError: MetricWithInterval;
  /** Largest such gap of a bin. */
  readonly maximumCalibrationError: MetricWithInterval;
  /** Mean gap over bins of equally many rows. */
  readonly adaptiveCalibrationError: MetricWithInterval;
  /** Mean F1 over the classes for which it is defined. */
  readonly macroF1: MetricWithInterval;
  /** Recall, F1 and AUC of each class, in class order. */
  readonly perClass: readonly ClassIntervals[];
  /** Who would be referred; null without `referableFrom`. */
  readonly referable: {
    readonly sensitivity: MetricWithInterval;
    readonly specificity: MetricWithInterval;
  } | null;
  /** Counts of the valid rows, rows = true class. */
  readonly confusion: readonly (readonly number[])[];
  /** Precision, recall and F1 per class. */
  readonly report: ClassificationReport;
  /** Area under the ROC curve per class. */
  readonly auc: RocAuc;
  /** Bins of the reliability diagram. */
  readonly calibration: readonly CalibrationBin[];
  /** Index of the highest probability per row, -1 where a row is invalid. */
  readonly yPred: readonly number[];
  /** Probability of the predicted class per row, null where a row is invalid. */
  readonly confidences: readonly (number | null)[];
}

/**
 * Everything that is reported about one head's probabilities on one split, each number with a
 * bootstrap interval over the same resamples. `probabilities` is flat, rows × classes.
 *
 * @throws {RangeError} when lengths do not fit or a label is not in 0…classes-1
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { summarizePredictions } from "@qsight/qsight/metrics";
 *
 * const probabilities = Float32Array.of(0.8, 0.2, 0.6, 0.4, 0.3, 0.7, 0.9, 0.1);
 * const summary = summarizePredictions([0, 0, 1, 1], probabilities, { classes: 2, seed: 1 });
 * assert.equal(summary.accuracy.value, 0.75);
 * assert.deepEqual(summary.confusion, [[2, 0], [1, 1]]);
 * assert.ok(summary.accuracy.interval!.low! < 0.75);
 * assert.equal(summary.confidences[2], probabilities[5]); // row 2 is taken for class 1
 * ```
 */
export function summarizePredictions(
  yTrue: Labels,
  probabilities: Labels,
  options: SummaryOptions,
): PredictionSummary {
  const where = "summarizePredictions()";
  const known = ["classes", "samples", "seed", "level", "bins", "referableFrom"];
  checkOptions(where, options, known);
  const { classes, bins = 10, referableFrom, ...resample } = options;
  checkClasses(where, classes);
  checkLabels(where, yTrue, classes);
  checkProbabilities(where, probabilities, { rows: yTrue.length, classes });
  checkBins(where, bins);
  if (referableFrom !== undefined) checkFrom(where, { classes, from: referableFrom });
  const count = yTrue.length;
  const yPred = Array.from({ length: count }, (_, row) => predict(probabilities, row, classes));
  const valid = Int32Array.from(yPred.keys()).filter((row) => yPred[row] !== -1);
  const invalid = count - valid.length;
  const scores = new RowScores(yTrue, probabilities, { classes, bins, yPred, referableFrom });
  const confusion = countPairs(yTrue, yPred, classes, valid);
  const figures = invalid > 0 ? scores.brokenBy(invalid) : scores.figures();
  const intervals = invalid > 0 ? [] : bootstrapIntervals({
    statistics: (rows) => scores.figures(rows).map(({ value }) => value),
    names: figures.length,
    count,
    ...resample,
  });
  const found = figures.map((metric, i): MetricWithInterval => (
    { ...metric, interval: metric.value === null ? null : intervals[i] }
  ));
  const rest = found.slice(NAMES.length);
  return {
    count,
    invalid,
    ...Object.fromEntries(NAMES.map((name, i) => [name, found[i]])) as Record<
      MetricName,
      MetricWithInterval
    >,
    perClass: Array.from({ length: classes }, (_, c) => {
      const [recall, f1, auc] = rest.slice(3 * c, 3 * c + 3);
      return { recall, f1, auc };
    }),
    referable: referableFrom === undefined
      ? null
      : { sensitivity: rest[3 * classes], specificity: rest[3 * classes + 1] },
    confusion,
    report: classificationReportOf(confusion),
    auc: scores.auc(),
    calibration: calibrationOver(yTrue, probabilities, { classes, bins, rows: valid }).bins,
    yPred,
    confidences: yPred.map((c, row) => c === -1 ? null : probabilities[row * classes + c]),
  };
}

function predict(probabilities: Labels, row: number, classes: number): number {
  for (let c = 0; c < classes; c++) {
    if (!Number.isFinite(probabilities[row * classes + c])) return -1;
  }
  return argMax(probabilities, row * classes, classes);
}
