import { resizeImage } from "../images/resize_image.ts";
import type { RgbImage } from "../images/rgb_image.ts";

/**
 * Brings a photograph to the square that models see: the whole image is kept and padded with black,
 * which is the colour around a fundus. Folders are loaded through it, and so is what is predicted.
 *
 * @param size height and width in pixels
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { prepareImage } from "@qsight/qsight/data";
 * const wide = { width: 4, height: 2, data: new Uint8Array(24).fill(90) };
 * const { data } = await prepareImage(wide, 4);
 * assert.equal(data[0], 0); // a black row above
 * ```
 */
export function prepareImage(image: RgbImage, size: number): Promise<RgbImage> {
  return resizeImage(image, { width: size, height: size, fit: "contain" });
}
