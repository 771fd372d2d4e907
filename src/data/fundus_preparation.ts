import { checkOptions } from "../_internal/check_options.ts";
import type { RgbImage } from "../images/rgb_image.ts";
import type { FundusOptions } from "./fundus_options.ts";
import { cropFundus, normalizeFundus } from "./fundus_views.ts";
import { imageAt } from "./image_at.ts";
import type { ImageSet } from "./image_set.ts";
import { prepareImage } from "./prepare_image.ts";

/**
 * Checks what is said of fundus photographs.
 *
 * @throws {TypeError} for an unknown option
 */
export function checkFundus(where: string, fundus: FundusOptions | undefined): void {
  checkOptions(`${where}: fundus`, fundus, ["crop", "normalize"]);
  const { crop, normalize } = fundus ?? {};
  const known = { crop: ["threshold"], normalize: ["sigma", "gain", "radius"] };
  for (const [name, value] of Object.entries({ crop, normalize })) {
    if (value === undefined || typeof value === "boolean") continue;
    checkOptions(`${where}: fundus ${name}`, value, known[name as keyof typeof known]);
  }
  // Numbers are checked where they are used; here on a picture that costs nothing.
  const black = { width: 2, height: 2, data: new Uint8Array(12) };
  if (typeof crop === "object") cropFundus(black, crop);
  if (typeof normalize === "object") normalizeFundus(black, { ...normalize, sigma: 1 });
}

/**
 * `prepareImage()` with what is done to fundus photographs around it: cropped, brought to the square
 * that models see, normalised.
 *
 * @param size height and width in pixels
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { prepareFundus } from "@qsight/qsight/data";
 * const image = { width: 4, height: 2, data: new Uint8Array(24).fill(90) };
 * const { width, data } = await prepareFundus(image, 8, { normalize: true });
 * assert.deepEqual([width, data[0]], [8, 128]); // grey outside the circle
 * ```
 */
export async function prepareFundus(
  image: RgbImage,
  size: number,
  fundus: FundusOptions = {},
): Promise<RgbImage> {
  const { crop = false, normalize = false } = fundus;
  const cropped = crop === false ? image : cropFundus(image, crop === true ? {} : crop);
  const prepared = await prepareImage(cropped, size);
  return normalize === false
    ? prepared
    : normalizeFundus(prepared, normalize === true ? {} : normalize);
}

/** A set whose images are already square, each prepared at its size. */
export async function prepareSet(set: ImageSet, fundus: FundusOptions): Promise<ImageSet> {
  const images = new Uint8Array(set.images.length), bytes = set.images.length / set.count;
  for (let i = 0; i < set.count; i++) {
    images.set((await prepareFundus(imageAt(set, i), set.width, fundus)).data, i * bytes);
  }
  return { ...set, images };
}
