import { checkOptions } from "../../_internal/check_options.ts";
import { blurPlane } from "./blur_plane.ts";
import {
  channelMeans,
  checkImageAndMap,
  type FloatImage,
  scoreAll,
  type ScoreImages,
} from "./float_image.ts";
import { orderPixels } from "./order_pixels.ts";

/** Options of {@linkcode deletionCurve} and {@linkcode insertionCurve}. */
export interface CurveOptions {
  /** The model: the probability of the explained class for each image. */
  readonly score: ScoreImages;
  /** Equal parts in which the pixels are exchanged; the curve has one point more. @default {20} */
  readonly steps?: number;
  /** Order of pixels of equal value, higher first. @default {by position} */
  readonly ties?: ArrayLike<number>;
}

/** Options of {@linkcode deletionCurve}. */
export interface DeletionOptions extends CurveOptions {
  /** What stands in for a deleted pixel: the image's mean colour, or 0. @default {"mean"} */
  readonly baseline?: "mean" | "zero";
}

/** How the score follows the share of exchanged pixels. */
export interface PerturbationCurve {
  /** Scores at shares 0, 1/steps, … 1. */
  readonly scores: readonly number[];
  /** Area under the curve over shares from 0 to 1 (trapezoids). */
  readonly auc: number;
}

const OPTIONS = ["score", "steps", "ties"];

/**
 * Deletion (RISE; Petsiuk et al., 2018, arXiv:1806.07421): pixels are taken away, the most important
 * first. The sooner the probability falls, the better the map: a smaller area is better.
 *
 * @param image the image as the model takes it
 * @param map importance of each pixel, `height * width`
 * @throws {TypeError} for unknown options
 * @throws {RangeError} for a map of another size, steps below 1, or scores that are no numbers
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { deletionCurve } from "@qsight/qsight/explain";
 * const image = { data: Float32Array.of(1, 0, 0, 0), height: 2, width: 2, channels: 1 };
 * const score = (images: readonly Float32Array[]) => images.map((pixels) => pixels[0]);
 * const options = { score, steps: 4, baseline: "zero" } as const;
 * const right = await deletionCurve(image, Float32Array.of(1, 0, 0, 0), options);
 * const wrong = await deletionCurve(image, Float32Array.of(0, 1, 1, 1), options);
 * assert.deepEqual([right.auc, wrong.auc], [0.125, 0.875]);
 * ```
 */
export async function deletionCurve(
  image: FloatImage,
  map: ArrayLike<number>,
  options: DeletionOptions,
): Promise<PerturbationCurve> {
  const where = "deletionCurve()";
  checkOptions(where, options, [...OPTIONS, "baseline"]);
  const { baseline = "mean" } = options;
  if (baseline !== "mean" && baseline !== "zero") {
    throw new TypeError(`${where}: found baseline "${baseline}", wanted "mean" or "zero"`);
  }
  const colour = baseline === "mean" ? channelMeans(image) : new Float64Array(image.channels);
  const blank = image.data.map((_, i) => colour[i % image.channels]);
  return await exchange(where, { image, map, from: image.data, to: blank }, options);
}

/**
 * Insertion (RISE; Petsiuk et al., 2018, arXiv:1806.07421): pixels come back into a blurred image,
 * the most important first. The sooner the probability rises, the better: a larger area is better.
 * The blur has a standard deviation of a twentieth of the shorter side, at least 1 pixel.
 *
 * @param image the image as the model takes it
 * @param map importance of each pixel, `height * width`
 * @throws {TypeError} for unknown options
 * @throws {RangeError} for a map of another size, steps below 1, or scores that are no numbers
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { insertionCurve } from "@qsight/qsight/explain";
 * const image = { data: Float32Array.of(1, 0, 0, 0), height: 2, width: 2, channels: 1 };
 * const score = (images: readonly Float32Array[]) => images.map((pixels) => pixels[0]);
 * const right = await insertionCurve(image, Float32Array.of(1, 0, 0, 0), { score, steps: 4 });
 * const wrong = await insertionCurve(image, Float32Array.of(0, 1, 1, 1), { score, steps: 4 });
 * assert.ok(right.auc > wrong.auc);
 * ```
 */
export async function insertionCurve(
  image: FloatImage,
  map: ArrayLike<number>,
  options: CurveOptions,
): Promise<PerturbationCurve> {
  const where = "insertionCurve()";
  checkOptions(where, options, OPTIONS);
  return await exchange(where, { image, map, from: blurred(image), to: image.data }, options);
}

interface Exchange {
  readonly image: FloatImage;
  readonly map: ArrayLike<number>;
  readonly from: Float32Array;
  readonly to: Float32Array;
}

/** Scores while the pixels of `from` give way to those of `to`, in the order of the map. */
async function exchange(
  where: string,
  { image, map, from, to }: Exchange,
  { score, steps = 20, ties }: CurveOptions,
): Promise<PerturbationCurve> {
  checkImageAndMap(where, image, map);
  if (!Number.isInteger(steps) || steps < 1) {
    throw new RangeError(`${where}: found steps ${steps}, wanted a whole number from 1, e.g. 20`);
  }
  const { channels } = image, order = orderPixels(map, ties);
  const current = from.slice(), images = [from];
  for (let step = 1, done = 0; step <= steps; step++) {
    const until = Math.round(order.length * step / steps);
    for (; done < until; done++) {
      const start = order[done] * channels;
      current.set(to.subarray(start, start + channels), start);
    }
    images.push(current.slice());
  }
  const scores = await scoreAll(where, images, score);
  const inside = scores.slice(1, -1).reduce((a, b) => a + b, 0);
  return { scores, auc: (inside + (scores[0] + scores[steps]) / 2) / steps };
}

function blurred({ data, height, width, channels }: FloatImage): Float32Array {
  const sigma = Math.max(1, Math.min(height, width) / 20);
  const result = new Float32Array(data.length);
  for (let channel = 0; channel < channels; channel++) {
    const plane = Float32Array.from(
      { length: height * width },
      (_, i) => data[i * channels + channel],
    );
    blurPlane(plane, { width, height, sigma })
      .forEach((value, i) => result[i * channels + channel] = value);
  }
  return result;
}
