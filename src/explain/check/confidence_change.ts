import { checkOptions } from "../../_internal/check_options.ts";
import { checkImageAndMap, type FloatImage, scoreAll, type ScoreImages } from "./float_image.ts";

/** What is left of the confidence when only the explanation is shown. */
export interface ConfidenceChange {
  /** The probability on the whole image. */
  readonly whole: number;
  /** The probability on the image multiplied by the map. */
  readonly masked: number;
  /** The share of the probability that was lost, from 0 to 1; 0 where it rose. */
  readonly drop: number;
  /** Whether the probability rose. */
  readonly increased: boolean;
}

/**
 * Drop and increase in confidence (Chattopadhay et al., "Grad-CAM++", 2018, arXiv:1710.11063): the
 * image is multiplied by the map, in the scale of the model. Their "average drop" is the mean of
 * `drop` over images, "increase in confidence" the share of images that `increased`. A map that is
 * 1 everywhere has no drop at all: read it beside the other measures.
 *
 * @param image the image as the model takes it
 * @param map importance of each pixel from 0 to 1, `height * width`
 * @throws {RangeError} for a map of another size, or scores that are no numbers
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { confidenceChange } from "@qsight/qsight/explain";
 * const image = { data: Float32Array.of(0.8, 0.4), height: 1, width: 2, channels: 1 };
 * const score = (images: readonly Float32Array[]) => images.map((pixels) => pixels[0]);
 * const { drop } = await confidenceChange(image, Float32Array.of(0.5, 1), { score });
 * assert.equal(drop, 0.5);
 * ```
 */
export async function confidenceChange(
  image: FloatImage,
  map: ArrayLike<number>,
  options: { readonly score: ScoreImages },
): Promise<ConfidenceChange> {
  checkOptions("confidenceChange()", options, ["score"]);
  checkImageAndMap("confidenceChange()", image, map);
  const shown = image.data.map((value, i) => value * map[Math.floor(i / image.channels)]);
  const [whole, masked] = await scoreAll("confidenceChange()", [image.data, shown], options.score);
  // A probability of 0 cannot fall.
  const drop = whole > 0 ? Math.max(0, whole - masked) / whole : 0;
  return { whole, masked, drop, increased: masked > whole };
}
