import { checkOptions } from "../_internal/check_options.ts";
import { SeededRandom } from "../_internal/seeded_random.ts";

/** Options of {@linkcode balancedIndices}. */
export interface BalancedIndicesOptions {
  /** Share of each class that is wanted; they need not sum to 1. @default {as many of each class} */
  readonly shares?: readonly number[];
  /**
   * Whether an image may come again. Without, each comes at most once, and the epoch ends where a
   * class has no more: it is as long as the rarest class allows. @default {true}
   */
  readonly replacement?: boolean;
  /** How many to draw; with replacement only. @default {the number of labels} */
  readonly count?: number;
  /** Seed of the draws. @default {0} */
  readonly seed?: number;
  /** Epoch; each has draws of its own. @default {0} */
  readonly epoch?: number;
}

/**
 * Positions whose classes keep their shares all along: in any run from the start, each class is within
 * one of what its share says, so that every batch is balanced and not only the epoch. Classes without
 * images are left out. A function of (labels, shares, seed, epoch).
 *
 * @throws {RangeError} for labels that are no class, shares that are not from 0 on or all 0, or a
 * count without replacement
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { balancedIndices } from "@qsight/qsight/data";
 * const labels = [0, 0, 0, 0, 1, 1];
 * const once = [...balancedIndices(labels, { replacement: false })];
 * assert.equal(once.filter((i) => labels[i] === 1).length, 2);
 * assert.equal(new Set(once).size, once.length); // and two or three of the others
 * ```
 */
export function balancedIndices(
  labels: ArrayLike<number>,
  options: BalancedIndicesOptions = {},
): Int32Array {
  const where = "balancedIndices()";
  checkOptions(where, options, ["shares", "replacement", "count", "seed", "epoch"]);
  const { replacement = true, seed = 0, epoch = 0 } = options;
  const random = new SeededRandom(`balanced/${seed}/${epoch}`);
  const members = membersOf(labels).map((rows) => random.shuffle(rows));
  const shares = sharesOf(members, options.shares);
  if (!replacement && options.count !== undefined) {
    throw new RangeError(
      `${where}: found count ${options.count} without replacement, wanted none: the rarest class ` +
        `says how many there are. Leave it out`,
    );
  }
  const most = replacement ? options.count ?? labels.length : labels.length;
  const taken = members.map(() => 0), found: number[] = [];
  // Among classes that are equally far behind, another one each time.
  const order = random.shuffle(members.map((_, c) => c));
  while (found.length < most) {
    const behind = (c: number) => shares[c] * (found.length + 1) - taken[c];
    const next = order.reduce((best, c) => behind(c) > behind(best) + 1e-9 ? c : best);
    const rows = members[next];
    if (!replacement && taken[next] === rows.length) break;
    found.push(replacement ? rows[random.integer(rows.length)] : rows[taken[next]]);
    taken[next]++;
  }
  return Int32Array.from(found);
}

function membersOf(labels: ArrayLike<number>): number[][] {
  const members: number[][] = [];
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    if (!Number.isInteger(label) || label < 0) {
      throw new RangeError(
        `balancedIndices(): found label ${label} at ${i}, wanted class indices from 0 on`,
      );
    }
    while (members.length <= label) members.push([]);
    members[label].push(i);
  }
  return members;
}

/** Of the classes that have images, with the sum 1. */
function sharesOf(members: readonly number[][], asked?: readonly number[]): number[] {
  const wanted = members.map((rows, c) =>
    rows.length === 0 ? 0 : asked === undefined ? 1 : asked[c]
  );
  const sum = wanted.reduce((a, b) => a + b, 0);
  if (wanted.every((share) => share >= 0) && sum > 0 && Number.isFinite(sum)) {
    return wanted.map((share) => share / sum);
  }
  throw new RangeError(
    `balancedIndices(): found shares ${
      JSON.stringify(asked)
    } for ${members.length} classes, wanted a ` +
      `number from 0 on for each and one above 0. Leave them out for as many of each`,
  );
}
