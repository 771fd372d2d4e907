import { argMax } from "./arg_max.ts";
import { type CalibrationOptions, checkBins } from "./calibration.ts";
import type { Labels } from "./check_labels.ts";
import { checkProbabilityArguments } from "./log_loss.ts";
import { defined, type Metric, notDefined } from "./metric.ts";

/**
 * Calibration error with bins of equally many rows (Nguyen and O'Connor 2015; "adaptive" in Nixon et
 * al. 2019): rows in the order of their confidence, in runs whose sizes differ by one at most. Rows of
 * equal confidence may lie in two runs; they then keep their order. Undefined without rows and with NaN.
 *
 * @throws {RangeError} when lengths do not fit, a label is not in 0…classes-1 or bins is below 1
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { adaptiveCalibrationError } from "@qsight/qsight/metrics";
 * const rows = [0.6, 0.4, 0.7, 0.3, 0.8, 0.2, 0.9, 0.1];
 * const error = adaptiveCalibrationError([0, 0, 0, 0], rows, { classes: 2, bins: 2 });
 * assert.ok(Math.abs(error.value! - 0.25) < 1e-12); // 65 % and 85 % certain, always right
 * ```
 */
export function adaptiveCalibrationError(
  yTrue: Labels,
  probabilities: Labels,
  options: CalibrationOptions,
): Metric {
  const where = "adaptiveCalibrationError()";
  checkProbabilityArguments(where, yTrue, probabilities, options, ["classes", "bins"]);
  const { classes, bins = 10 } = options;
  checkBins(where, bins);
  return adaptiveOver(new SortedConfidences(yTrue, probabilities, classes), { bins });
}

/** Rows sorted once by their confidence, so that a bootstrap sorts no more. */
export class SortedConfidences {
  /** Rows by rising confidence. */
  readonly order: Uint32Array;
  /** Confidence less whether it is right, by row. */
  readonly gaps: Float64Array;
  /** First row with NaN, or -1. */
  readonly broken: number;

  constructor(yTrue: Labels, probabilities: Labels, classes: number) {
    const confidences = new Float64Array(yTrue.length);
    this.gaps = new Float64Array(yTrue.length);
    let broken = -1;
    for (let row = 0; row < yTrue.length; row++) {
      const predicted = argMax(probabilities, row * classes, classes);
      if (predicted === -1 && broken === -1) broken = row;
      confidences[row] = probabilities[row * classes + Math.max(0, predicted)];
      this.gaps[row] = confidences[row] - (predicted === yTrue[row] ? 1 : 0);
    }
    this.broken = broken;
    this.order = Uint32Array.from(confidences.keys())
      .sort((a, b) => confidences[a] - confidences[b]);
  }
}

/** The adaptive error; `copies[row]` says how often a row counts (once by default). */
export function adaptiveOver(
  { order, gaps, broken }: SortedConfidences,
  { bins, copies }: { readonly bins: number; readonly copies?: Labels },
): Metric {
  if (broken !== -1) return notDefined(`a probability of row ${broken} is NaN`);
  let rows = 0;
  for (const row of order) rows += copies === undefined ? 1 : copies[row];
  if (rows === 0) return notDefined("there are no rows");
  // The first bins are one larger where the rows do not go into them.
  const small = Math.floor(rows / bins), large = rows % bins;
  let total = 0, gap = 0, bin = 0, left = sizeOf(0);
  for (const row of order) {
    for (let copy = copies === undefined ? 1 : copies[row]; copy > 0; copy--) {
      gap += gaps[row];
      if (--left > 0) continue;
      total += Math.abs(gap);
      gap = 0;
      left = sizeOf(++bin);
    }
  }
  return defined(total / rows);
  function sizeOf(bin: number): number {
    return small + (bin < large ? 1 : 0);
  }
}
