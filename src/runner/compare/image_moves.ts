import {
  blurredPatch,
  contrastAt,
  grow,
  offsetIn,
  type Patch,
  type Pixels,
  type Region,
  WindowSums,
} from "./image_patch.ts";

/** Two pictures of one size. */
export interface PicturePair {
  readonly stored: Pixels;
  readonly fresh: Pixels;
}

/** The picture is searched in squares of this side, of which most have no difference. */
const TILE = 32;
/** A window is 9 x 9 pixels. */
const REACH = 4;
/** What the best move may leave of a difference, summed over a window. */
const LIMIT = 180;
/** What is not counted of a pixel's difference, in levels of 255: nobody sees it. */
const UNSEEN = 6;
/** What drawing an edge anew may change in a pixel, as a share of the contrast around it. */
const REDRAWN = 0.18;

/** From -1 to 1 pixel in steps of a half, as the two neighbours whose mean is taken. */
const STEPS = [[-1, -1], [-1, 0], [0, 0], [0, 1], [1, 1]] as const;
const MOVES = STEPS.flatMap((rows) => STEPS.map((columns) => ({ rows, columns })));

interface Pixel {
  readonly x: number;
  readonly y: number;
}

/**
 * Of the pixels that differ (1 in `differing`), those that no small move explains: whichever way
 * the stored picture is moved by up to a pixel, much of the 9 x 9 pixels around stays unlike the
 * fresh one. Another font engine moves glyphs by parts of a pixel, each a little otherwise; another
 * digit cannot be had by moving the old one. Linear in the number of pixels.
 *
 * The limit is measured, on figures of matplotlib and Plot. Drawn again by another renderer, or with
 * texts moved by parts of a pixel or set in 0.05 pixels more, each window has a move that leaves 69
 * at most; with another way of hinting, 124. A missing dot, line or frame leaves 420 and more, a
 * word 1300 and more, a digit of 10 pixels 150 to 1200.
 */
export function withoutMoves(pair: PicturePair, differing: Uint8Array): Uint8Array {
  const { width, height } = pair.stored;
  const kept = new Uint8Array(differing.length);
  for (let y0 = 0; y0 < height; y0 += TILE) {
    for (let x0 = 0; x0 < width; x0 += TILE) {
      const tile = { x0, y0, x1: Math.min(width, x0 + TILE), y1: Math.min(height, y0 + TILE) };
      const own: Pixel[] = [];
      for (let y = y0; y < tile.y1; y++) {
        for (let x = x0; x < tile.x1; x++) if (differing[y * width + x] !== 0) own.push({ x, y });
      }
      if (own.length === 0) continue;
      // Edges are never half of an area: that is no move, and the search would take long.
      const all = own.length > (tile.x1 - x0) * (tile.y1 - y0) / 2;
      for (const { x, y } of all ? own : unmoved(own, tile, pair)) kept[y * width + x] = 1;
    }
  }
  return kept;
}

function unmoved(own: readonly Pixel[], tile: Region, { stored, fresh }: PicturePair): Pixel[] {
  const region = grow(tile, REACH, stored);
  const before = blurredPatch(stored, grow(region, 1, stored));
  const after = blurredPatch(fresh, region);
  const edges = edgesOf(region, { stored, fresh });
  const left = new Float64Array(edges.length);
  const least = new Float64Array(own.length).fill(Infinity);
  const sums = new WindowSums(region, REACH);
  for (const move of MOVES) {
    for (let n = 0; n < edges.length; n++) left[n] = leftOver(edges[n], move, [before, after]);
    sums.fill(edges, left);
    for (let n = 0; n < own.length; n++) least[n] = Math.min(least[n], sums.around(own[n]));
  }
  return own.filter((_, n) => least[n] > LIMIT);
}

interface EdgePixel extends Pixel {
  /** Of each channel, what is not counted. */
  readonly slack: readonly [number, number, number];
}

/** The pixels of a region that do not lie in an area of one colour: elsewhere a move does nothing. */
function edgesOf({ x0, y0, x1, y1 }: Region, { stored, fresh }: PicturePair): EdgePixel[] {
  const edges: EdgePixel[] = [];
  for (let y = y0; y < y1; y++) {
    for (let x = x0; x < x1; x++) {
      const contrast = (channel: number) => contrastAt([stored, fresh], { x, y, channel });
      const [r, g, b] = [contrast(0), contrast(1), contrast(2)];
      if (r + g + b === 0) continue;
      edges.push({ x, y, slack: [slackFor(r), slackFor(g), slackFor(b)] });
    }
  }
  return edges;
}

function slackFor(contrast: number): number {
  return UNSEEN + REDRAWN * contrast;
}

/** By how much a pixel of the moved picture differs from the fresh one, beyond the slack. */
function leftOver(
  { x, y, slack }: EdgePixel,
  { rows: [top, bottom], columns: [left, right] }: typeof MOVES[number],
  [before, after]: readonly [Patch, Patch],
): number {
  const a = offsetIn(before, x + left, y + top), b = offsetIn(before, x + right, y + top);
  const c = offsetIn(before, x + left, y + bottom), d = offsetIn(before, x + right, y + bottom);
  const here = offsetIn(after, x, y);
  const { data } = before;
  let most = 0;
  for (let channel = 0; channel < 3; channel++) {
    const moved = (data[a + channel] + data[b + channel] + data[c + channel] + data[d + channel]) /
      4;
    most = Math.max(most, Math.abs(moved - after.data[here + channel]) - slack[channel]);
  }
  return most;
}
