import { Buffer } from "node:buffer";
import { decodePng } from "../images/decode_png.ts";
import { encodePng } from "../images/encode_png.ts";
import type { RgbImage } from "../images/rgb_image.ts";

/** Heat in 0…1 of a picture. */
export interface HeatMap {
  readonly width: number;
  readonly height: number;
  /** `height * width`, row by row. */
  readonly map: Float32Array;
}

/** An image as text for JSON: a PNG file in base64, as the SVG has it. */
export function imageText({ width, height, data }: RgbImage): string {
  return base64(encodePng({ width, height, data, channels: 3 }));
}

/** @throws {ImageError} when the text is no PNG of three channels */
export function imageFromText(text: string): RgbImage {
  const { width, height, data, channels } = decodePng(Buffer.from(text, "base64"), "saved image");
  if (channels === 3) return { width, height, data };
  throw new TypeError(`saved image: found ${channels} channels, wanted 3. Draw the figure anew`);
}

/** Heat as text for JSON: a grey PNG file of 256 levels in base64. */
export function heatText({ width, height, map }: HeatMap): string {
  return base64(encodePng({ width, height, data: levelsOf(map), channels: 1 }));
}

/** @throws {ImageError} when the text is no PNG of one channel */
export function heatFromText(text: string): HeatMap {
  const { width, height, data, channels } = decodePng(Buffer.from(text, "base64"), "saved map");
  if (channels === 1) return { width, height, map: heatOf(data) };
  throw new TypeError(`saved map: found ${channels} channels, wanted 1. Draw the figure anew`);
}

/** Heat in the 256 levels that it is saved in, so that what is drawn first is what is drawn again. */
export function inLevels(map: Float32Array): Float32Array {
  return heatOf(levelsOf(map));
}

const levelsOf = (map: Float32Array) =>
  Uint8Array.from(map, (value) => Math.round(Math.min(1, Math.max(0, value)) * 255));

const heatOf = (levels: Uint8Array) => Float32Array.from(levels, (level) => level / 255);

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
