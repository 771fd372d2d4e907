import { resizeMap } from "../images/resize_map.ts";
import type { RawMap } from "./cam.ts";
import { extent } from "./extent.ts";

/**
 * The positive part of a raw map, bilinearly enlarged to the image and scaled from 0 to 1.
 *
 * @returns all 0 when nothing is left above the lowest value; `peak` is the value shown as 1
 */
export function scaleMap(
  { raw, grid }: Pick<RawMap, "raw" | "grid">,
  size: { readonly width: number; readonly height: number },
): { readonly map: Float32Array; readonly peak: number } {
  const positive = raw.map((value) => Math.max(value, 0));
  const { map } = resizeMap({ ...grid, map: positive }, { width: size.width, height: size.height });
  const [low, high] = extent(map);
  if (!(high > low)) return { map: new Float32Array(map.length), peak: 0 };
  // In place and without a callback: this runs over every pixel of every image.
  for (let i = 0; i < map.length; i++) map[i] = (map[i] - low) / (high - low);
  return { map, peak: high };
}
