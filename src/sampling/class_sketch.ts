import { hash32 } from "../_internal/hash32.ts";

/** A row that may be picked. */
export interface Candidate {
  /** Position in the data as given; for streams, counted on over the batches. */
  readonly index: number;
  readonly id: string;
  /** True class. */
  readonly class: number;
  /** Predicted class, or null when none was given. */
  readonly predicted: number | null;
  /** hash(seed, id): decides between equal keys, whatever the order of the rows. */
  readonly priority: number;
  /** What the strategy sorts by, lowest first; null where it is unknown, which comes last. */
  readonly key: number | null;
  /** The number behind the key as a reader knows it; null where there is none. */
  readonly score: number | null;
}

/**
 * The `capacity` candidates with the lowest keys among all that were offered, equal keys by
 * priority (a bottom-k sketch, Cohen and Kaplan 2007). Unlike a reservoir it does not depend on the
 * order of the rows, and two of them merge into the one that a single pass would have made. Of rows
 * with the same id it keeps the lowest.
 */
export class ClassSketch {
  readonly #capacity: number;
  /** Ascending, without two of the same id. */
  readonly #kept: Candidate[] = [];
  readonly #byId = new Map<string, Candidate>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Candidates in the order in which they are to be picked. */
  get candidates(): readonly Candidate[] {
    return this.#kept;
  }

  offer(candidate: Candidate): void {
    const kept = this.#kept;
    const full = kept.length === this.#capacity;
    if (full && compareCandidates(candidate, kept[kept.length - 1]) >= 0) return;
    const same = this.#byId.get(candidate.id);
    if (same !== undefined) {
      if (compareCandidates(candidate, same) >= 0) return;
      kept.splice(this.#placeOf(same), 1);
    }
    kept.splice(this.#placeOf(candidate), 0, candidate);
    this.#byId.set(candidate.id, candidate);
    if (kept.length > this.#capacity) this.#byId.delete(kept.pop()!.id);
  }

  /** How many of the kept ones come before a candidate. */
  #placeOf(candidate: Candidate): number {
    let at = 0, end = this.#kept.length;
    while (at < end) {
      const middle = (at + end) >> 1;
      if (compareCandidates(this.#kept[middle], candidate) < 0) at = middle + 1;
      else end = middle;
    }
    return at;
  }
}

/** The priority of an id under a seed. */
export function priorityOf(seed: number | string, id: string): number {
  return hash32(`${seed}/${id}`);
}

/**
 * By key, priority and id: neither equal keys nor equal hashes bring the order of the rows back in.
 * Between rows of one id score, class and only then the position decides.
 */
export function compareCandidates(a: Candidate, b: Candidate): number {
  return compareKeys(a.key, b.key) || a.priority - b.priority || compareText(a.id, b.id) ||
    compareKeys(a.score, b.score) || a.class - b.class || a.index - b.index;
}

/** Lowest first, null last. */
export function compareKeys(a: number | null, b: number | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  // No difference: infinity minus infinity is no number.
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
