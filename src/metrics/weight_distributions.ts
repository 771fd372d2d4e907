import { checkOptions } from "../_internal/check_options.ts";
import { quantile } from "./bootstrap_interval.ts";
import { checkLabels, classNamesOf, type Labels } from "./check_labels.ts";

/** Options of {@linkcode weightDistributions}. */
export interface WeightDistributionsOptions {
  /** Class index of each row. */
  readonly yTrue: Labels;
  /** Weight of each head in each row, flat, rows × heads. */
  readonly weights: ArrayLike<number>;
  /** Names of the heads, in the order of the weights. */
  readonly heads: readonly string[];
  /** Class names in class order, or just their number. */
  readonly classes: number | readonly string[];
}

/** The weights of one head on one class; all null where count is 0. */
export interface WeightDistribution {
  /** Name of the head. */
  readonly head: string;
  /** Class index; null for all rows together. */
  readonly class: number | null;
  /** Class name; null for all rows together. */
  readonly label: string | null;
  /** Rows with a finite weight. */
  readonly count: number;
  /** Lowest weight. */
  readonly lowest: number | null;
  /** A quarter of the rows is at or below it. */
  readonly lowerQuartile: number | null;
  /** Half of the rows are at or below it. */
  readonly median: number | null;
  /** Three quarters of the rows are at or below it. */
  readonly upperQuartile: number | null;
  /** Highest weight. */
  readonly highest: number | null;
  /** Mean weight. */
  readonly mean: number | null;
}

/** What {@linkcode weightDistributions} returns. */
export interface WeightDistributions {
  /** Names of the heads. */
  readonly heads: readonly string[];
  /** Class names in class order. */
  readonly classes: readonly string[];
  /** Head by head: all rows, then each class. */
  readonly rows: readonly WeightDistribution[];
  /** Weights that are not finite, which are left out. */
  readonly invalid: number;
}

/**
 * How a fusion weighs its heads, over all rows and by true class: a gate that always says the same
 * has no spread, and one that turns with the class has medians apart.
 *
 * @throws {RangeError} when lengths do not fit or a label is not in 0…classes-1
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { weightDistributions } from "@qsight/qsight/metrics";
 *
 * const weights = [0.75, 0.25, 0.25, 0.75];
 * const { rows } = weightDistributions({ yTrue: [0, 1], weights, heads: ["a", "b"], classes: 2 });
 * assert.deepEqual(rows.map(({ median }) => median), [0.5, 0.75, 0.25, 0.5, 0.25, 0.75]);
 * ```
 */
export function weightDistributions(options: WeightDistributionsOptions): WeightDistributions {
  const where = "weightDistributions()";
  checkOptions(where, options, ["yTrue", "weights", "heads", "classes"]);
  const { yTrue, weights, heads } = options;
  const classes = classNamesOf(where, options.classes);
  checkLabels(where, yTrue, classes.length);
  if (weights.length !== yTrue.length * heads.length) {
    throw new RangeError(
      `${where}: ${weights.length} weights, wanted ${yTrue.length} rows × ${heads.length} heads. ` +
        `Pass them flat, row after row`,
    );
  }
  let invalid = 0;
  const rows = heads.flatMap((head, h) => {
    const own = Array.from(
      yTrue,
      (label, row) => ({ label, weight: weights[row * heads.length + h] }),
    );
    const finite = own.filter(({ weight }) => Number.isFinite(weight));
    invalid += own.length - finite.length;
    const of = (c: number | null) =>
      finite.flatMap(({ label, weight }) => c === null || c === label ? [weight] : []);
    return [null, ...classes.keys()].map((c): WeightDistribution => ({
      head,
      class: c,
      label: c === null ? null : classes[c],
      ...spread(of(c)),
    }));
  });
  return { heads: [...heads], classes, rows, invalid };
}

function spread(values: readonly number[]) {
  const sorted = Float64Array.from(values).sort();
  return {
    count: sorted.length,
    lowest: quantile(sorted, 0),
    lowerQuartile: quantile(sorted, 0.25),
    median: quantile(sorted, 0.5),
    upperQuartile: quantile(sorted, 0.75),
    highest: quantile(sorted, 1),
    mean: sorted.length === 0 ? null : sorted.reduce((a, b) => a + b) / sorted.length,
  };
}
