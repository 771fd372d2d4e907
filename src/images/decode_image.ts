import { checkOptions } from "../_internal/check_options.ts";
import { loadPackage } from "../_internal/load_package.ts";
import { ImageError } from "./image_error.ts";
import type { RgbImage } from "./rgb_image.ts";
import { toRgbBytes } from "./to_rgb_bytes.ts";

/** Options of {@linkcode decodeImage}. */
export interface DecodeImageOptions {
  /** How errors call the image, usually its path. @default {"image"} */
  readonly name?: string;
  /**
   * Largest number of pixels that is decoded; a larger claim in the header is refused before
   * anything is allocated. @default {67108864}, 8192 x 8192
   */
  readonly maxPixels?: number;
  /** What shows through where the image is transparent. @default {"black"} */
  readonly background?: "black" | "white";
}

/** Formats that are read, as sharp names them. */
const FORMATS = ["png", "jpeg", "webp", "tiff"];

/**
 * Decodes a PNG, JPEG, WebP or TIFF file to 8-bit RGB. An EXIF orientation is applied, transparency
 * is flattened on black, or on white if asked, grey and 16-bit images become 8-bit RGB; of several
 * pages the first.
 *
 * @param bytes the whole file
 * @throws {RangeError} on another `background`
 * @throws {ImageError} when the bytes are no such image, are cut short, or claim too many pixels
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { decodeImage, encodePng } from "@qsight/qsight/images";
 * const png = encodePng({ width: 1, height: 1, data: Uint8Array.of(9, 8, 7), channels: 3 });
 * assert.deepEqual([...(await decodeImage(png)).data], [9, 8, 7]);
 * ```
 */
export async function decodeImage(
  bytes: Uint8Array,
  options: DecodeImageOptions = {},
): Promise<RgbImage> {
  checkOptions("decodeImage()", options, ["name", "maxPixels", "background"]);
  const { name = "image", maxPixels = 8192 * 8192, background = "black" } = options;
  if (background !== "black" && background !== "white") {
    throw new RangeError(
      `decodeImage(): found background "${background}", wanted "black" or "white". Choose one.`,
    );
  }
  if (!(bytes instanceof Uint8Array)) {
    throw new TypeError(
      `decodeImage(): found ${typeof bytes}, wanted the bytes of a file as Uint8Array. ` +
        "Read it first: decodeImage(await readFile(path), { name: path }).",
    );
  }
  const { default: sharp } = await loadPackage("sharp", () => import("sharp"));
  try {
    if (bytes.length === 0) throw new Error("no bytes");
    const source = sharp(bytes, { limitInputPixels: maxPixels, failOn: "truncated" });
    const { format } = await source.metadata();
    if (!FORMATS.includes(format)) throw new Error(`the format ${format} is not read`);
    const { data, info } = await source.autoOrient().flatten({ background })
      .toColourspace("srgb").raw({ depth: "uchar" }).toBuffer({ resolveWithObject: true });
    // sharp keeps some grey images at one channel.
    const pixels = toRgbBytes(new Uint8Array(data), { channels: info.channels });
    return { width: info.width, height: info.height, data: pixels };
  } catch (cause) {
    throw unreadable(bytes, { name, cause, maxPixels });
  }
}

function unreadable(
  bytes: Uint8Array,
  { name, cause, maxPixels }: { name: string; cause: unknown; maxPixels: number },
): ImageError {
  const reason = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
  const tooLarge = /pixel limit/i.test(reason);
  const found = bytes.length === 0
    ? "an empty file"
    : `${bytes.length} bytes starting with ${firstBytes(bytes)} (${reason})`;
  const wanted = tooLarge
    ? `wanted at most ${maxPixels} pixels. Make the image smaller or raise maxPixels.`
    : "wanted a whole png, jpg, webp or tiff image. Copy the file again or take it out.";
  return new ImageError(`${name}: found ${found}, ${wanted}`, { file: name, cause });
}

function firstBytes(bytes: Uint8Array): string {
  return Array.from(bytes.subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}
