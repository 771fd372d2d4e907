import { meanDefined } from "./classification_report.ts";
import type { Labels } from "./check_labels.ts";
import { defined, type Metric, notDefined } from "./metric.ts";
import {
  curveClasses,
  type CurveOptions,
  GRID,
  meanCurve,
  type Sweep,
  sweepClass,
} from "./one_vs_rest.ts";

/** A curve over rising recall, or two empty lists where it is undefined. */
export interface PrecisionRecallCurve {
  /** Share of the rows of this class that are found, ascending from 0 to 1. */
  readonly recall: readonly number[];
  /** Share of what is taken for this class that is of it; 1 at recall 0. */
  readonly precision: readonly number[];
  /** Mean precision over the rises of recall, or why there is none. */
  readonly averagePrecision: Metric;
}

/** The curve of one class against all others. */
export interface ClassPrecisionRecallCurve extends PrecisionRecallCurve {
  /** Class index. */
  readonly class: number;
  /** Class name. */
  readonly label: string;
  /** Rows of this class. */
  readonly support: number;
}

/** What {@linkcode precisionRecallCurves} returns. */
export interface PrecisionRecallCurves {
  /** One per class, in class order. */
  readonly perClass: readonly ClassPrecisionRecallCurve[];
  /** The mean of the curves that are defined, on a grid of 101 recalls; and of their averages. */
  readonly macro: PrecisionRecallCurve;
  /** Number of rows. */
  readonly count: number;
}

/**
 * Precision over recall of each class against the rest, and their mean. The average precision is
 * scikit-learn's: Σ (rise of recall) · precision, without interpolation. A class that is absent or has
 * a NaN has no curve and a reason.
 *
 * @throws {RangeError} when lengths do not fit or a label is not in 0…classes-1
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { precisionRecallCurves } from "@qsight/qsight/metrics";
 *
 * const probabilities = [0.9, 0.1, 0.4, 0.6, 0.6, 0.4];
 * const { perClass } = precisionRecallCurves([0, 0, 1], probabilities, { classes: 2 });
 * assert.deepEqual(perClass[0].recall, [0, 0.5, 0.5, 1]);
 * assert.deepEqual(perClass[0].precision, [1, 1, 0.5, 2 / 3]);
 * assert.equal(perClass[0].averagePrecision.value, 0.5 + 0.5 * 2 / 3);
 * ```
 */
export function precisionRecallCurves(
  yTrue: Labels,
  probabilities: Labels,
  options: CurveOptions,
): PrecisionRecallCurves {
  const names = curveClasses("precisionRecallCurves()", yTrue, probabilities, options);
  const perClass = names.map((label, c): ClassPrecisionRecallCurve => {
    const sweep = sweepClass(yTrue, probabilities, { c, classes: names.length });
    const support = Array.from(yTrue).filter((row) => row === c).length;
    const about = { class: c, label, support };
    const none = { recall: [], precision: [] };
    if (typeof sweep === "string") {
      return { ...about, ...none, averagePrecision: notDefined(sweep) };
    }
    if (support === 0) {
      return { ...about, ...none, averagePrecision: notDefined(`class ${c} has no rows`) };
    }
    return { ...about, ...curveOf(sweep, support) };
  });
  const found = perClass.filter(({ averagePrecision }) => averagePrecision.value !== null);
  const macro = meanCurve(found.map(stepped));
  return {
    perClass,
    macro: {
      recall: macro.length === 0 ? [] : GRID,
      precision: macro,
      averagePrecision: meanDefined(perClass.map((curve) => curve.averagePrecision)),
    },
    count: yTrue.length,
  };
}

function curveOf({ hits, falseAlarms }: Sweep, support: number): PrecisionRecallCurve {
  const precisions = hits.map((hit, i) => i === 0 ? 1 : hit / (hit + falseAlarms[i]));
  let average = 0;
  for (let i = 1; i < hits.length; i++) {
    average += (hits[i] - hits[i - 1]) / support * precisions[i];
  }
  // Between two hits only the ends of the fall are needed to draw it; behind the last, nothing is.
  const shown = hits.map((_, i) => i).filter((i) =>
    i === 0 || hits[i] > hits[i - 1] || (i + 1 < hits.length && hits[i + 1] > hits[i])
  );
  return {
    recall: shown.map((i) => hits[i] / support),
    precision: shown.map((i) => precisions[i]),
    averagePrecision: defined(average),
  };
}

/** The precision at the first threshold that reaches a recall. */
function stepped({ recall, precision }: PrecisionRecallCurve) {
  return (at: number): number => precision[recall.findIndex((reached) => reached >= at)];
}
