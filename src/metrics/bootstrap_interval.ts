import { checkOptions } from "../_internal/check_options.ts";
import { SeededRandom } from "../_internal/seeded_random.ts";

/** A percentile bootstrap interval. */
export interface Interval {
  /** Lower end; null when the statistic was undefined in every resample. */
  readonly low: number | null;
  /** Upper end; null when `low` is. */
  readonly high: number | null;
  /** Share of resamples inside, e.g. 0.95. */
  readonly level: number;
  /** Resamples drawn. */
  readonly samples: number;
  /** Resamples in which the statistic was defined; the interval is of these. */
  readonly definedSamples: number;
}

/** How to draw resamples. */
export interface ResampleOptions {
  /** Resamples drawn. @default {1000} */
  readonly samples?: number;
  /** Equal seeds give equal intervals. */
  readonly seed: number | string;
  /** Share of resamples between the two ends, in (0, 1). @default {0.95} */
  readonly level?: number;
}

/** Options of {@linkcode bootstrapInterval}. */
export interface BootstrapOptions extends ResampleOptions {
  /** The number for one resample: row indices, with repetitions. The array is reused between calls. */
  readonly statistic: (rows: Int32Array) => number | null;
  /** Number of rows to draw from, and in each resample. */
  readonly count: number;
}

/**
 * Percentile bootstrap interval (Efron 1979) of any statistic of rows: rows are drawn with
 * replacement, and the ends are the (1 ± level)/2 quantiles, linearly interpolated.
 *
 * @throws {RangeError} when count, samples or level is out of range
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { bootstrapInterval } from "@qsight/qsight/metrics";
 *
 * const right = [1, 1, 1, 0, 1, 1, 0, 1, 1, 1];
 * const statistic = (rows: Int32Array) => rows.reduce((sum, row) => sum + right[row], 0) / 10;
 * const { low, high } = bootstrapInterval({ statistic, count: 10, seed: 1 });
 * assert.ok(low! > 0.3 && low! < 0.8 && high! > 0.8 && high! <= 1);
 * ```
 */
export function bootstrapInterval(options: BootstrapOptions): Interval {
  checkOptions("bootstrapInterval()", options, ["statistic", "count", "samples", "seed", "level"]);
  const { statistic, count, ...resample } = options;
  return bootstrapIntervals({
    statistics: (rows) => [statistic(rows)],
    names: 1,
    count,
    ...resample,
  })[0];
}

/** Several statistics of the same resamples, so that their intervals belong together. */
export function bootstrapIntervals(
  { statistics, names, count, samples = 1000, seed, level = 0.95 }: ResampleOptions & {
    readonly statistics: (rows: Int32Array) => readonly (number | null)[];
    /** How many numbers `statistics` returns. */
    readonly names: number;
    readonly count: number;
  },
): Interval[] {
  checkCounts(count, samples, level);
  const found = drawStatistics({ statistics, names, count, samples, seed });
  return found.map((values) => intervalOf(values, { level, samples }));
}

/** The values of one statistic in all resamples where it is defined, and their interval. */
export function pairedDraws(
  { statistic, count, samples = 1000, seed, level = 0.95 }: BootstrapOptions,
): { readonly values: Float64Array; readonly interval: Interval } {
  checkCounts(count, samples, level);
  const statistics = (rows: Int32Array) => [statistic(rows)];
  const [values] = drawStatistics({ statistics, names: 1, count, samples, seed });
  return { values: Float64Array.from(values), interval: intervalOf(values, { level, samples }) };
}

function drawStatistics(
  { statistics, names, count, samples, seed }: {
    readonly statistics: (rows: Int32Array) => readonly (number | null)[];
    readonly names: number;
    readonly count: number;
    readonly samples: number;
    readonly seed: number | string;
  },
): number[][] {
  const random = new SeededRandom(`bootstrap/${seed}`);
  const rows = new Int32Array(count);
  const found = Array.from({ length: names }, () => [] as number[]);
  for (let sample = 0; sample < samples && count > 0; sample++) {
    for (let i = 0; i < count; i++) rows[i] = random.integer(count);
    statistics(rows).forEach((value, i) => {
      if (value !== null && Number.isFinite(value)) found[i].push(value);
    });
  }
  return found;
}

function intervalOf(
  values: readonly number[],
  { level, samples }: { readonly level: number; readonly samples: number },
): Interval {
  const sorted = Float64Array.from(values).sort();
  return {
    low: quantile(sorted, (1 - level) / 2),
    high: quantile(sorted, (1 + level) / 2),
    level,
    samples,
    definedSamples: values.length,
  };
}

/** The quantile of sorted numbers, linearly interpolated; null without numbers. */
export function quantile(sorted: ArrayLike<number>, share: number): number | null {
  if (sorted.length === 0) return null;
  const position = share * (sorted.length - 1);
  const below = Math.floor(position), above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}

function checkCounts(count: number, samples: number, level: number): void {
  const where = "bootstrapInterval()";
  if (!Number.isInteger(count) || count < 0) {
    throw new RangeError(`${where}: count is ${count}, wanted a number of rows. Pass yTrue.length`);
  }
  if (!Number.isInteger(samples) || samples < 1) {
    throw new RangeError(`${where}: samples is ${samples}, wanted at least 1, e.g. 1000`);
  }
  if (!(level > 0 && level < 1)) {
    throw new RangeError(`${where}: level is ${level}, wanted a share between 0 and 1, e.g. 0.95`);
  }
}
