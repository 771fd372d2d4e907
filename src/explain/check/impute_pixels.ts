import { checkOptions } from "../../_internal/check_options.ts";
import { checkSeed } from "../../_internal/check_seed.ts";
import { SeededRandom } from "../../_internal/seeded_random.ts";
import { extent } from "../extent.ts";
import { channelMeans, type FloatImage } from "./float_image.ts";
import { RemovedGrid } from "./removed_grid.ts";

/** Options of {@linkcode imputePixels}. */
export interface ImputeOptions {
  /**
   * Standard deviation of the noise on what is filled in, as a share of the image's range of values:
   * without it a filled area would be recognised by its smoothness. @default {0.01}
   */
  readonly noise?: number;
  /** Equal seeds give equal noise. @default {0} */
  readonly seed?: number;
  /** Residual, relative to what surrounds the holes, that counts as solved. @default {1e-5} */
  readonly tolerance?: number;
}

/**
 * Fills removed pixels from their surroundings: noisy linear imputation (ROAD; Rong et al., 2022,
 * arXiv:2202.00449). Each removed pixel equals the weighted mean of its 8 neighbours, 1/6 for the
 * direct ones and 1/12 for the diagonal ones; at the edges the weights of those that exist are
 * scaled up. All these equations are solved together, for each channel. Where all pixels are
 * removed, the mean of the image is left.
 *
 * @param image the image; it is left as it is
 * @param removed not 0 where a pixel is removed, `height * width`
 * @returns a new image of `height * width * channels` numbers
 * @throws {RangeError} when the sizes do not fit
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { imputePixels } from "@qsight/qsight/explain";
 * const image = { data: Float32Array.of(1, 2, 9, 4, 5), height: 1, width: 5, channels: 1 };
 * const filled = imputePixels(image, Uint8Array.of(0, 0, 1, 0, 0), { noise: 0 });
 * assert.deepEqual([...filled], [1, 2, 3, 4, 5]);
 * ```
 */
export function imputePixels(
  image: FloatImage,
  removed: ArrayLike<number>,
  options: ImputeOptions = {},
): Float32Array {
  checkOptions("imputePixels()", options, ["noise", "seed", "tolerance"]);
  const { noise = 0.01, seed = 0, tolerance = 1e-5 } = options;
  checkSeed("imputePixels()", seed);
  const { data, height, width, channels } = image;
  if (removed.length !== height * width) {
    throw new RangeError(
      `imputePixels(): found ${removed.length} marks for ${height} x ${width} pixels, ` +
        `wanted one for each. Pass a Uint8Array of height * width`,
    );
  }
  const grid = new RemovedGrid(removed, { height, width });
  const random = new SeededRandom(`impute/${seed}`);
  const [low, high] = extent(data), deviation = noise * Math.max(0, high - low);
  const means = channelMeans(image);
  const result = data.slice();
  for (let channel = 0; channel < channels; channel++) {
    // Relative to the mean: an image without known pixels then has the solution 0.
    const mean = means[channel];
    const plane = Float32Array.from(removed, (_, i) => data[i * channels + channel] - mean);
    const { values } = grid.solve(plane, tolerance);
    grid.pixels.forEach((pixel, i) => {
      result[pixel * channels + channel] = values[i] + mean +
        (deviation > 0 ? deviation * random.normal() : 0);
    });
  }
  return result;
}
