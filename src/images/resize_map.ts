import { checkOptions } from "../_internal/check_options.ts";

/** A grid of numbers, e.g. a class activation map. */
export interface ValueMap {
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** `height * width` numbers, row by row. */
  readonly map: Float32Array;
}

/** Options of {@linkcode resizeMap}. */
export interface ResizeMapOptions {
  /** New number of columns. */
  readonly width: number;
  /** New number of rows. */
  readonly height: number;
}

/**
 * Resizes a grid of numbers bilinearly, pixel centres at half integers (`align_corners = false`).
 *
 * @throws {RangeError} when a size is no positive integer or the length does not fit it
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { resizeMap } from "@qsight/qsight/images";
 * const small = { width: 2, height: 1, map: Float32Array.of(0, 1) };
 * assert.deepEqual([...resizeMap(small, { width: 4, height: 1 }).map], [0, 0.25, 0.75, 1]);
 * ```
 */
export function resizeMap(source: ValueMap, options: ResizeMapOptions): ValueMap {
  checkOptions("resizeMap()", options, ["width", "height"]);
  const { width, height } = options;
  checkGrid("resizeMap()", source);
  const columns = taps(source.width, width), rows = taps(source.height, height);
  const map = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const top = rows.from[y] * source.width, bottom = rows.to[y] * source.width, v = rows.part[y];
    for (let x = 0; x < width; x++) {
      const left = columns.from[x], right = columns.to[x], u = columns.part[x];
      const above = source.map[top + left] * (1 - u) + source.map[top + right] * u;
      const below = source.map[bottom + left] * (1 - u) + source.map[bottom + right] * u;
      map[y * width + x] = above * (1 - v) + below * v;
    }
  }
  return { width, height, map };
}

/** For every new position along one side: the two old ones beside it and the part of the second. */
function taps(from: number, to: number) {
  if (!Number.isInteger(to) || to < 1) {
    throw new RangeError(
      `resizeMap(): found a new side of ${to}, wanted a positive integer. Pass { width, height }.`,
    );
  }
  const position = Array.from({ length: to }, (_, i) => {
    const exact = (i + 0.5) * from / to - 0.5;
    return Math.min(from - 1, Math.max(0, exact));
  });
  const first = position.map((p) => Math.floor(p));
  return {
    from: first,
    to: first.map((p) => Math.min(from - 1, p + 1)),
    part: position.map((p, i) => p - first[i]),
  };
}

/** Throws when the length of a grid does not fit its size. */
function checkGrid(where: string, { width, height, map }: ValueMap): void {
  const sides = [width, height].every((side) => Number.isInteger(side) && side > 0);
  if (!sides || map?.length !== width * height) {
    throw new RangeError(
      `${where}: found ${map?.length} numbers for a map of ${width} x ${height}, wanted ` +
        "height * width of them. Pass { width, height, map }.",
    );
  }
}
