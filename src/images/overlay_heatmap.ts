import { checkOptions } from "../_internal/check_options.ts";
import { colourMap, type ColourMapName } from "./colour_map.ts";
import { resizeMap, type ValueMap } from "./resize_map.ts";
import { checkRgbImage, type RgbImage } from "./rgb_image.ts";

/** Options of {@linkcode overlayHeatmap}. */
export interface OverlayHeatmapOptions {
  /** Share of the heat colour, 0 to 1. @default {0.45} */
  readonly alpha?: number;
  /** Colour map. @default {"inferno"} */
  readonly map?: ColourMapName;
}

/**
 * Lays a heat map over an image: the map is resized bilinearly to the image, coloured and mixed in.
 *
 * @param heat values in [0, 1]; with "blue_orange" in [-1, 1]
 * @throws {TypeError} when `image` is no `RgbImage`
 * @throws {RangeError} when the map's length does not fit its size or alpha is outside 0…1
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { overlayHeatmap } from "@qsight/qsight/images";
 * const image = { width: 1, height: 1, data: Uint8Array.of(100, 100, 100) };
 * const heat = { width: 1, height: 1, map: Float32Array.of(1) };
 * assert.deepEqual(overlayHeatmap(image, heat, { alpha: 0 }), image);
 * ```
 */
export function overlayHeatmap(
  image: RgbImage,
  heat: ValueMap,
  options: OverlayHeatmapOptions = {},
): RgbImage {
  checkOptions("overlayHeatmap()", options, ["alpha", "map"]);
  checkRgbImage("overlayHeatmap()", image);
  const { alpha = 0.45, map = "inferno" } = options;
  if (!(alpha >= 0 && alpha <= 1)) {
    throw new RangeError(
      `overlayHeatmap(): found alpha ${alpha}, wanted 0 to 1. Pass 0.45 for a light overlay.`,
    );
  }
  const { width, height } = image;
  const colours = colourMap(resizeMap(heat, { width, height }).map, { map });
  const data = image.data.map((value, i) => Math.round(value * (1 - alpha) + colours[i] * alpha));
  return { width, height, data };
}
