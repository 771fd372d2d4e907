import { checkOptions } from "../_internal/check_options.ts";
import { checkLengths, type Labels } from "./check_labels.ts";

/** What {@linkcode mcnemar} returns. */
export interface McNemar {
  /** Rows that only the first is right about. */
  readonly onlyA: number;
  /** Rows that only the second is right about. */
  readonly onlyB: number;
  /** Two-sided probability of a split as uneven as this, or more, if both were right as often. */
  readonly exact: number;
  /** The same, counting the observed split half: less cautious where rows are few. */
  readonly midP: number;
}

/**
 * McNemar's test of two models on the same rows: of the rows that one is right about and the other is
 * not, does one have more? Exact by the binomial distribution, and the mid-p of it (Fagerland,
 * Lydersen and Laake, BMC Medical Research Methodology 13, 2013). Without any such row both are 1.
 *
 * @param predictions classes that each of the two predicted
 * @throws {RangeError} when lengths differ
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { mcnemar } from "@qsight/qsight/metrics";
 * const yTrue = [0, 0, 0, 0, 0, 1];
 * const test = mcnemar(yTrue, { a: [0, 0, 0, 0, 0, 1], b: [1, 1, 1, 1, 1, 1] });
 * assert.deepEqual([test.onlyA, test.onlyB, test.exact, test.midP], [5, 0, 0.0625, 0.03125]);
 * ```
 */
export function mcnemar(
  yTrue: Labels,
  predictions: { readonly a: Labels; readonly b: Labels },
): McNemar {
  checkOptions("mcnemar()", predictions, ["a", "b"]);
  const { a, b } = predictions;
  checkLengths("mcnemar()", yTrue, a);
  checkLengths("mcnemar()", yTrue, b);
  let onlyA = 0, onlyB = 0;
  for (let row = 0; row < yTrue.length; row++) {
    const [first, second] = [a[row] === yTrue[row], b[row] === yTrue[row]];
    if (first && !second) onlyA++;
    if (second && !first) onlyB++;
  }
  const n = onlyA + onlyB, fewer = Math.min(onlyA, onlyB);
  const probabilities = halfBinomial(n, fewer);
  const tail = probabilities.reduce((sum, p) => sum + p, 0), last = probabilities[fewer];
  // An even split is in both tails.
  const exact = Math.min(1, 2 * tail);
  const midP = onlyA === onlyB ? 1 - last / 2 : 2 * tail - last;
  return { onlyA, onlyB, exact, midP: n === 0 ? 1 : midP };
}

/** Chance of 0, 1, … `most` heads in `n` throws of a fair coin; in logarithms, as 2^-n may be 0. */
function halfBinomial(n: number, most: number): number[] {
  const found: number[] = [];
  let log = -n * Math.LN2;
  for (let k = 0; k <= most; k++) {
    found.push(Math.exp(log));
    log += Math.log((n - k) / (k + 1));
  }
  return found;
}
