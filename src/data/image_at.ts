import type { RgbImage } from "../images/rgb_image.ts";
import type { ImageSet } from "./image_set.ts";

/**
 * One image of a set, sharing the set's memory.
 *
 * @throws {RangeError} for a position outside the set
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { imageAt, syntheticFundus } from "@qsight/qsight/data";
 * const set = syntheticFundus({ count: 2, size: 32, seed: 1 });
 * assert.equal(imageAt(set, 1).data.length, 32 * 32 * 3);
 * ```
 */
export function imageAt(set: ImageSet, index: number): RgbImage {
  const { width, height, count } = set;
  if (!Number.isInteger(index) || index < 0 || index >= count) {
    throw new RangeError(`imageAt(): found index ${index}, wanted 0…${count - 1} of "${set.name}"`);
  }
  const size = width * height * 3;
  return { width, height, data: set.images.subarray(index * size, (index + 1) * size) };
}
