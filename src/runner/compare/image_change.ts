import { loadPackage } from "../../_internal/load_package.ts";
import { type PicturePair, withoutMoves } from "./image_moves.ts";

/** Which pixels differ visibly (1, else 0), and how many they are. */
export interface ImageChange {
  readonly mask: Uint8Array;
  readonly count: number;
}

/** Distance of two colours (OKLab, black to white is 1) from which they are told apart. */
const THRESHOLD = 0.05;

/**
 * The pixels that differ visibly: their colours can be told apart, and no move by up to a pixel
 * explains it. Linear in the number of pixels.
 */
export async function imageChange(pair: PicturePair): Promise<ImageChange> {
  const { stored: { width, height, data }, fresh } = pair;
  const { default: pixelmatch } = await loadPackage("pixelmatch", () => import("pixelmatch"));
  const drawn = new Uint8Array(data.length);
  pixelmatch(data, fresh.data, drawn, width, height, {
    threshold: THRESHOLD,
    diffMask: true,
    // Its guess at anti-aliasing looks at the shape of one pixel's surroundings and passes a line
    // drawn thicker; the search for moves, which follows, compares surroundings.
    includeAA: true,
  });
  const differing = new Uint8Array(width * height);
  for (let i = 0; i < differing.length; i++) differing[i] = drawn[i * 4 + 3] === 0 ? 0 : 1;
  const mask = withoutMoves(pair, differing);
  return { mask, count: mask.reduce((sum, value) => sum + value, 0) };
}
