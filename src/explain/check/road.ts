import { checkOptions } from "../../_internal/check_options.ts";
import { checkImageAndMap, type FloatImage, scoreAll, type ScoreImages } from "./float_image.ts";
import { imputePixels } from "./impute_pixels.ts";
import { orderPixels } from "./order_pixels.ts";

/** Options of {@linkcode road}. */
export interface RoadOptions {
  /** The model: the probability of the explained class for each image. */
  readonly score: ScoreImages;
  /** How much is removed, per cent. @default {[20, 40, 60, 80]} */
  readonly percentiles?: readonly number[];
  /** Noise on what is filled in, as a share of the image's range. @default {0.01} */
  readonly noise?: number;
  /** Seed of the noise. @default {0} */
  readonly seed?: number;
  /** Order of pixels of equal value, higher first. @default {by position} */
  readonly ties?: ArrayLike<number>;
}

/** What {@linkcode road} found. */
export interface RoadScore {
  /** How much was removed, per cent. */
  readonly percentiles: readonly number[];
  /** Scores after the most relevant pixels were removed first. */
  readonly morf: readonly number[];
  /** Scores after the least relevant pixels were removed first. */
  readonly lerf: readonly number[];
  /** The mean of (LeRF - MoRF) / 2: from -0.5 to 0.5, 0 for a map that knows nothing. */
  readonly combined: number;
}

/**
 * ROAD, remove and debias (Rong et al., 2022, arXiv:2202.00449): pixels are removed by filling them
 * from their surroundings ({@linkcode imputePixels}), so that the model sees no shape of the hole.
 * Removing what matters most should cost more probability than removing what matters least.
 *
 * @param image the image as the model takes it
 * @param map importance of each pixel, `height * width`
 * @throws {TypeError} for unknown options
 * @throws {RangeError} for a map of another size, percentiles out of range, or scores that are no
 * numbers
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { road } from "@qsight/qsight/explain";
 * const image = {
 *   data: Float32Array.from({ length: 16 }, (_, i) => i === 5 ? 1 : 0),
 *   height: 4,
 *   width: 4,
 *   channels: 1,
 * };
 * const score = (images: readonly Float32Array[]) => images.map((pixels) => pixels[5]);
 * const right = await road(image, image.data, { score });
 * const wrong = await road(image, image.data.map((value) => 1 - value), { score });
 * assert.ok(right.combined > 0.3 && wrong.combined < -0.3);
 * ```
 */
export async function road(
  image: FloatImage,
  map: ArrayLike<number>,
  options: RoadOptions,
): Promise<RoadScore> {
  checkOptions("road()", options, ["score", "percentiles", "noise", "seed", "ties"]);
  const { score, percentiles = [20, 40, 60, 80], noise, seed = 0, ties } = options;
  checkImageAndMap("road()", image, map);
  if (percentiles.length === 0 || !percentiles.every((percent) => percent > 0 && percent <= 100)) {
    throw new RangeError(
      `road(): found percentiles [${percentiles.join(", ")}], wanted numbers above 0 and up to ` +
        `100, e.g. [20, 40, 60, 80]`,
    );
  }
  const order = orderPixels(map, ties);
  const without = (pixels: Uint32Array) => {
    const removed = new Uint8Array(order.length);
    for (const pixel of pixels) removed[pixel] = 1;
    return imputePixels(image, removed, { noise, seed });
  };
  const counts = percentiles.map((percent) => Math.round(order.length * percent / 100));
  const images = [
    ...counts.map((count) => without(order.subarray(0, count))),
    ...counts.map((count) => without(order.subarray(order.length - count))),
  ];
  const scores = await scoreAll("road()", images, score);
  const morf = scores.slice(0, counts.length), lerf = scores.slice(counts.length);
  const differences = lerf.map((value, i) => (value - morf[i]) / 2);
  const combined = differences.reduce((a, b) => a + b, 0) / counts.length;
  return { percentiles: [...percentiles], morf, lerf, combined };
}
