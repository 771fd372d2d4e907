import type { ClassesOptions } from "./accuracy.ts";
import { argMax } from "./arg_max.ts";
import type { Labels } from "./check_labels.ts";
import { checkProbabilityArguments } from "./log_loss.ts";
import type { Metric } from "./metric.ts";

/** Options of {@linkcode expectedCalibrationError}. */
export interface CalibrationOptions extends ClassesOptions {
  /** Number of equally wide bins of confidence. @default {10} */
  readonly bins?: number;
}

/** The rows whose confidence (highest probability) falls into one interval. */
export interface CalibrationBin {
  /** Lowest confidence, in the bin. */
  readonly low: number;
  /** Highest confidence: in the bin for the last one, in the next bin otherwise. */
  readonly high: number;
  /** Rows in the bin. */
  readonly count: number;
  /** Mean confidence; null in an empty bin. */
  readonly confidence: number | null;
  /** Share of right predictions; null in an empty bin. */
  readonly accuracy: number | null;
}

/** The expected calibration error and the bins of the reliability diagram. */
export interface CalibrationError extends Metric {
  /** The largest gap of a bin with rows; null where `value` is. */
  readonly maximum: number | null;
  /** All bins, empty ones included, from 0 to 1. */
  readonly bins: readonly CalibrationBin[];
}

/**
 * Expected calibration error (Naeini et al. 2015): mean over rows of |accuracy - confidence| of
 * their bin. Bins are half-open, the last one is closed, so a confidence of exactly 1 (the normal
 * case with a float32 softmax) is in it. Undefined without rows and with NaN.
 *
 * @throws {RangeError} when lengths do not fit, a label is not in 0…classes-1 or bins is below 1
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { expectedCalibrationError } from "@qsight/qsight/metrics";
 *
 * // Certain (1.0) both times, right once: the last bin is off by a half.
 * const error = expectedCalibrationError([0, 1], [1, 0, 1, 0], { classes: 2, bins: 5 });
 * assert.equal(error.value, 0.5);
 * assert.equal(error.bins[4].count, 2);
 * ```
 */
export function expectedCalibrationError(
  yTrue: Labels,
  probabilities: Labels,
  options: CalibrationOptions,
): CalibrationError {
  const where = "expectedCalibrationError()";
  checkProbabilityArguments(where, yTrue, probabilities, options, ["classes", "bins"]);
  const { classes, bins = 10 } = options;
  checkBins(where, bins);
  return calibrationOver(yTrue, probabilities, { classes, bins });
}

/**
 * Maximum calibration error (Naeini et al. 2015): the largest gap of a bin with rows, the bins those of
 * {@linkcode expectedCalibrationError}. A bin of few rows has it by chance: read it with its interval.
 *
 * @throws {RangeError} when lengths do not fit, a label is not in 0…classes-1 or bins is below 1
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { maximumCalibrationError } from "@qsight/qsight/metrics";
 * // 60 % certain and right, 100 % certain and wrong.
 * const error = maximumCalibrationError([0, 1], [0.6, 0.4, 1, 0], { classes: 2 });
 * assert.equal(error.value, 1);
 * ```
 */
export function maximumCalibrationError(
  yTrue: Labels,
  probabilities: Labels,
  options: CalibrationOptions,
): Metric {
  const where = "maximumCalibrationError()";
  checkProbabilityArguments(where, yTrue, probabilities, options, ["classes", "bins"]);
  const { classes, bins = 10 } = options;
  checkBins(where, bins);
  const { maximum, reason } = calibrationOver(yTrue, probabilities, { classes, bins });
  return { value: maximum, reason };
}

/** Throws unless `bins` is a whole number of at least 1. */
export function checkBins(where: string, bins: number): void {
  if (Number.isInteger(bins) && bins >= 1) return;
  throw new RangeError(`${where}: bins is ${bins}, wanted a whole number of at least 1, e.g. 10`);
}

/** Which of equally wide bins a confidence falls into; the last one is closed. */
export function binOf(confidence: number, bins: number): number {
  return Math.max(0, Math.min(bins - 1, Math.floor(confidence * bins)));
}

/** The calibration error without checks; `rows` restricts (and repeats) the rows. */
export function calibrationOver(
  yTrue: Labels,
  probabilities: Labels,
  { classes, bins, rows }: { classes: number; bins: number; rows?: Labels },
): CalibrationError {
  const counts = new Float64Array(bins), hits = new Float64Array(bins);
  const confidences = new Float64Array(bins);
  const length = rows?.length ?? yTrue.length;
  for (let i = 0; i < length; i++) {
    const row = rows === undefined ? i : rows[i];
    const predicted = argMax(probabilities, row * classes, classes);
    if (predicted === -1) return unusable(`a probability of row ${row} is NaN`, bins);
    const confidence = probabilities[row * classes + predicted];
    const bin = binOf(confidence, bins);
    counts[bin]++;
    confidences[bin] += confidence;
    if (predicted === yTrue[row]) hits[bin]++;
  }
  if (length === 0) return unusable("there are no rows", bins);
  let gaps = 0, maximum = 0;
  for (let bin = 0; bin < bins; bin++) {
    const gap = Math.abs(hits[bin] - confidences[bin]);
    gaps += gap;
    if (counts[bin] > 0) maximum = Math.max(maximum, gap / counts[bin]);
  }
  const mean = (sums: Float64Array, bin: number) => counts[bin] ? sums[bin] / counts[bin] : null;
  return {
    value: gaps / length,
    reason: null,
    maximum,
    bins: Array.from({ length: bins }, (_, bin) => ({
      low: bin / bins,
      high: (bin + 1) / bins,
      count: counts[bin],
      confidence: mean(confidences, bin),
      accuracy: mean(hits, bin),
    })),
  };
}

function unusable(reason: string, bins: number): CalibrationError {
  const empty = Array.from({ length: bins }, (_, bin) => ({
    low: bin / bins,
    high: (bin + 1) / bins,
    count: 0,
    confidence: null,
    accuracy: null,
  }));
  return { value: null, reason, maximum: null, bins: empty };
}
