import type { Labels } from "./check_labels.ts";
import type { Metric } from "./metric.ts";
import { curveClasses, type CurveOptions, GRID, meanCurve, sweepClass } from "./one_vs_rest.ts";
import { rocAuc } from "./roc_auc.ts";

/** A curve from (0, 0) to (1, 1), or two empty lists where it is undefined. */
export interface RocCurve {
  /** Share of the rows of other classes that are taken for this class, ascending. */
  readonly falsePositiveRate: readonly number[];
  /** Share of the rows of this class that are found. */
  readonly truePositiveRate: readonly number[];
  /** Area under the curve, or why there is none. */
  readonly auc: Metric;
}

/** The curve of one class against all others. */
export interface ClassRocCurve extends RocCurve {
  /** Class index. */
  readonly class: number;
  /** Class name. */
  readonly label: string;
  /** Rows of this class. */
  readonly support: number;
}

/** What {@linkcode rocCurves} returns. */
export interface RocCurves {
  /** One per class, in class order. */
  readonly perClass: readonly ClassRocCurve[];
  /** The mean of the curves that are defined, on a grid of 101 rates; its area is the mean of theirs. */
  readonly macro: RocCurve;
  /** Number of rows. */
  readonly count: number;
}

/**
 * Receiver operating characteristic of each class against the rest, and their mean. Points on a
 * straight line between their neighbours are left out. A class that is absent, or alone, or has a NaN
 * has no curve and a reason.
 *
 * @throws {RangeError} when lengths do not fit or a label is not in 0…classes-1
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { rocCurves } from "@qsight/qsight/metrics";
 *
 * const curves = rocCurves([0, 0, 1], [0.9, 0.1, 0.4, 0.6, 0.4, 0.6], { classes: ["no", "yes"] });
 * const { falsePositiveRate, truePositiveRate, auc } = curves.perClass[0];
 * assert.deepEqual([falsePositiveRate, truePositiveRate], [[0, 0, 1], [0, 0.5, 1]]);
 * assert.equal(auc.value, 0.75);
 * ```
 */
export function rocCurves(yTrue: Labels, probabilities: Labels, options: CurveOptions): RocCurves {
  const names = curveClasses("rocCurves()", yTrue, probabilities, options);
  const areas = rocAuc(yTrue, probabilities, { classes: names.length });
  const perClass = names.map((label, c): ClassRocCurve => {
    const auc = areas.perClass[c];
    const sweep = sweepClass(yTrue, probabilities, { c, classes: names.length });
    const support = Array.from(yTrue).filter((row) => row === c).length;
    const about = { class: c, label, support, auc };
    if (auc.value === null || typeof sweep === "string") {
      return { ...about, falsePositiveRate: [], truePositiveRate: [] };
    }
    const { hits, falseAlarms } = sweep;
    const corners = hits.map((_, i) => i).filter((i) =>
      i === 0 || i === hits.length - 1 ||
      hits[i] - hits[i - 1] !== hits[i + 1] - hits[i] ||
      falseAlarms[i] - falseAlarms[i - 1] !== falseAlarms[i + 1] - falseAlarms[i]
    );
    return {
      ...about,
      falsePositiveRate: corners.map((i) => falseAlarms[i] / (yTrue.length - support)),
      truePositiveRate: corners.map((i) => hits[i] / support),
    };
  });
  const found = perClass.filter(({ auc }) => auc.value !== null);
  const macro = meanCurve(found.map(interpolated));
  return {
    perClass,
    macro: {
      // Every curve starts at (0, 0), and may rise there.
      falsePositiveRate: macro.length === 0 ? [] : [0, ...GRID],
      truePositiveRate: macro.length === 0 ? [] : [0, ...macro],
      auc: areas.macro,
    },
    count: yTrue.length,
  };
}

/** The highest rate of hits at a rate of false alarms, linear between the points. */
function interpolated({ falsePositiveRate: x, truePositiveRate: y }: RocCurve) {
  return (at: number): number => {
    let i = x.length - 1;
    while (x[i] > at) i--;
    if (i === x.length - 1) return y[i];
    return y[i] + (at - x[i]) / (x[i + 1] - x[i]) * (y[i + 1] - y[i]);
  };
}
