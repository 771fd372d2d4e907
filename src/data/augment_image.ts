import { checkOptions } from "../_internal/check_options.ts";
import { SeededRandom } from "../_internal/seeded_random.ts";
import { gaussianBlur } from "./gaussian_blur.ts";
import { checkRgbImage, type RgbImage } from "../images/rgb_image.ts";

/** How far images are changed; every range is around no change. */
export interface AugmentOptions {
  /** Largest rotation in degrees, either way. @default {180} */
  readonly rotation?: number;
  /** Probability of a left-right flip. @default {0.5} */
  readonly flip?: number;
  /** Largest change of size as a share. @default {0.1} */
  readonly scale?: number;
  /** Largest shift as a share of the side. @default {0.05} */
  readonly shift?: number;
  /** Largest change of brightness as a share. @default {0.15} */
  readonly brightness?: number;
  /** Largest change of contrast around the image's mean grey, as a share. @default {0.15} */
  readonly contrast?: number;
  /** Largest change of saturation as a share. @default {0.15} */
  readonly saturation?: number;
  /** Probability of an upside-down flip. @default {0} */
  readonly verticalFlip?: number;
  /** Largest shear along the rows in degrees, either way. @default {0} */
  readonly shear?: number;
  /**
   * Least share of the area that a random crop keeps, 1 for none; it is brought back to full size. Its
   * sides are as 3:4 to 4:3. @default {1}
   */
  readonly crop?: number;
  /** Largest standard deviation of a Gaussian blur in pixels. @default {0} */
  readonly blur?: number;
}

/** Which draw: the same three numbers give the same change. */
export interface AugmentKey {
  /** Seed of the run. */
  readonly seed: number;
  /** Epoch, from 0. */
  readonly epoch: number;
  /** Position of the image in its set. */
  readonly sample: number;
}

const DEFAULTS: Required<AugmentOptions> = {
  rotation: 180,
  flip: 0.5,
  scale: 0.1,
  shift: 0.05,
  brightness: 0.15,
  contrast: 0.15,
  saturation: 0.15,
  verticalFlip: 0,
  shear: 0,
  crop: 1,
  blur: 0,
};

/** Ranges above these are mistakes, e.g. a shift in pixels. */
const LIMITS: Required<AugmentOptions> = {
  rotation: 180,
  flip: 1,
  scale: 0.9,
  shift: 1,
  brightness: 1,
  contrast: 1,
  saturation: 1,
  verticalFlip: 1,
  shear: 60,
  crop: 1,
  blur: 20,
};

/**
 * Crops, rotates, flips, shears, scales and shifts an image in one bilinear pass with black outside,
 * blurs it, then changes brightness, contrast and saturation. Deterministic in (seed, epoch, sample).
 *
 * @returns `height * width * 3` numbers in [0, 1]
 * @throws {RangeError} when a range is below 0 or too large
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { augmentImage } from "@qsight/qsight/data";
 * const image = { width: 2, height: 2, data: new Uint8Array(12).fill(51) };
 * const none = { rotation: 0, flip: 0, scale: 0, shift: 0, brightness: 0, contrast: 0, saturation: 0 };
 * const same = augmentImage(image, { seed: 1, epoch: 0, sample: 0, ...none });
 * assert.ok(same.every((value) => Math.abs(value - 0.2) < 1e-6));
 * ```
 */
export function augmentImage(image: RgbImage, options: AugmentKey & AugmentOptions): Float32Array {
  checkRgbImage("augmentImage()", image);
  const { seed, epoch, sample, ...ranges } = options;
  const out = new Float32Array(image.data.length);
  augmentInto(out, image, { ...checkAugment(ranges), seed, epoch, sample });
  return out;
}

/** Complete and checked ranges. */
export function checkAugment(options: AugmentOptions = {}): Required<AugmentOptions> {
  const names = Object.keys(DEFAULTS) as (keyof AugmentOptions)[];
  checkOptions("augmentImage()", options, names);
  const ranges = { ...DEFAULTS, ...options };
  for (const name of names) {
    if (!(ranges[name] >= 0 && ranges[name] <= LIMITS[name])) {
      throw new RangeError(
        `augmentImage(): found ${name} ${ranges[name]}, wanted 0 to ${LIMITS[name]}. ` +
          `Pass e.g. ${DEFAULTS[name]}, or 0 for none.`,
      );
    }
  }
  return ranges;
}

