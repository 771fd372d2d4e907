import { colourExcess, type ImagePair } from "./image_excess.ts";

/** Which pixels differ visibly (1, else 0), and how many they are. */
export interface ImageChange {
  readonly mask: Uint8Array;
  readonly count: number;
}

/** Distance of two colours (OKLab, black to white is 1) from which they are told apart. */
const THRESHOLD = 0.05;
/** A window of 9 x 9 pixels with less excess than this holds a speck, not a change of content. */
const SPECK = 84;
const REACH = 4;

/**
 * The pixels that differ visibly: their colours can be told apart, it is no anti-aliasing, no move
 * by up to a pixel explains it, and it is more than a speck. Linear in the number of pixels.
 *
 * The numbers are measured: on figures of matplotlib and Plot, drawn again with another way of
 * hinting, another renderer, text moved by parts of a pixel or set in 0.05 px more, no window has
 * more excess than 48; with another word, digit, bar, dot or line, some window has 145 or more.
 */
export async function imageChange(pair: ImagePair): Promise<ImageChange> {
  const { width, height, stored, fresh } = pair;
  const excess = colourExcess(pair);
  const { default: pixelmatch } = await import("pixelmatch");
  const drawn = new Uint8Array(stored.length);
  pixelmatch(stored, fresh, drawn, width, height, {
    threshold: THRESHOLD,
    ignoreMask: excess.map((value) => value === 0 ? 1 : 0),
    diffMask: true,
  });
  for (let i = 0; i < excess.length; i++) if (drawn[i * 4 + 3] === 0) excess[i] = 0;
  return withoutSpecks(excess, { width, height });
}

/** Sums over 9 of a row, then of these over 9 of a column: two passes, however much differs. */
function withoutSpecks(
  excess: Uint8Array,
  { width, height }: { width: number; height: number },
): ImageChange {
  const rows = new Uint16Array(excess.length);
  for (let y = 0; y < height; y++) {
    const start = y * width;
    let sum = 0;
    for (let x = -REACH; x < width; x++) {
      if (x + REACH < width) sum += excess[start + x + REACH];
      if (x - REACH > 0) sum -= excess[start + x - REACH - 1];
      if (x >= 0) rows[start + x] = sum;
    }
  }
  const mask = new Uint8Array(excess.length);
  const sums = new Uint32Array(width);
  let count = 0;
  for (let y = -REACH; y < height; y++) {
    const enters = (y + REACH) * width, leaves = (y - REACH - 1) * width;
    for (let x = 0; x < width; x++) {
      if (y + REACH < height) sums[x] += rows[enters + x];
      if (leaves >= 0) sums[x] -= rows[leaves + x];
      if (y < 0 || excess[y * width + x] === 0 || sums[x] < SPECK) continue;
      mask[y * width + x] = 1;
      count++;
    }
  }
  return { mask, count };
}
