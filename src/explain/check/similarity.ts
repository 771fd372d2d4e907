import type { ValueMap } from "../../images/resize_map.ts";
import { defined, type Metric, notDefined } from "../../metrics/metric.ts";
import { blurPlane } from "./blur_plane.ts";

/**
 * Spearman's rank correlation of the absolute values of two maps: 1 for the same order of pixels,
 * 0 for none in common, -1 for the opposite. Equal values share the mean of their ranks. This is
 * the similarity of Adebayo et al., "Sanity Checks for Saliency Maps" (2018, arXiv:1810.03292).
 *
 * @param a numbers of one map
 * @param b as many numbers of the other
 * @returns a value of null, with the reason, when a map is constant or not finite
 * @throws {RangeError} when the lengths differ
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { rankCorrelation } from "@qsight/qsight/explain";
 * assert.equal(rankCorrelation([1, 2, 3, 4], [1, 4, 9, 16]).value, 1);
 * assert.equal(rankCorrelation([1, 2, 3, 4], [4, 3, 2, 1]).value, -1);
 * assert.equal(rankCorrelation([1, 2, 3], [5, 5, 5]).value, null);
 * ```
 */
export function rankCorrelation(a: ArrayLike<number>, b: ArrayLike<number>): Metric {
  checkLengths("rankCorrelation()", a, b);
  if (!allFinite(a) || !allFinite(b)) return notDefined(NOT_FINITE);
  const x = averageRanks(a), y = averageRanks(b);
  const middle = (a.length - 1) / 2;
  let product = 0, squareX = 0, squareY = 0;
  for (let i = 0; i < x.length; i++) {
    const u = x[i] - middle, v = y[i] - middle;
    product += u * v;
    squareX += u * u;
    squareY += v * v;
  }
  if (squareX === 0 || squareY === 0) {
    return notDefined("a map has the same value everywhere: it puts no pixel before another");
  }
  return defined(clamp(product / Math.sqrt(squareX * squareY)));
}

/** Sums of many products may end at 1.0000000000000002. */
function clamp(value: number): number {
  return Math.min(1, Math.max(-1, value));
}

const NOT_FINITE = "a map has values that are NaN or infinite";

/** Ranks of the absolute values from 0; equal values get the mean of their ranks. */
function averageRanks(values: ArrayLike<number>): Float64Array {
  const sizes = Float64Array.from(values, Math.abs);
  const order = Uint32Array.from(sizes, (_, i) => i).sort((i, j) => sizes[i] - sizes[j]);
  const ranks = new Float64Array(sizes.length);
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && sizes[order[end]] === sizes[order[start]]) end++;
    for (let i = start; i < end; i++) ranks[order[i]] = (start + end - 1) / 2;
    start = end;
  }
  return ranks;
}

/** Window of Wang et al.: 11 by 11, standard deviation 1.5. */
const WINDOW = { sigma: 1.5, radius: 5 };
/** Their constants for values from 0 to 1. */
const C1 = 0.01 ** 2, C2 = 0.03 ** 2;

/**
 * Structural similarity (Wang et al., "Image Quality Assessment", 2004) of two maps from 0 to 1:
 * means, spreads and covariance in a Gaussian window around each pixel. 1 for equal maps.
 *
 * A second opinion beside {@linkcode rankCorrelation}: large parts where both maps are nearly 0 count
 * as similar here and as ties there, so that one method may pass with one and not with the other.
 *
 * @param a one map, values from 0 to 1
 * @param b the other, of the same size
 * @returns a value of null, with the reason, when a map is not finite
 * @throws {RangeError} when the sizes differ
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { structuralSimilarity } from "@qsight/qsight/explain";
 * const map = { width: 2, height: 2, map: Float32Array.of(0, 1, 0.5, 0.25) };
 * assert.equal(structuralSimilarity(map, map).value, 1);
 * ```
 */
export function structuralSimilarity(a: ValueMap, b: ValueMap): Metric {
  const { width, height } = a;
  if (width !== b.width || height !== b.height) {
    throw new RangeError(
      `structuralSimilarity(): found maps of ${height} x ${width} and ${b.height} x ${b.width}, ` +
        `wanted one size. Resize one with resizeMap()`,
    );
  }
  checkLengths("structuralSimilarity()", a.map, b.map);
  if (!allFinite(a.map) || !allFinite(b.map)) return notDefined(NOT_FINITE);
  const blur = (f: (x: number, y: number) => number) =>
    blurPlane(Float64Array.from(a.map, (x, i) => f(x, b.map[i])), { width, height, ...WINDOW });
  const [meanA, meanB] = [blur((x) => x), blur((_, y) => y)];
  const [squareA, squareB] = [blur((x) => x * x), blur((_, y) => y * y)];
  const product = blur((x, y) => x * y);
  let total = 0;
  for (let i = 0; i < product.length; i++) {
    const both = meanA[i] * meanB[i], squares = meanA[i] ** 2 + meanB[i] ** 2;
    const covariance = product[i] - both, variances = squareA[i] + squareB[i] - squares;
    total += ((2 * both + C1) * (2 * covariance + C2)) / ((squares + C1) * (variances + C2));
  }
  return defined(clamp(total / product.length));
}

function allFinite(values: ArrayLike<number>): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false;
  return true;
}

function checkLengths(where: string, a: ArrayLike<number>, b: ArrayLike<number>): void {
  if (a.length === b.length && a.length > 0) return;
  throw new RangeError(
    `${where}: found maps of ${a.length} and ${b.length} numbers, wanted as many in both. ` +
      `Pass two maps of the same image`,
  );
}
