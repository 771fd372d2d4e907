import { checkOptions } from "../_internal/check_options.ts";
import { checkPairs, type Labels } from "./check_labels.ts";
import { countPairs } from "./confusion_matrix.ts";
import { defined, type Metric, notDefined } from "./metric.ts";

/** Options of {@linkcode referableMetrics}. */
export interface ReferableOptions {
  /** Number of grades. */
  readonly classes: number;
  /** The lowest grade that is referred. @default {2, moderate diabetic retinopathy} */
  readonly from?: number;
}

/** How well grades say who must see a doctor. */
export interface ReferableMetrics {
  /** Of those to refer, the share that is. */
  readonly sensitivity: Metric;
  /** Of those not to refer, the share that is not. */
  readonly specificity: Metric;
  /** Of those that are referred, the share that should be. */
  readonly precision: Metric;
  /** Of those that are not referred, the share that should not be. */
  readonly negativePredictiveValue: Metric;
}

/**
 * Sensitivity and specificity of referable disease: a grade from `from` on against one below it. For
 * diabetic retinopathy that is moderate or worse (Gulshan et al., JAMA 316, 2016), without macular
 * edema, which the grades do not say.
 *
 * @throws {RangeError} when lengths differ, a label is not in 0…classes-1 or `from` is no grade above 0
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { referableMetrics } from "@qsight/qsight/metrics";
 * const { sensitivity, specificity } = referableMetrics([0, 1, 2, 4], [0, 2, 3, 1], { classes: 5 });
 * assert.deepEqual([sensitivity.value, specificity.value], [0.5, 0.5]);
 * ```
 */
export function referableMetrics(
  yTrue: Labels,
  yPred: Labels,
  options: ReferableOptions,
): ReferableMetrics {
  const where = "referableMetrics()";
  checkOptions(where, options, ["classes", "from"]);
  const { classes, from = 2 } = options;
  checkPairs(where, { yTrue, yPred, classes });
  checkFrom(where, { classes, from });
  return referableOf(countPairs(yTrue, yPred, classes), from);
}

/** Throws unless some grades are referred and some are not. */
export function checkFrom(
  where: string,
  { classes, from }: { readonly classes: number; readonly from: number },
): void {
  if (Number.isInteger(from) && from >= 1 && from < classes) return;
  throw new RangeError(
    `${where}: the lowest grade to refer is ${from}, wanted a whole number from 1 to ` +
      `${classes - 1}. Pass e.g. { from: 2 }`,
  );
}

/** {@linkcode referableMetrics} of a confusion matrix. */
export function referableOf(
  counts: readonly (readonly number[])[],
  from: number,
): ReferableMetrics {
  const cells = [[0, 0], [0, 0]];
  counts.forEach((row, t) =>
    row.forEach((n, p) => cells[Number(t >= from)][Number(p >= from)] += n)
  );
  const [[passed, alarms], [missed, hits]] = cells;
  const share = (part: number, rest: number, reason: string) =>
    part + rest === 0 ? notDefined(reason) : defined(part / (part + rest));
  return {
    sensitivity: share(hits, missed, `no row has a grade from ${from} on`),
    specificity: share(passed, alarms, `no row has a grade below ${from}`),
    precision: share(hits, alarms, `no row is predicted from ${from} on`),
    negativePredictiveValue: share(passed, missed, `no row is predicted below ${from}`),
  };
}
