import { checkOptions } from "../_internal/check_options.ts";
import { SeededRandom } from "../_internal/seeded_random.ts";

/** Options of {@linkcode weightedIndices}. */
export interface WeightedIndicesOptions {
  /** How many to draw. @default {the number of weights} */
  readonly count?: number;
  /** Seed of the draws. @default {0} */
  readonly seed?: number;
  /** Epoch; each has draws of its own. @default {0} */
  readonly epoch?: number;
  /**
   * Always true: as many draws as images without replacement are every image once, in another
   * order, whatever the weights. @default {true}
   */
  readonly replacement?: true;
}

/**
 * Positions drawn with replacement, each with a probability in proportion to its weight. A function
 * of (weights, seed, epoch).
 *
 * @throws {RangeError} for weights that are negative, not finite or all 0, or without replacement
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { weightedIndices } from "@qsight/qsight/data";
 * assert.deepEqual([...weightedIndices([0, 1, 0], { count: 4 })], [1, 1, 1, 1]);
 * ```
 */
export function weightedIndices(
  weights: ArrayLike<number>,
  options: WeightedIndicesOptions = {},
): Int32Array {
  checkOptions("weightedIndices()", options, ["count", "seed", "epoch", "replacement"]);
  const { count = weights.length, seed = 0, epoch = 0, replacement = true } = options;
  if (replacement !== true) {
    throw new RangeError(
      "weightedIndices(): found replacement false, wanted true: without it every image is drawn " +
        "once and the weights change nothing. Leave it out",
    );
  }
  const sums = cumulative(weights);
  const total = sums[sums.length - 1];
  const random = new SeededRandom(`weighted/${seed}/${epoch}`);
  return Int32Array.from({ length: count }, () => firstAbove(sums, random.next() * total));
}

function cumulative(weights: ArrayLike<number>): Float64Array {
  const sums = new Float64Array(weights.length);
  let total = 0;
  for (let i = 0; i < weights.length; i++) {
    if (!(weights[i] >= 0 && Number.isFinite(weights[i]))) {
      throw new RangeError(
        `weightedIndices(): found weight ${
          weights[i]
        } at ${i}, wanted a finite number from 0 on. ` +
          "Look at how the weights were made",
      );
    }
    sums[i] = total += weights[i];
  }
  if (total > 0 && Number.isFinite(total)) return sums;
  throw new RangeError(
    `weightedIndices(): found ${weights.length} weights with a sum of ${total}, wanted more than 0. ` +
      "Give at least one image a weight",
  );
}

/** The first position whose sum is above a value: one of weight 0 never is. */
function firstAbove(sums: Float64Array, value: number): number {
  let low = 0, high = sums.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sums[middle] > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
