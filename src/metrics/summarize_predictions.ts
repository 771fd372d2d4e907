import { checkOptions } from "../_internal/check_options.ts";
import { accuracyOf, balancedAccuracyOf, type ClassesOptions } from "./accuracy.ts";
import { argMax } from "./arg_max.ts";
import { bootstrapIntervals, type Interval, type ResampleOptions } from "./bootstrap_interval.ts";
import { calibrationOver } from "./calibration.ts";
import type { CalibrationBin } from "./calibration.ts";
import { checkClasses, checkLabels, checkProbabilities, type Labels } from "./check_labels.ts";
import { type ClassificationReport, classificationReportOf } from "./classification_report.ts";
import { cohenKappaOf } from "./cohen_kappa.ts";
import { countPairs } from "./confusion_matrix.ts";
import { brier, logLoss } from "./log_loss.ts";
import { type Metric, notDefined } from "./metric.ts";
import { RankedScores, type RocAuc } from "./roc_auc.ts";

/** Options of {@linkcode summarizePredictions}. */
export interface SummaryOptions extends ClassesOptions, ResampleOptions {
  /** Bins of the calibration error. @default {10} */
  readonly bins?: number;
}

/** A metric with the bootstrap interval around it; null where the metric is undefined. */
export interface MetricWithInterval extends Metric {
  /** Bootstrap interval of the value. */
  readonly interval: Interval | null;
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
  checkOptions(where, options, ["classes", "samples", "seed", "level", "bins"]);
  const { classes, bins = 10, ...resample } = options;
  checkClasses(where, classes);
  checkLabels(where, yTrue, classes);
  checkProbabilities(where, probabilities, { rows: yTrue.length, classes });
  const count = yTrue.length;
  const yPred = Array.from({ length: count }, (_, row) => predict(probabilities, row, classes));
  const valid = Int32Array.from(yPred.keys()).filter((row) => yPred[row] !== -1);
  const invalid = count - valid.length;
  const confusion = countPairs(yTrue, yPred, classes, valid);
  const ranked = new RankedScores(yTrue, probabilities, classes);
  const calibration = calibrationOver(yTrue, probabilities, { classes, bins, rows: valid });
  const auc = ranked.auc();
  const metrics: Record<MetricName, Metric> = {
    accuracy: accuracyOf(confusion),
    balancedAccuracy: balancedAccuracyOf(confusion),
    quadraticWeightedKappa: cohenKappaOf(confusion, "quadratic"),
    macroAuc: auc.macro,
    logLoss: logLoss(yTrue, probabilities, { classes }),
    brier: brier(yTrue, probabilities, { classes }),
    expectedCalibrationError: { value: calibration.value, reason: calibration.reason },
  };
  const intervals = invalid > 0 ? [] : bootstrapIntervals({
    statistics: resampler(yTrue, yPred, { probabilities, classes, bins, ranked }),
    names: NAMES.length,
    count,
    ...resample,
  });
  const broken = `${invalid} of ${count} rows hold NaN or infinite probabilities`;
  const entries = NAMES.map((name, i): [MetricName, MetricWithInterval] => {
    const metric = invalid > 0 ? notDefined(broken) : metrics[name];
    return [name, { ...metric, interval: metric.value === null ? null : intervals[i] }];
  });
  return {
    count,
    invalid,
    ...Object.fromEntries(entries) as Record<MetricName, MetricWithInterval>,
    confusion,
    report: classificationReportOf(confusion),
    auc,
    calibration: calibration.bins,
    yPred,
    confidences: yPred.map((c, row) => c === -1 ? null : probabilities[row * classes + c]),
  };
}

const NAMES = [
  "accuracy",
  "balancedAccuracy",
  "quadraticWeightedKappa",
  "macroAuc",
  "logLoss",
  "brier",
  "expectedCalibrationError",
] as const;
type MetricName = typeof NAMES[number];

/** The metrics of one resample, in the order of NAMES; per-row scores are computed once. */
function resampler(
  yTrue: Labels,
  yPred: readonly number[],
  { probabilities, classes, bins, ranked }: {
    probabilities: Labels;
    classes: number;
    bins: number;
    ranked: RankedScores;
  },
): (rows: Int32Array) => (number | null)[] {
  const scores = (metric: typeof logLoss) =>
    Float64Array.from(yPred, (_, row) => {
      const one = Array.from({ length: classes }, (_, c) => probabilities[row * classes + c]);
      return metric([yTrue[row]], one, { classes }).value ?? NaN;
    });
  const losses = scores(logLoss), squares = scores(brier);
  const copies = new Float64Array(yPred.length);
  return (rows) => {
    copies.fill(0);
    let loss = 0, square = 0;
    for (const row of rows) {
      copies[row]++;
      loss += losses[row];
      square += squares[row];
    }
    const confusion = countPairs(yTrue, yPred, classes, rows);
    return [
      accuracyOf(confusion).value,
      balancedAccuracyOf(confusion).value,
      cohenKappaOf(confusion, "quadratic").value,
      ranked.auc(copies).macro.value,
      loss / rows.length,
      square / rows.length,
      calibrationOver(yTrue, probabilities, { classes, bins, rows }).value,
    ];
  };
}

function predict(probabilities: Labels, row: number, classes: number): number {
  for (let c = 0; c < classes; c++) {
    if (!Number.isFinite(probabilities[row * classes + c])) return -1;
  }
  return argMax(probabilities, row * classes, classes);
}
