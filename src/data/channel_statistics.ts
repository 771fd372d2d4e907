import type { ImageSet } from "./image_set.ts";

/** Mean and standard deviation of R, G and B in [0, 1]. */
export interface ChannelStatistics {
  /** Means of R, G, B. */
  readonly mean: readonly [number, number, number];
  /** Standard deviations of R, G, B. */
  readonly sd: readonly [number, number, number];
}

/**
 * Mean and standard deviation of each colour over all pixels of a set, for normalisation. Take them
 * from the training split only. A constant channel gets the standard deviation 1/255, so that
 * dividing by it is safe.
 *
 * @throws {RangeError} when the set is empty
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { channelStatistics, syntheticFundus } from "@qsight/qsight/data";
 * const { mean } = channelStatistics(syntheticFundus({ count: 4, size: 32, seed: 1 }));
 * assert.ok(mean[0] > mean[1] && mean[1] > mean[2]); // a fundus is red
 * ```
 */
export function channelStatistics(set: Pick<ImageSet, "images">): ChannelStatistics {
  const { images } = set, pixels = images.length / 3;
  if (pixels === 0) {
    throw new RangeError("channelStatistics(): found no image, wanted a set with at least one.");
  }
  // Sums of integers: exact, and the same in any order.
  const sum = [0, 0, 0], squares = [0, 0, 0];
  for (let i = 0; i < images.length; i += 3) {
    for (let c = 0; c < 3; c++) {
      sum[c] += images[i + c];
      squares[c] += images[i + c] * images[i + c];
    }
  }
  const mean = sum.map((total) => total / pixels);
  const sd = squares.map((total, c) =>
    Math.max(1, Math.sqrt(Math.max(0, total / pixels - mean[c] ** 2)))
  );
  const scale = ([r, g, b]: number[]) => [r / 255, g / 255, b / 255] as const;
  return { mean: scale(mean), sd: scale(sd) };
}
