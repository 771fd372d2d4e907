import { checkOptions } from "../_internal/check_options.ts";
import { loadPackage } from "../_internal/load_package.ts";
import { checkRgbImage, type RgbImage } from "./rgb_image.ts";

/** Options of {@linkcode resizeImage}. */
export interface ResizeImageOptions {
  /** New width in pixels, 1 to 16384. */
  readonly width: number;
  /** New height in pixels, 1 to 16384. */
  readonly height: number;
  /**
   * What happens when the proportions differ: `"fill"` stretches, `"contain"` keeps the whole
   * image and pads with black, `"cover"` cuts the longer side. @default {"fill"}
   */
  readonly fit?: "fill" | "contain" | "cover";
}

/**
 * Resizes an image with a filter that averages when shrinking (libvips, cubic).
 *
 * @throws {TypeError} when `image` is no `RgbImage`
 * @throws {RangeError} when a side is not an integer from 1 to 16384
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { resizeImage } from "@qsight/qsight/images";
 * const grey = { width: 8, height: 8, data: new Uint8Array(192).fill(100) };
 * assert.deepEqual([...(await resizeImage(grey, { width: 1, height: 1 })).data], [100, 100, 100]);
 * ```
 */
export async function resizeImage(
  image: RgbImage,
  options: ResizeImageOptions,
): Promise<RgbImage> {
  checkOptions("resizeImage()", options, ["width", "height", "fit"]);
  checkRgbImage("resizeImage()", image);
  const { width, height, fit = "fill" } = options;
  for (const [side, value] of Object.entries({ width, height })) {
    if (!Number.isInteger(value) || value < 1 || value > 16384) {
      throw new RangeError(
        `resizeImage(): found ${side} ${value}, wanted an integer from 1 to 16384. ` +
          "Pass the new size in pixels.",
      );
    }
  }
  if (!["fill", "contain", "cover"].includes(fit)) {
    throw new RangeError(
      `resizeImage(): found fit "${fit}", wanted "fill", "contain" or "cover". Choose one of these.`,
    );
  }
  if (image.width === width && image.height === height) {
    return { width, height, data: image.data.slice() };
  }
  const { default: sharp } = await loadPackage("sharp", () => import("sharp"));
  const data = await sharp(image.data, {
    raw: { width: image.width, height: image.height, channels: 3 },
    limitInputPixels: false,
  }).resize(width, height, { fit, background: "#000", kernel: "cubic" }).raw().toBuffer();
  return { width, height, data: new Uint8Array(data) };
}
