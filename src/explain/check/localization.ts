import { checkOptions } from "../../_internal/check_options.ts";
import type { ValueMap } from "../../images/resize_map.ts";

/** Options of {@linkcode pointingGame}. */
export interface PointingOptions {
  /** How far beside the mask still counts, pixels; the first authors take 15. @default {0} */
  readonly tolerance?: number;
}

/** Whether the highest point of a map lies in a mask. */
export interface PointingResult {
  /** Whether it does. */
  readonly hit: boolean;
  /** Row of the highest point; of several the first. */
  readonly row: number;
  /** Its column. */
  readonly column: number;
  /** Share of pixels that would have been a hit: the rate of a blind guess. */
  readonly chance: number;
}

/**
 * The pointing game (Zhang et al., 2016, arXiv:1608.00507): does the highest point of the map lie in
 * the object?
 *
 * @param map a map with its size
 * @param mask not 0 where the object is, `height * width`
 * @returns null for an empty mask: there is nothing to point at
 * @throws {RangeError} for a mask of another size, or a tolerance below 0
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { pointingGame } from "@qsight/qsight/explain";
 * const map = { width: 4, height: 1, map: Float32Array.of(0, 0.2, 1, 0) };
 * const found = pointingGame(map, Uint8Array.of(0, 1, 1, 0));
 * assert.deepEqual(found, { hit: true, row: 0, column: 2, chance: 0.5 });
 * ```
 */
export function pointingGame(
  map: ValueMap,
  mask: ArrayLike<number>,
  options: PointingOptions = {},
): PointingResult | null {
  checkOptions("pointingGame()", options, ["tolerance"]);
  const { tolerance = 0 } = options;
  checkMask("pointingGame()", map, mask);
  if (!(tolerance >= 0 && Number.isFinite(tolerance))) {
    throw new RangeError(
      `pointingGame(): found tolerance ${tolerance}, wanted pixels from 0, e.g. 15`,
    );
  }
  const targets = withinReach(map, mask, tolerance);
  const area = targets.reduce((sum, x) => sum + x, 0);
  if (area === 0) return null;
  let top = 0;
  map.map.forEach((value, i) => {
    if (value > map.map[top]) top = i;
  });
  return {
    hit: targets[top] === 1,
    row: Math.floor(top / map.width),
    column: top % map.width,
    chance: area / targets.length,
  };
}

/** 1 for each pixel of the mask, and for those at most `tolerance` away from one. */
function withinReach(
  { width, height }: ValueMap,
  mask: ArrayLike<number>,
  tolerance: number,
): Uint8Array {
  const reached = Uint8Array.from(mask, (value) => value === 0 ? 0 : 1);
  const reach = Math.floor(tolerance);
  if (reach === 0) return reached;
  const rows = Array.from({ length: 2 * reach + 1 }, (_, i) => {
    const dy = i - reach;
    return { dy, dx: Math.floor(Math.sqrt(tolerance * tolerance - dy * dy)) };
  });
  for (let i = 0; i < mask.length; i++) {
    if (mask[i] === 0) continue;
    const y = Math.floor(i / width), x = i % width;
    for (const { dy, dx } of rows) {
      if (y + dy < 0 || y + dy >= height) continue;
      const start = (y + dy) * width;
      reached.fill(1, start + Math.max(0, x - dx), start + Math.min(width, x + dx + 1));
    }
  }
  return reached;
}

/** How much of a map lies in a mask. */
export interface EnergyResult {
  /** Share of the positive map inside the mask, from 0 to 1. */
  readonly share: number;
  /** Area share of the mask: what a map that is the same everywhere has. */
  readonly chance: number;
}

/**
 * Energy in the mask (the "energy-based pointing game" of Wang et al., "Score-CAM", 2020,
 * arXiv:1910.01279): the share of the positive map that lies inside.
 *
 * @param map a map with its size
 * @param mask not 0 where the object is, `height * width`
 * @returns null for an empty mask, and for a map that is nowhere above 0
 * @throws {RangeError} for a mask of another size
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { energyInMask } from "@qsight/qsight/explain";
 * const map = { width: 4, height: 1, map: Float32Array.of(0, 0.25, 0.75, 0) };
 * assert.deepEqual(energyInMask(map, Uint8Array.of(0, 0, 1, 0)), { share: 0.75, chance: 0.25 });
 * ```
 */
export function energyInMask(map: ValueMap, mask: ArrayLike<number>): EnergyResult | null {
  checkMask("energyInMask()", map, mask);
  let area = 0, inside = 0, all = 0;
  for (let i = 0; i < mask.length; i++) {
    const energy = Math.max(0, map.map[i]);
    all += energy;
    if (mask[i] === 0) continue;
    area++;
    inside += energy;
  }
  if (area === 0 || all === 0) return null;
  return { share: inside / all, chance: area / mask.length };
}

function checkMask(where: string, { width, height, map }: ValueMap, mask: ArrayLike<number>): void {
  if (mask.length === width * height && map.length === mask.length) return;
  throw new RangeError(
    `${where}: found a mask of ${mask.length} and a map of ${map.length} numbers for ` +
      `${height} x ${width} pixels, wanted one each. Resize the mask to the image that is explained`,
  );
}
