import { checkOptions } from "../../_internal/check_options.ts";
import { decodeImage } from "../../images/decode_image.ts";
import { ImageError } from "../../images/image_error.ts";
import type { RgbImage } from "../../images/rgb_image.ts";
import { imageChange } from "./image_change.ts";
import type { PicturePair } from "./image_moves.ts";
import type { Pixels } from "./image_patch.ts";
import { imageMarks } from "./image_marks.ts";
import { imageSize } from "./image_size.ts";
import type { ImageDifference } from "./output_difference.ts";
import { formatShare } from "./difference_numbers.ts";

/** Options of {@linkcode compareImages}. */
export interface CompareImagesOptions {
  /** Share of the pixels that may differ visibly, 0 to 1. @default {0} */
  readonly tolerance?: number;
}

/** What {@linkcode compareImages} found. */
export interface ImageComparison {
  /** Whether no more than the tolerated share of the pixels differs visibly. */
  readonly equal: boolean;
  /** One line that says what was found. */
  readonly message: string;
  /** Both files, the share, and a picture that marks what differs. */
  readonly image: ImageDifference;
}

/** Above this a decoded pair takes more than a gigabyte. */
const MAX_PIXELS = 64_000_000;

/**
 * Compares two PNG or JPEG files as an eye would. The same figure drawn with another font engine or
 * compressed by another library is equal; another word in the title, another bar or a missing line
 * is not. That holds without a tolerance, because only pixels are counted whose colours can be told
 * apart and whose surroundings cannot be had by moving those of the other picture by up to a pixel.
 * So anti-aliasing and specks do not count; a single letter or digit in small print may not either.
 * Transparent pictures are compared on white, and where they are equal on white, on black too.
 * Linear in the number of pixels; at most 64 megapixels.
 *
 * Equal files are equal without being decoded. A file that cannot be decoded, and another size, are
 * differences of the share 1, not errors.
 *
 * @param stored the bytes of the file that the notebook holds
 * @param fresh the bytes of the file that the cell has put out
 * @throws {TypeError} when one of them is no `Uint8Array`
 * @throws {RangeError} when `tolerance` is not within 0 to 1
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { encodePng } from "@qsight/qsight/images";
 * import { compareImages } from "@qsight/qsight/runner";
 * const grey = (level: number) =>
 *   encodePng({ width: 4, height: 4, data: new Uint8Array(16).fill(level), channels: 1 });
 * assert.equal((await compareImages(grey(100), grey(101))).equal, true);
 * const { equal, message } = await compareImages(grey(100), grey(200));
 * assert.equal(equal, false);
 * assert.match(message, /100 % of the pixels differ visibly/);
 * ```
 */
export async function compareImages(
  stored: Uint8Array,
  fresh: Uint8Array,
  options: CompareImagesOptions = {},
): Promise<ImageComparison> {
  checkOptions("compareImages()", options, ["tolerance"]);
  const { tolerance = 0 } = options;
  checkArguments([stored, fresh], tolerance);
  if (sameBytes(stored, fresh)) {
    return { equal: true, message: "the same file", image: { stored, fresh, share: 0 } };
  }
  const unlike = (message: string): ImageComparison => ({
    equal: false,
    message,
    image: { stored, fresh, share: 1 },
  });
  let share = 0;
  for (const background of ["white", "black"] as const) {
    const pair = await decodePair(stored, fresh, background);
    if (typeof pair === "string") return unlike(pair);
    const change = await imageChange(pair);
    share = Math.max(share, change.count / change.mask.length);
    if (share <= tolerance) continue;
    const where = background === "black" ? " on a dark page" : "";
    return {
      equal: false,
      message: `${formatShare(share)} of the pixels differ visibly${where}, ` +
        `${tolerance === 0 ? "none" : formatShare(tolerance)} may`,
      image: { stored, fresh, share, marked: imageMarks(pair.stored, change) },
    };
  }
  return {
    equal: true,
    message: share === 0
      ? "no visible difference"
      : `${formatShare(share)} of the pixels differ visibly, ${formatShare(tolerance)} may`,
    image: { stored, fresh, share },
  };
}

function checkArguments(files: readonly unknown[], tolerance: number): void {
  for (const file of files) {
    if (file instanceof Uint8Array) continue;
    throw new TypeError(
      `compareImages(): found ${typeof file}, wanted the bytes of two picture files as Uint8Array. ` +
        'Of an output: Buffer.from(data["image/png"], "base64").',
    );
  }
  if (!(tolerance >= 0 && tolerance <= 1)) {
    throw new RangeError(
      `compareImages(): found tolerance ${tolerance}, wanted a share from 0 to 1. ` +
        "Pass e.g. 0.001 for one pixel of a thousand.",
    );
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** Both pictures on a background, or the sentence that says why they cannot be compared. */
async function decodePair(
  stored: Uint8Array,
  fresh: Uint8Array,
  background: "white" | "black",
): Promise<PicturePair | string> {
  const images: RgbImage[] = [];
  for (const [name, bytes] of [["stored", stored], ["fresh", fresh]] as const) {
    const claimed = imageSize(bytes);
    if (claimed !== undefined && claimed.width * claimed.height > MAX_PIXELS) {
      return `the ${name} picture has ${claimed.width} x ${claimed.height} pixels, ` +
        "at most 64 megapixels are compared";
    }
    try {
      images.push(await decodeImage(bytes, { name, maxPixels: MAX_PIXELS, background }));
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      return `the ${name} picture cannot be decoded: ${error.message.replace(/^\w+: /, "")}`;
    }
  }
  const [a, b] = images;
  if (a.width !== b.width || a.height !== b.height) return sizes(a, b);
  return { stored: withAlpha(a), fresh: withAlpha(b) };
}

function sizes(a: RgbImage, b: RgbImage): string {
  const near = Math.abs(a.width - b.width) <= 1 && Math.abs(a.height - b.height) <= 1;
  return `the size differs: stored ${a.width} x ${a.height}, fresh ${b.width} x ${b.height} pixels` +
    (near ? " (one pixel, as by rounding; set the figure's size in whole pixels)" : "");
}

function withAlpha({ width, height, data }: RgbImage): Pixels {
  const out = new Uint8Array(data.length / 3 * 4).fill(255);
  for (let from = 0, to = 0; from < data.length; from += 3, to += 4) {
    out[to] = data[from];
    out[to + 1] = data[from + 1];
    out[to + 2] = data[from + 2];
  }
  return { width, height, data: out };
}
