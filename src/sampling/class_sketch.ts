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
  /** hash(seed, id): decides who comes first, whatever the order of the rows. */
  readonly priority: number;
}

/**
 * The `capacity` candidates with the lowest priorities among all that were offered (a bottom-k
 * sketch, Cohen and Kaplan 2007). Unlike a reservoir it does not depend on the order of the rows,
 * and two of them merge into the one that a single pass would have made.
 */
export class ClassSketch {
  readonly #capacity: number;
  /** Ascending, without two of the same id. */
  #kept: Candidate[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Candidates in the order in which they are to be picked. */
  get candidates(): readonly Candidate[] {
    return this.#kept;
  }

  offer(candidate: Candidate): void {
    const kept = this.#kept;
    if (kept.length === this.#capacity && compare(candidate, kept[kept.length - 1]) > 0) return;
    let at = 0, end = kept.length;
    while (at < end) {
      const middle = (at + end) >> 1;
      if (compare(kept[middle], candidate) < 0) at = middle + 1;
      else end = middle;
    }
    if (kept[at]?.id === candidate.id) {
      if (candidate.index < kept[at].index) kept[at] = candidate;
      return;
    }
    kept.splice(at, 0, candidate);
    if (kept.length > this.#capacity) kept.pop();
  }
}

/** The priority of an id under a seed. */
export function priorityOf(seed: number | string, id: string): number {
  return hash32(`${seed}/${id}`);
}

/** By priority, then by id: equal hashes do not bring the order of the rows back in. */
function compare(a: Candidate, b: Candidate): number {
  return a.priority - b.priority || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}