/** {@linkcode augmentImage} into a slice of a batch; the options are complete and checked. */
export function augmentInto(
  out: Float32Array,
  image: RgbImage,
  options: AugmentKey & Required<AugmentOptions>,
): void {
  const { seed, epoch, sample } = options;
  const random = new SeededRandom(`augment/${seed}/${epoch}/${sample}`);
  const around = (range: number) => random.uniform(-range, range);
  const turn = around(options.rotation) * Math.PI / 180, size = 1 + around(options.scale);
  const mirror = random.next() < options.flip ? -1 : 1;
  const shiftX = around(options.shift) * image.width, shiftY = around(options.shift) * image.height;
  const cos = Math.cos(turn) / size, sin = Math.sin(turn) / size;
  const colours = {
    brightness: 1 + around(options.brightness),
    contrast: 1 + around(options.contrast),
    saturation: 1 + around(options.saturation),
  };
  // Drawn last, so that the changes above stay what they were without these.
  const upside = random.next() < options.verticalFlip ? -1 : 1;
  const shear = Math.tan(around(options.shear) * Math.PI / 180);
  const window = drawCrop(random, options.crop), sigma = random.uniform(0, options.blur);
  warp(out, image, {
    rows: [
      [mirror * cos, mirror * (sin + shear * cos)],
      [-upside * sin, upside * (cos - shear * sin)],
    ],
    shift: [shiftX, shiftY],
    window,
  });
  if (sigma > 0) gaussianBlur(out, image, sigma);
  changeColours(out, colours);
}

/** Part of an image: its middle as a share from the image's own, and its sides as shares. */
interface CropWindow {
  readonly middle: readonly [x: number, y: number];
  readonly sides: readonly [width: number, height: number];
}

/** As torchvision's RandomResizedCrop: a share of the area, sides as 3:4 to 4:3 evenly in the logarithm. */
function drawCrop(random: SeededRandom, least: number): CropWindow {
  const area = random.uniform(least, 1), [at, below] = [random.next(), random.next()];
  const ratio = (4 / 3) ** random.uniform(-1, 1);
  // A crop that keeps all has no other sides than the image.
  const wide = least === 1 ? 1 : Math.min(1, Math.sqrt(area * ratio));
  const tall = least === 1 ? 1 : Math.min(1, Math.sqrt(area / ratio));
  return { middle: [(1 - wide) * (at - 0.5), (1 - tall) * (below - 0.5)], sides: [wide, tall] };
}

/** Fetches each new pixel from where the matrix says, inside the window, bilinearly, black outside; result in [0, 1]. */
function warp(
  out: Float32Array,
  { width, height, data }: RgbImage,
  { rows: [[xx, xy], [yx, yy]], shift: [shiftX, shiftY], window }: {
    readonly rows: readonly (readonly [number, number])[];
    readonly shift: readonly [x: number, y: number];
    readonly window: CropWindow;
  },
): void {
  const { middle: [partX, partY], sides: [wide, tall] } = window;
  const midX = (width - 1) / 2, midY = (height - 1) / 2;
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to += 3) {
      const dx = x - midX - shiftX, dy = y - midY - shiftY;
      const u = wide * (xx * dx + xy * dy) + midX + partX * (width - 1);
      const v = tall * (yx * dx + yy * dy) + midY + partY * (height - 1);
      const left = Math.floor(u), top = Math.floor(v), s = u - left, t = v - top;
      let r = 0, g = 0, b = 0;
      for (let corner = 0; corner < 4; corner++) {
        const column = left + (corner & 1), row = top + (corner >> 1);
        if (column < 0 || row < 0 || column >= width || row >= height) continue;
        const weight = (corner & 1 ? s : 1 - s) * (corner >> 1 ? t : 1 - t) / 255;
        const from = (row * width + column) * 3;
        r += data[from] * weight;
        g += data[from + 1] * weight;
        b += data[from + 2] * weight;
      }
      out[to] = r;
      out[to + 1] = g;
      out[to + 2] = b;
    }
  }
}

/** Brightness scales, contrast moves from the mean grey, saturation from each pixel's own grey. */
function changeColours(
  pixels: Float32Array,
  change: { brightness: number; contrast: number; saturation: number },
): void {
  const { brightness, contrast, saturation } = change;
  let total = 0;
  for (let i = 0; i < pixels.length; i += 3) total += grey(pixels, i);
  const base = total / (pixels.length / 3) * brightness * (1 - contrast);
  const gain = brightness * contrast;
  for (let i = 0; i < pixels.length; i += 3) {
    const own = grey(pixels, i) * (1 - saturation);
    for (let c = i; c < i + 3; c++) {
      const value = base + gain * (own + saturation * pixels[c]);
      pixels[c] = value < 0 ? 0 : value > 1 ? 1 : value;
    }
  }
}

/** Luma of ITU-R BT.601. */
function grey(pixels: Float32Array, at: number): number {
  return 0.299 * pixels[at] + 0.587 * pixels[at + 1] + 0.114 * pixels[at + 2];
}
