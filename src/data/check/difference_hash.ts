import type { ImageSet } from "../image_set.ts";

/** Rows of fields, and differences in a row: 256 bits an image. */
const SIDE = 16, COLUMNS = SIDE + 1;

/**
 * Two grey levels of 255, in thousandths: what compression makes of the black around a fundus is below
 * it, and would otherwise be most of the hash.
 */
const STEP = 2000;

/** 32-bit words of a hash, 8; its bits, 256. */
export const HASH_WORDS = SIDE * SIDE / 32, HASH_BITS = SIDE * SIDE;

/** Fields an image is averaged down to: 17 columns of 16. */
export const FIELDS = COLUMNS * SIDE;

/** What images are compared by. */
export interface ImageSketches {
  /** `count * 8` words: perceptual difference hashes. */
  readonly hashes: Uint32Array;
  /**
   * `count * 272` grey fields with mean 0 and length 1, so that the product of two images is their
   * correlation; all 0 for an image of one grey.
   */
  readonly fields: Float32Array;
}

/**
 * Perceptual difference hashes (dHash; N. Krawetz, 2013) of all images: the grey image is averaged
 * down to 17 x 16 fields, and each bit says whether a field is brighter than its left neighbour, here by
 * more than two grey levels. Compression, another size and changes of brightness or contrast leave most
 * bits alone; a mirrored or turned copy has another hash.
 */
export function sketchImages({ images, count, height, width }: ImageSet): ImageSketches {
  const hashes = new Uint32Array(count * HASH_WORDS), fields = new Float32Array(count * FIELDS);
  const columns = fieldShares(width, COLUMNS), rows = fieldShares(height, SIDE);
  const across = new Float64Array(height * COLUMNS), sums = new Float64Array(FIELDS);
  for (let n = 0; n < count; n++) {
    const start = n * height * width * 3;
    across.fill(0);
    for (let y = 0; y < height; y++) {
      for (const [x, column, share] of columns) {
        const at = start + (y * width + x) * 3;
        const grey = 299 * images[at] + 587 * images[at + 1] + 114 * images[at + 2];
        across[y * COLUMNS + column] += grey * share;
      }
    }
    sums.fill(0);
    for (const [y, row, share] of rows) {
      for (let column = 0; column < COLUMNS; column++) {
        sums[row * COLUMNS + column] += across[y * COLUMNS + column] * share;
      }
    }
    for (let bit = 0; bit < HASH_BITS; bit++) {
      const left = (bit >> 4) * COLUMNS + (bit & 15);
      const brighter = sums[left + 1] - sums[left] > STEP;
      if (brighter) hashes[n * HASH_WORDS + (bit >> 5)] |= 1 << (bit & 31);
    }
    normalize(sums, fields.subarray(n * FIELDS, (n + 1) * FIELDS));
  }
  return { hashes, fields };
}

/** Pixel, field, and the share of the field that the pixel covers. */
function fieldShares(pixels: number, count: number): [number, number, number][] {
  const out: [number, number, number][] = [], size = pixels / count;
  for (let field = 0; field < count; field++) {
    const from = field * size, to = from + size;
    for (let pixel = Math.floor(from); pixel < Math.min(pixels, to); pixel++) {
      const share = (Math.min(pixel + 1, to) - Math.max(pixel, from)) / size;
      if (share > 1e-9) out.push([pixel, field, share]);
    }
  }
  return out;
}

function normalize(sums: Float64Array, out: Float32Array): void {
  const mean = sums.reduce((a, b) => a + b, 0) / sums.length;
  const length = Math.sqrt(sums.reduce((sum, value) => sum + (value - mean) ** 2, 0));
  // Below one grey level of 1000 a field, what is left is rounding.
  if (length > 1000) sums.forEach((value, i) => out[i] = (value - mean) / length);
}
