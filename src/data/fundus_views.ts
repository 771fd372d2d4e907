import { checkOptions } from "../_internal/check_options.ts";
import { checkRgbImage, type RgbImage } from "../images/rgb_image.ts";
import { gaussianBlur } from "./gaussian_blur.ts";

/** Options of {@linkcode cropFundus}. */
export interface CropFundusOptions {
  /** Grey level of 255 above which a pixel belongs to the photograph, not to the black around it. @default {7} */
  readonly threshold?: number;
}

/**
 * Cuts the black around a fundus off: the smallest rectangle that holds every pixel brighter than the
 * threshold, made square around its middle with black, and black outside the circle in that square. A
 * photograph that is all dark is given back as it is.
 *
 * @returns a square image, or the same one
 * @throws {TypeError} for something else than an image
 * @throws {RangeError} for a threshold that is none
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { cropFundus } from "@qsight/qsight/data";
 * const data = new Uint8Array(20 * 10 * 3); // black, with a bright square of 4 x 4 in it
 * for (let y = 3; y < 7; y++) data.fill(200, (y * 20 + 8) * 3, (y * 20 + 12) * 3);
 * const { width, height } = cropFundus({ width: 20, height: 10, data });
 * assert.deepEqual([width, height], [4, 4]);
 * ```
 */
export function cropFundus(image: RgbImage, options: CropFundusOptions = {}): RgbImage {
  checkRgbImage("cropFundus()", image);
  checkOptions("cropFundus()", options, ["threshold"]);
  const { threshold = 7 } = options, { width, height, data } = image;
  if (!(threshold >= 0 && threshold < 255)) {
    throw new RangeError(
      `cropFundus(): found threshold ${threshold}, wanted 0 to 254. Pass e.g. 7.`,
    );
  }
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3;
      if (0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2] <= threshold) continue;
      [left, right] = [Math.min(left, x), Math.max(right, x)];
      [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
    }
  }
  if (right < 0) return image;
  const side = Math.max(right - left, bottom - top) + 1;
  const fromX = left - Math.floor((side - (right - left + 1)) / 2);
  const fromY = top - Math.floor((side - (bottom - top + 1)) / 2);
  const out = new Uint8Array(side * side * 3);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const [u, v] = [fromX + x, fromY + y];
      if (u < 0 || v < 0 || u >= width || v >= height || !inCircle(x, y, { side, share: 1 })) {
        continue;
      }
      const from = (v * width + u) * 3;
      out.set(data.subarray(from, from + 3), (y * side + x) * 3);
    }
  }
  return { width: side, height: side, data: out };
}

/** Options of {@linkcode normalizeFundus}. */
export interface NormalizeFundusOptions {
  /** Standard deviation of the local average in pixels. @default {a sixtieth of the shorter side} */
  readonly sigma?: number;
  /** How much differences from the local average are strengthened. @default {4} */
  readonly gain?: number;
  /** Share of the circle that is kept; what is outside becomes grey. @default {0.9} */
  readonly radius?: number;
}

/**
 * Takes away what differs between cameras and exposures: each pixel becomes
 * `gain * (pixel - local average) + 128`, and outside of 0.9 of the circle, where the edge of the
 * photograph would stand out, 128 (B. Graham, Kaggle Diabetic Retinopathy Detection, 2015).
 *
 * @returns an image of the same size
 * @throws {TypeError} for something else than an image
 * @throws {RangeError} for an option out of its range
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { normalizeFundus } from "@qsight/qsight/data";
 * const plain = { width: 8, height: 8, data: new Uint8Array(192).fill(60) };
 * assert.ok(normalizeFundus(plain).data.every((pixel) => pixel === 128)); // nothing but its average
 * ```
 */
export function normalizeFundus(image: RgbImage, options: NormalizeFundusOptions = {}): RgbImage {
  checkRgbImage("normalizeFundus()", image);
  checkOptions("normalizeFundus()", options, ["sigma", "gain", "radius"]);
  const { width, height, data } = image, side = Math.min(width, height);
  const { sigma = side / 60, gain = 4, radius = 0.9 } = options;
  for (
    const [name, value, most] of [["sigma", sigma, side], ["gain", gain, 100], [
      "radius",
      radius,
      2,
    ]] as const
  ) {
    if (!(value > 0 && value <= most)) {
      throw new RangeError(
        `normalizeFundus(): found ${name} ${value}, wanted a number above 0 and up to ${most}. ` +
          "Leave it out for the usual one.",
      );
    }
  }
  const average = Float32Array.from(data);
  gaussianBlur(average, image, sigma);
  const out = new Uint8ClampedArray(data.length).fill(128);
  const [offX, offY] = [(width - side) / 2, (height - side) / 2];
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      if (!inCircle(x - offX, y - offY, { side, share: radius })) continue;
      for (let c = at; c < at + 3; c++) out[c] = gain * (data[c] - average[c]) + 128;
    }
  }
  return { width, height, data: new Uint8Array(out.buffer) };
}

/** Whether the middle of a pixel lies in a share of the circle that fills a square. */
function inCircle(
  x: number,
  y: number,
  { side, share }: { readonly side: number; readonly share: number },
): boolean {
  const middle = (side - 1) / 2, radius = side / 2 * share;
  return (x - middle) ** 2 + (y - middle) ** 2 <= radius ** 2;
}
