import { encode } from "fast-png";
import { checkOptions } from "../_internal/check_options.ts";

/** Pixels to be written as PNG. */
export interface PngPixels {
  /** Pixels in a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** `height * width * channels` bytes, row by row from the top. */
  readonly data: Uint8Array;
  /** 1 grey, 3 RGB, 4 RGB and alpha. */
  readonly channels: 1 | 3 | 4;
  /** Notes in the file (tEXt chunks), by keyword, e.g. `{ Comment: "synthetic" }`. @default none */
  readonly text?: Readonly<Record<string, string>>;
}

/**
 * Encodes an 8-bit PNG file. Pure JavaScript: the same pixels give the same bytes on every machine.
 *
 * @throws {TypeError} on an unknown field
 * @throws {RangeError} when the number of bytes does not fit the size
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { encodePng } from "@qsight/qsight/images";
 * const png = encodePng({ width: 1, height: 1, data: Uint8Array.of(255), channels: 1 });
 * assert.deepEqual([...png.subarray(1, 4)], [80, 78, 71]); // "PNG"
 * ```
 */
export function encodePng(pixels: PngPixels): Uint8Array {
  checkOptions("encodePng()", pixels, ["width", "height", "data", "channels", "text"]);
  const { width, height, data, channels, text } = pixels;
  const wanted = width * height * channels;
  const valid = Number.isInteger(wanted) && wanted > 0 && [1, 3, 4].includes(channels);
  if (!valid || data?.length !== wanted) {
    throw new RangeError(
      `encodePng(): found ${data?.length} bytes for ${width} x ${height} pixels of ${channels} ` +
        `channels, wanted ${valid ? wanted : "a positive size and 1, 3 or 4 channels"}. ` +
        "Pass data with height * width * channels bytes.",
    );
  }
  const notes = text === undefined ? {} : { text: { ...text } };
  return encode({ width, height, data, channels, depth: 8, ...notes });
}
