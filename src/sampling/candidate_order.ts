import { type Candidate, compareKeys } from "./class_sketch.ts";
import type { Measure } from "./measures.ts";

/** A candidate whose turn has come. */
export interface Ranked {
  readonly candidate: Candidate;
  /** Place in the order, 1 first. */
  readonly rank: number;
  readonly score: number | null;
  /** Why it has that place, in words. */
  readonly reason: string;
}

/** The order in which a strategy gives out the rows of a group. */
export interface CandidateOrder {
  readonly measure: Measure;
  /** The first row that is not taken yet. */
  next(taken: ReadonlySet<string>): Ranked | undefined;
}

/** An order that is known from the start. */
export class ListOrder implements CandidateOrder {
  readonly measure: Measure;
  readonly #candidates: readonly Candidate[];
  readonly #reasonOf: (candidate: Candidate, rank: number) => string;
  #next = 0;

  constructor(
    measure: Measure,
    { candidates, reasonOf }: {
      candidates: readonly Candidate[];
      reasonOf: (candidate: Candidate, rank: number) => string;
    },
  ) {
    this.measure = measure;
    this.#candidates = candidates;
    this.#reasonOf = reasonOf;
  }

  next(taken: ReadonlySet<string>): Ranked | undefined {
    while (taken.has(this.#candidates[this.#next]?.id)) this.#next++;
    const candidate = this.#candidates[this.#next];
    if (candidate === undefined) return undefined;
    const rank = ++this.#next;
    const reason = this.#reasonOf(candidate, rank);
    return { candidate, rank, score: candidate.score, reason };
  }
}

/** The order of the candidates that a sketch kept. */
export function sketchOrder(
  measure: Measure,
  { candidates, seed }: { candidates: readonly Candidate[]; seed: number | string },
): ListOrder {
  const { strategy, basis } = measure;
  if (strategy === "typical") return medianOrder(measure, candidates);
  return new ListOrder(measure, {
    candidates,
    reasonOf: ({ score }, rank) =>
      basis === "seed"
        ? `drawn with seed ${seed}`
        : `rank ${rank} by ${strategy}, ${score === null ? NO_SCORE : told(basis, score)}`,
  });
}

/** Nearest to the median first; of an even number of rows the lower of the two in the middle. */
function medianOrder(measure: Measure, sample: readonly Candidate[]): ListOrder {
  const scores = sample.flatMap(({ score }) => score === null ? [] : [score]).sort(compareKeys);
  const median = scores[(scores.length - 1) >> 1];
  const away = ({ score }: Candidate) =>
    score === null ? null : score === median ? 0 : Math.abs(score - median);
  return new ListOrder(measure, {
    // A stable sort: equally near ones stay in the order of their hashes.
    candidates: sample.toSorted((a, b) => compareKeys(away(a), away(b))),
    reasonOf: ({ score }, rank) =>
      `rank ${rank} by typical, ` +
      (score === null
        ? NO_SCORE
        : `${told(measure.basis, score)} where the median is ${rounded(median)}`),
  });
}

/** Said of a row whose numbers are NaN or out of range. */
export const NO_SCORE = "without a usable score";

/** A number with three digits. */
export function rounded(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function told(basis: Measure["basis"], score: number): string {
  const name = basis === "margin" ? "margin between the two highest probabilities" : basis;
  return `${name} ${rounded(score)}`;
}
