import { checkOptions } from "../_internal/check_options.ts";

/**
 * Names of the colour maps, all readable with every kind of colour vision. The lightness of
 * "inferno", "magma", "viridis" and "cividis" rises evenly; cividis looks nearly the same with and
 * without red-green blindness (Nuñez, Anderton and Renslow 2018, doi 10.1371/journal.pone.0199239).
 * "blue_orange" is for signed values: blue below 0, near white at 0, orange above.
 */
export type ColourMapName = "inferno" | "magma" | "viridis" | "cividis" | "blue_orange";

/** Options of {@linkcode colourMap}. */
export interface ColourMapOptions {
  /** Which map. @default {"inferno"} */
  readonly map?: ColourMapName;
  /** Value that gets the first colour. @default 0, and -1 for "blue_orange" */
  readonly min?: number;
  /** Value that gets the last colour. @default {1} */
  readonly max?: number;
}

/**
 * Colours at even steps, as RRGGBB, of maps of matplotlib (Smith and van der Walt, CC0; cividis:
 * Nuñez, Anderton and Renslow, CC0). Straight lines between them stay within 18 of 255 in every
 * channel of the 256-entry tables. The ends of "blue_orange" are as dark as each other, so that
 * neither sign looks stronger; blue and orange stay apart in every kind of colour vision.
 */
const ANCHORS: Readonly<Record<ColourMapName, string>> = {
  inferno: "000004 210c4a 57106e 8a226a bc3754 e45a31 f98e09 f9cb35 fcffa4",
  magma: "000004 1d1147 51127c 832681 b73779 e75263 fc8961 fec488 fcfdbf",
  viridis: "440154 472d7b 3b528b 2c728e 21918c 28ae80 5ec962 addc30 fde725",
  cividis: "00224e 002e6a 1a386f 32436d 434e6c 52596d 61656f 6f7073 7c7b78 8b8778 9b9376 aba072 " +
    "bbad6c ccba64 ddc958 efd748 fee838",
  blue_orange: "0c4a94 2c7fc1 6fb1d9 bfdbee f7f7f7 fdcf9f f5923e c25c06 7f2f00",
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
  const { map = "inferno", max = 1 } = options;
  const { min = map === "blue_orange" ? -1 : 0 } = options;
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
    const at = Number.isNaN(part) ? GREY : Math.round(Math.min(1, Math.max(0, part)) * 255) * 3;
    for (let c = 0; c < 3; c++) out[i * 3 + c] = table[at + c];
  }
  return out;
}

/** Where the grey of NaN stands in the table, behind the colours. */
const GREY = 256 * 3;

/** The 256 colours of a map and the grey of NaN, 3 bytes each. */
function colourTable(map: ColourMapName): Uint8Array {
  const anchors = ANCHORS[map].split(" ").map((hex) =>
    [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16))
  );
  const table = new Uint8Array(GREY + 3).fill(128);
  for (let i = 0; i < 256; i++) {
    const position = i / 255 * (anchors.length - 1);
    const first = Math.min(anchors.length - 2, Math.floor(position)), part = position - first;
    anchors[first].forEach((low, c) => {
      table[i * 3 + c] = Math.round(low + (anchors[first + 1][c] - low) * part);
    });
  }
  return table;
}
