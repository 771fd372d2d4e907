import { resizeMap } from "../images/resize_map.ts";
import type { RawMap } from "./cam.ts";
import { extent } from "./extent.ts";

/**
 * The positive part of a raw map, bilinearly enlarged to the image and scaled from 0 to 1.
 *
 * @returns all 0 when nothing is left above the lowest value
 */
export function scaleMap(
  { raw, grid }: Pick<RawMap, "raw" | "grid">,
  size: { readonly width: number; readonly height: number },
): Float32Array {
  const positive = raw.map((value) => Math.max(value, 0));
  const { map } = resizeMap({ ...grid, map: positive }, { width: size.width, height: size.height });
  const [low, high] = extent(map);
  if (!(high > low)) return new Float32Array(map.length);
  return map.map((value) => (value - low) / (high - low));
}
