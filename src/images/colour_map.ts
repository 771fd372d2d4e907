import { checkOptions } from "../_internal/check_options.ts";

/** Names of the colour maps: perceptually even and readable with every kind of colour vision. */
export type ColourMapName = "inferno" | "magma" | "viridis";

/** Options of {@linkcode colourMap}. */
export interface ColourMapOptions {
  /** Which map. @default {"inferno"} */
  readonly map?: ColourMapName;
  /** Value that gets the first colour. @default {0} */
  readonly min?: number;
  /** Value that gets the last colour. @default {1} */
  readonly max?: number;
}

/**
 * Colours at 0, 1/8 … 1 of the maps of matplotlib (Smith and van der Walt, CC0), as RRGGBB. Straight
 * lines between them stay within a few units of the 256-entry tables.
 */
const ANCHORS: Readonly<Record<ColourMapName, string>> = {
  inferno: "000004 210c4a 57106e 8a226a bc3754 e45a31 f98e09 f9cb35 fcffa4",
  magma: "000004 1d1147 51127c 832681 b73779 e75263 fc8961 fec488 fcfdbf",
  viridis: "440154 472d7b 3b528b 2c728e 21918c 28ae80 5ec962 addc30 fde725",
};

/**
 * Turns numbers into colours. Values outside `min`…`max` get the nearest end, NaN gets mid-grey, so
 * that a broken map is seen rather than taken for a cold one.
 *
 * @returns 3 bytes a value, in the order of the values
 * @throws {RangeError} when the map is unknown or `max` is not above `min`
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { colourMap } from "@qsight/qsight/images";
 * assert.deepEqual([...colourMap(Float32Array.of(1), { map: "viridis" })], [253, 231, 37]);
 * ```
 */
export function colourMap(
  values: ArrayLike<number>,
  options: ColourMapOptions = {},
): Uint8Array {
  checkOptions("colourMap()", options, ["map", "min", "max"]);
  const { map = "inferno", min = 0, max = 1 } = options;
  if (!Object.hasOwn(ANCHORS, map)) {
    throw new RangeError(
      `colourMap(): found map "${map}", wanted ${Object.keys(ANCHORS).join(", ")}. Choose one.`,
    );
  }
  if (!(max > min)) {
    throw new RangeError(`colourMap(): found min ${min} and max ${max}, wanted max above min.`);
  }
  const table = colourTable(map);
  const out = new Uint8Array(values.length * 3);
  for (let i = 0; i < values.length; i++) {
    const part = (values[i] - min) / (max - min);
    if (Number.isNaN(part)) out.fill(128, i * 3, i * 3 + 3);
    else out.set(table[Math.round(Math.min(1, Math.max(0, part)) * 255)], i * 3);
  }
  return out;
}

/** The 256 colours of a map. */
function colourTable(map: ColourMapName): number[][] {
  const anchors = ANCHORS[map].split(" ").map((hex) =>
    [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16))
  );
  return Array.from({ length: 256 }, (_, i) => {
    const position = i / 255 * (anchors.length - 1);
    const first = Math.min(anchors.length - 2, Math.floor(position)), part = position - first;
    return anchors[first].map((low, c) => Math.round(low + (anchors[first + 1][c] - low) * part));
  });
}
