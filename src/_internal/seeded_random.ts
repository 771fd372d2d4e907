import { hash32 } from "./hash32.ts";

/** The four 32-bit words of a {@linkcode SeededRandom}: all that a checkpoint has to keep. */
export type RandomState = readonly [number, number, number, number];

/**
 * Seeded pseudo-random numbers: xoshiro128** (Blackman and Vigna, 2018), the only source of
 * randomness in the project. Integers and `next()` are the same bits in every runtime; `normal()`
 * goes through `Math.log` and `Math.cos`, whose last digit may differ between engines.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { SeededRandom } from "./seeded_random.ts";
 * assert.equal(new SeededRandom(1).next(), new SeededRandom(1).next());
 * ```
 */
export class SeededRandom {
  #state: Uint32Array;

  /** @param seed any integer or string; equal seeds give equal sequences */
  constructor(seed: number | string) {
    // The word goes first: a hash that ends differently would tie all four words to 32 bits.
    const key = `${typeof seed}/${seed}`;
    this.#state = Uint32Array.from([0, 1, 2, 3], (word) => hash32(`${word}/${key}`));
    if (this.#state.every((word) => word === 0)) this.#state[0] = 1;
  }

  /** A generator that continues from a saved state. */
  static fromState(state: RandomState): SeededRandom {
    const random = new SeededRandom(0);
    random.#state = Uint32Array.from(state);
    return random;
  }

  /** The state now; {@linkcode SeededRandom.fromState} continues from it. */
  get state(): RandomState {
    const [a, b, c, d] = this.#state;
    return [a, b, c, d];
  }

  /** An unsigned 32-bit integer. */
  uint32(): number {
    const s = this.#state;
    const x = Math.imul(s[1], 5);
    const result = Math.imul((x << 7) | (x >>> 25), 9) >>> 0;
    const t = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = (s[3] << 11) | (s[3] >>> 21);
    return result;
  }

  /** A number in [0, 1) with 53 random bits. */
  next(): number {
    return ((this.uint32() >>> 5) * 67108864 + (this.uint32() >>> 6)) / 9007199254740992;
  }

  /** A number in [low, high). */
  uniform(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** An integer in [0, bound), without modulo bias that matters (bound ≪ 2^53). */
  integer(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  /** A draw from the standard normal distribution (Box and Muller, 1958). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    return radius * Math.cos(2 * Math.PI * this.next());
  }

  /** A shuffled copy (Fisher and Yates); the argument is left as it was. */
  shuffle<T>(items: Iterable<T>): T[] {
    const out = Array.from(items);
    for (let i = out.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      [out[i], out[j]] = [out[j], out[i]];
    }
    return out;
  }

  /** An independent generator for one purpose: it does not move this one. */
  fork(label: string): SeededRandom {
    return new SeededRandom(`${this.state.join(",")}/${label}`);
  }
}
