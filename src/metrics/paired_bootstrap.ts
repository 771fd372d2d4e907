import { checkOptions } from "../_internal/check_options.ts";
import { type Interval, pairedDraws, type ResampleOptions } from "./bootstrap_interval.ts";

/** Options of {@linkcode pairedBootstrap}. */
export interface PairedBootstrapOptions extends ResampleOptions {
  /** The number of the first for one resample: row indices, with repetitions; reused between calls. */
  readonly a: (rows: Int32Array) => number | null;
  /** The same number of the second, on the same rows. */
  readonly b: (rows: Int32Array) => number | null;
  /** Rows that both have answers for. */
  readonly count: number;
}

/** How far two models are apart. */
export interface PairedBootstrap {
  /** The first less the second on all rows; null where one is undefined. */
  readonly difference: number | null;
  /** Why there is no difference; null where there is one. */
  readonly reason: string | null;
  /** Of the differences of the resamples. */
  readonly interval: Interval;
  /** Standard deviation of the differences of the resamples; null with fewer than 2. */
  readonly standardError: number | null;
  /** Twice the share of resamples on the other side of 0, at most 1; null without resamples. */
  readonly pValue: number | null;
}

/**
 * Compares two models by any metric on the same rows: both are scored on each resample, so that rows
 * that are hard for both do not blur the difference (Efron and Tibshirani, 1993, chapter 16). It says
 * how sure the difference is for these rows; that other seeds train other models is not in it.
 *
 * @throws {RangeError} when count, samples or level is out of range
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { pairedBootstrap } from "@qsight/qsight/metrics";
 * const right = { a: [1, 1, 1, 0, 1, 1, 1, 1, 0, 1], b: [1, 1, 0, 0, 1, 0, 1, 1, 0, 1] };
 * const mean = (ones: number[]) => (rows: Int32Array) =>
 *   rows.reduce((sum, row) => sum + ones[row], 0) / rows.length;
 * const { difference, interval } = pairedBootstrap({
 *   a: mean(right.a), b: mean(right.b), count: 10, seed: 1,
 * });
 * assert.ok(Math.abs(difference! - 0.2) < 1e-12 && interval.low! >= 0);
 * ```
 */
export function pairedBootstrap(options: PairedBootstrapOptions): PairedBootstrap {
  checkOptions("pairedBootstrap()", options, ["a", "b", "count", "samples", "seed", "level"]);
  const { a, b, count, ...resample } = options;
  const gap = (rows: Int32Array) => {
    const [first, second] = [a(rows), b(rows)];
    return first === null || second === null ? null : first - second;
  };
  const { values, interval } = pairedDraws({ statistic: gap, count, ...resample });
  const all = count === 0 ? null : gap(Int32Array.from({ length: count }, (_, row) => row));
  const difference = all !== null && Number.isFinite(all) ? all : null;
  return {
    difference,
    reason: difference !== null
      ? null
      : count === 0
      ? "there are no rows"
      : "a metric is undefined on these rows",
    interval,
    standardError: deviation(values),
    pValue: twoSided(values),
  };
}

function deviation(values: Float64Array): number | null {
  if (values.length < 2) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}

/** Resamples without a difference count for both sides. */
function twoSided(values: Float64Array): number | null {
  if (values.length === 0) return null;
  const [below, above] = [(x: number) => x <= 0, (x: number) => x >= 0]
    .map((on) => values.filter(on).length / values.length);
  return Math.min(1, 2 * Math.min(below, above));
}
