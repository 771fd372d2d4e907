/** Two decoded pictures of one size: `height * width * 4` bytes each, all opaque. */
export interface ImagePair {
  readonly width: number;
  readonly height: number;
  readonly stored: Uint8Array;
  readonly fresh: Uint8Array;
}

/** What a move of an edge by parts of a pixel changes beyond its surroundings, of the contrast. */
const SLACK = 0.2;

/**
 * By how much of 0 to 255 the colour of each pixel is beyond anything that the other picture has in
 * the 3 x 3 pixels around it; 0 where a move by up to a pixel explains the difference. Another font
 * engine places glyphs by such moves. Both are blurred a little first, because a stroke of one pixel
 * looks half as dark when it falls between two. On a flat area nothing is explained away.
 */
export function colourExcess(pair: ImagePair): Uint8Array {
  const { width, height, stored, fresh } = pair;
  const blurred = { stored: blur(stored, width), fresh: blur(fresh, width) };
  const excess = new Uint8Array(width * height);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const p = i * 4;
      const same = stored[p] === fresh[p] && stored[p + 1] === fresh[p + 1] &&
        stored[p + 2] === fresh[p + 2];
      if (!same) excess[i] = excessAt(pair, blurred, { x, y });
    }
  }
  return excess;
}

type Pictures = Pick<ImagePair, "stored" | "fresh">;

function excessAt(
  { width, height, stored, fresh }: ImagePair,
  blurred: Pictures,
  { x, y }: { x: number; y: number },
): number {
  const x0 = x > 0 ? x - 1 : 0, x1 = x < width - 1 ? x + 1 : x;
  const y0 = y > 0 ? y - 1 : 0, y1 = y < height - 1 ? y + 1 : y;
  let excess = 0;
  for (let channel = 0; channel < 3; channel++) {
    let low = 255, high = 0, storedLow = 255, storedHigh = 0, freshLow = 255, freshHigh = 0;
    for (let row = y0; row <= y1; row++) {
      for (let p = (row * width + x0) * 4 + channel, n = x1 - x0; n >= 0; n--, p += 4) {
        low = Math.min(low, stored[p], fresh[p]);
        high = Math.max(high, stored[p], fresh[p]);
        const a = blurred.stored[p], b = blurred.fresh[p];
        if (a < storedLow) storedLow = a;
        if (a > storedHigh) storedHigh = a;
        if (b < freshLow) freshLow = b;
        if (b > freshHigh) freshHigh = b;
      }
    }
    const p = (y * width + x) * 4 + channel;
    const a = blurred.stored[p], b = blurred.fresh[p];
    const beyond = Math.max(freshLow - a, a - freshHigh, storedLow - b, b - storedHigh);
    excess = Math.max(excess, beyond - SLACK * (high - low));
  }
  return Math.ceil(excess);
}

/** Each channel weighted 1 2 1 in both directions; the outermost pixels stand for those outside. */
function blur(pixels: Uint8Array, width: number): Uint8Array {
  const out = new Uint8Array(pixels.length);
  const height = pixels.length / 4 / width;
  for (let y = 0; y < height; y++) {
    const up = y > 0 ? -width * 4 : 0, down = y < height - 1 ? width * 4 : 0;
    for (let x = 0; x < width; x++) {
      const left = x > 0 ? -4 : 0, right = x < width - 1 ? 4 : 0;
      const p = (y * width + x) * 4;
      for (let q = p; q < p + 3; q++) {
        const above = pixels[q + up + left] + 2 * pixels[q + up] + pixels[q + up + right];
        const here = pixels[q + left] + 2 * pixels[q] + pixels[q + right];
        const below = pixels[q + down + left] + 2 * pixels[q + down] + pixels[q + down + right];
        out[q] = (above + 2 * here + below + 8) >> 4;
      }
    }
  }
  return out;
}
