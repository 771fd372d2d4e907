/** Milliseconds; the percentiles are those of the last {@linkcode KEPT} values, `max` is of all. */
export interface Durations {
  /** The median. */
  readonly p50: number;
  /** 95 of 100 are not longer. */
  readonly p95: number;
  /** The longest of all. */
  readonly max: number;
}

/** What a sampler lock has seen so far. Plain numbers, ready for JSON. */
export interface SamplerLockStats {
  /** Of the lock. */
  readonly name: string;
  /** Calls that got the lock. */
  readonly acquisitions: number;
  /** Calls that gave it back by throwing or rejecting. */
  readonly thrown: number;
  /** Waiters that gave up because of their timeout. */
  readonly timeouts: number;
  /** Waiters that left because of their AbortSignal. */
  readonly aborts: number;
  /** Calls refused because the holder made them. */
  readonly nested: number;
  /** Synchronous calls refused because the lock was taken. */
  readonly busy: number;
  /** Times it was taken from another thread that had ended inside, as this thread saw it. */
  readonly freed: number;
  /** Waiters now. */
  readonly queued: number;
  /** The most waiters there were at once. */
  readonly maxQueue: number;
  /** Time between asking and getting, of calls that got the lock. */
  readonly waitMs: Durations;
  /** Time between getting and giving back. */
  readonly holdMs: Durations & { readonly total: number };
}

/** How many of the latest durations are kept for the percentiles. */
const KEPT = 4096;

/** The latest durations with their percentiles, in bounded memory. */
export class DurationLog {
  #values: number[] = [];
  #next = 0;
  #max = 0;
  #total = 0;

  add(value: number): void {
    this.#values[this.#next] = value;
    this.#next = (this.#next + 1) % KEPT;
    this.#max = Math.max(this.#max, value);
    this.#total += value;
  }

  summary(): Durations & { readonly total: number } {
    const sorted = [...this.#values].sort((a, b) => a - b);
    // Nearest rank: the smallest value that at least this share does not exceed.
    const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
    return { p50: at(0.5), p95: at(0.95), max: this.#max, total: this.#total };
  }
}
