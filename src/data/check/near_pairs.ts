import { FIELDS, HASH_BITS, HASH_WORDS, type ImageSketches } from "./difference_hash.ts";

/** Two images that look alike. */
export interface NearPair {
  readonly first: number;
  readonly second: number;
  /** Bits of 256 in which their hashes differ. */
  readonly distance: number;
  /** Correlation of their 17 x 16 grey fields. */
  readonly correlation: number;
}

/** From where on two images count as near duplicates; both must hold. */
export interface NearLimits {
  /** Largest difference of the hashes in bits, 0 to 256. */
  readonly distance: number;
  /** Least correlation of the grey fields, 0 to 1. */
  readonly correlation: number;
}

/**
 * Calls `found` for each pair of images within both limits. All pairs whose hashes have about as many
 * ones are compared: two hashes differ by at least the difference of those counts.
 *
 * @param chosen positions to compare
 */
export function eachNearPair(
  { hashes, fields }: ImageSketches,
  chosen: readonly number[],
  { distance: limit, correlation: least, found }: NearLimits & {
    readonly found: (pair: NearPair) => void;
  },
): void {
  const ones = (i: number) => {
    let sum = 0;
    for (let word = 0; word < HASH_WORDS; word++) sum += bitCount(hashes[i * HASH_WORDS + word]);
    return sum;
  };
  const counts = new Map(chosen.map((i) => [i, ones(i)]));
  const order = [...chosen].sort((a, b) => counts.get(a)! - counts.get(b)! || a - b);
  const sorted = new Uint32Array(order.length * HASH_WORDS);
  order.forEach((i, at) =>
    sorted.set(hashes.subarray(i * HASH_WORDS, (i + 1) * HASH_WORDS), at * HASH_WORDS)
  );
  const sortedOnes = Int32Array.from(order, (i) => counts.get(i)!);
  for (let a = 0; a < order.length; a++) {
    for (let b = a + 1; b < order.length && sortedOnes[b] - sortedOnes[a] <= limit; b++) {
      let distance = 0;
      for (let word = 0; word < HASH_WORDS && distance <= limit; word++) {
        distance += bitCount(sorted[a * HASH_WORDS + word] ^ sorted[b * HASH_WORDS + word]);
      }
      if (distance > limit) continue;
      const [first, second] = order[a] < order[b] ? [order[a], order[b]] : [order[b], order[a]];
      let correlation = 0;
      for (let k = 0; k < FIELDS; k++) {
        correlation += fields[first * FIELDS + k] * fields[second * FIELDS + k];
      }
      if (correlation >= least) found({ first, second, distance, correlation });
    }
  }
}

/** Throws for limits that mean nothing. */
export function checkLimits(where: string, { distance, correlation }: NearLimits): void {
  if (!Number.isInteger(distance) || distance < 0 || distance > HASH_BITS) {
    throw new RangeError(
      `${where}: found distance ${distance}, wanted an integer from 0 to ${HASH_BITS}. Pass e.g. 24.`,
    );
  }
  if (!(correlation >= 0 && correlation <= 1)) {
    throw new RangeError(
      `${where}: found correlation ${correlation}, wanted a number from 0 to 1. Pass e.g. 0.999.`,
    );
  }
}

/** Ones of a 32-bit word. */
function bitCount(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
