import { argMax } from "./arg_max.ts";
import { binOf, checkBins } from "./calibration.ts";
import type { Labels } from "./check_labels.ts";
import { curveClasses, type CurveOptions } from "./one_vs_rest.ts";

/** Options of {@linkcode confidenceDistributions}. */
export interface ConfidenceDistributionsOptions extends CurveOptions {
  /** Number of equally wide bins of confidence from 0 to 1. @default {10} */
  readonly bins?: number;
}

/** How sure the predictions on one class are. */
export interface ClassConfidences {
  /** Class index. */
  readonly class: number;
  /** Class name. */
  readonly label: string;
  /** Right predictions by bin of confidence. */
  readonly right: readonly number[];
  /** Wrong predictions by bin of confidence. */
  readonly wrong: readonly number[];
  /** Mean confidence of the right ones; null without any. */
  readonly meanRight: number | null;
  /** Mean confidence of the wrong ones; null without any. */
  readonly meanWrong: number | null;
}

/** What {@linkcode confidenceDistributions} returns. */
export interface ConfidenceDistributions {
  /** Number of bins. */
  readonly bins: number;
  /** One per true class, in class order. */
  readonly perClass: readonly ClassConfidences[];
  /** Rows with a NaN, which are left out. */
  readonly invalid: number;
}

/**
 * Histograms of confidence, which is the highest probability of a row, of right and of wrong
 * predictions by true class. Bins are half-open, the last one is closed.
 *
 * @throws {RangeError} when lengths do not fit, a label is not in 0…classes-1 or bins is below 1
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { confidenceDistributions } from "@qsight/qsight/metrics";
 *
 * const probabilities = [0.9, 0.1, 0.4, 0.6];
 * const { perClass } = confidenceDistributions([0, 0], probabilities, { classes: 2, bins: 2 });
 * assert.deepEqual([perClass[0].right, perClass[0].wrong], [[0, 1], [0, 1]]);
 * assert.equal(perClass[1].meanRight, null);
 * ```
 */
export function confidenceDistributions(
  yTrue: Labels,
  probabilities: Labels,
  options: ConfidenceDistributionsOptions,
): ConfidenceDistributions {
  const where = "confidenceDistributions()";
  const names = curveClasses(where, yTrue, probabilities, options, ["classes", "bins"]);
  const { bins = 10 } = options;
  checkBins(where, bins);
  const empty = () => ({ counts: new Array<number>(bins).fill(0), sum: 0, count: 0 });
  const found = names.map(() => ({ right: empty(), wrong: empty() }));
  let invalid = 0;
  for (let row = 0; row < yTrue.length; row++) {
    const predicted = argMax(probabilities, row * names.length, names.length);
    if (predicted === -1) {
      invalid++;
      continue;
    }
    const confidence = probabilities[row * names.length + predicted];
    const side = found[yTrue[row]][predicted === yTrue[row] ? "right" : "wrong"];
    side.counts[binOf(confidence, bins)]++;
    side.sum += confidence;
    side.count++;
  }
  const mean = ({ sum, count }: { sum: number; count: number }) => count === 0 ? null : sum / count;
  const perClass = found.map(({ right, wrong }, c) => ({
    class: c,
    label: names[c],
    right: right.counts,
    wrong: wrong.counts,
    meanRight: mean(right),
    meanWrong: mean(wrong),
  }));
  return { bins, perClass, invalid };
}
