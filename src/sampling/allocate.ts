import type { Candidate } from "./class_sketch.ts";

/** One picked row and the reason for it. */
export interface ClassPick {
  /** Position in the data as given. */
  readonly index: number;
  /** Stable name of the row. */
  readonly id: string;
  /** True class. */
  readonly class: number;
  /** Predicted class, or null when none was given. */
  readonly predicted: number | null;
  /** Why this row, in a sentence. */
  readonly why: string;
}

/** A class with fewer rows than were asked for. */
export interface ShortClass {
  /** True class. */
  readonly class: number;
  /** `perClass`; with `total`, how many rows its turn came for. */
  readonly wanted: number;
  /** Rows it gave. */
  readonly got: number;
}

/** Class-diverse picks, and what could not be had. */
export interface ClassDiversePicks {
  /** `picks.map((pick) => pick.index)`. */
  readonly indices: readonly number[];
  /**
   * In rounds: one row of each present class in class order, then a second one of each, and so on.
   * The first P picks thus are one of each of the P present classes.
   */
  readonly picks: readonly ClassPick[];
  /** Rows asked for. */
  readonly requested: number;
  /** Classes with at least one row. */
  readonly present: readonly number[];
  /** Classes without a row. They never hold the others back. */
  readonly missing: readonly number[];
  /** Present classes that had fewer rows than asked for. */
  readonly short: readonly ShortClass[];
  /** Rows without a label; never picked. */
  readonly unlabelled: number;
}

/** What {@linkcode allocate} chooses from. */
export interface Supply {
  readonly names: readonly string[];
  /** Per class, in the order in which they are to be picked. */
  readonly candidates: readonly (readonly Candidate[])[];
  /** Rows of each class, picked or not. */
  readonly counts: readonly number[];
  readonly unlabelled: number;
  readonly seed: number | string;
  readonly perClass: number;
  readonly total: number;
}

/**
 * Gives out picks in rounds, one for each class that still has rows, the rarest class first: the
 * shares differ by at most one where supply allows (largest remainders), what a short class leaves
 * goes to the others, and an absent one costs nothing. An id that stands under two classes goes to
 * the first that reaches it.
 */
export function allocate(supply: Supply): ClassDiversePicks {
  const { names, candidates, counts, perClass, total } = supply;
  const rarestFirst = [...counts.keys()].sort((a, b) => counts[a] - counts[b] || a - b);
  const taken = new Set<string>();
  const next = names.map(() => 0), asked = names.map(() => 0), got = names.map(() => 0);
  const picks: ClassPick[] = [];
  let progress = true;
  for (let round = 1; round <= perClass && progress && picks.length < total; round++) {
    const chosen: Candidate[] = [];
    for (const c of rarestFirst) {
      if (picks.length + chosen.length >= total) break;
      asked[c]++;
      while (taken.has(candidates[c][next[c]]?.id)) next[c]++;
      const candidate = candidates[c][next[c]++];
      if (candidate === undefined) continue;
      taken.add(candidate.id);
      got[c]++;
      chosen.push(candidate);
    }
    chosen.sort((a, b) => a.class - b.class);
    picks.push(...chosen.map((candidate) => explainPick(candidate, round, supply)));
    progress = chosen.length > 0;
  }
  const present = [...counts.keys()].filter((c) => counts[c] > 0);
  return {
    indices: picks.map((pick) => pick.index),
    picks,
    requested: Math.min(total, perClass * names.length),
    present,
    missing: [...counts.keys()].filter((c) => counts[c] === 0),
    short: present
      .filter((c) => got[c] < asked[c])
      .map((c) => ({ class: c, wanted: total === Infinity ? perClass : asked[c], got: got[c] })),
    unlabelled: supply.unlabelled,
  };
}

function explainPick(
  candidate: Candidate,
  round: number,
  { names, counts, seed }: Supply,
): ClassPick {
  const { index, id, class: c, predicted } = candidate;
  const outcome = predicted === null
    ? ""
    : predicted === c
    ? ", predicted right"
    : `, predicted as ${names[predicted] ?? predicted}`;
  return {
    index,
    id,
    class: c,
    predicted,
    why: `number ${round} of ${counts[c]} in class ${names[c]}, drawn with seed ${seed}${outcome}`,
  };
}
