import {
  type CandidateOrder,
  ListOrder,
  NO_SCORE,
  type Ranked,
  rounded,
} from "./candidate_order.ts";
import { type Candidate, compareCandidates } from "./class_sketch.ts";
import type { Measure } from "./measures.ts";

/** A row with its embedding; the key of the candidate is null where that is no use. */
export interface Placed {
  readonly candidate: Candidate;
  readonly vector: Float64Array;
}

/** The order by embeddings of a group's rows. */
export function embeddingOrder(measure: Measure, rows: readonly Placed[]): CandidateOrder {
  const unique = uniqueRows(rows);
  const usable = unique.filter(({ candidate }) => candidate.key !== null);
  const rest = unique.flatMap(({ candidate }) => candidate.key === null ? [candidate] : []);
  const away = distancesTo(centreOf(usable), usable);
  if (measure.strategy === "diverse") return new FarthestFirst(measure, { usable, rest, away });
  const nearest = [...usable.keys()].sort((a, b) => away[a] - away[b] || a - b);
  return new ListOrder(measure, {
    candidates: [...nearest.map((i) => ({ ...usable[i].candidate, score: away[i] })), ...rest],
    reasonOf: ({ score }, rank) =>
      `rank ${rank} by typical, ` +
      (score === null ? NO_SCORE : `${rounded(score)} from the centre of its embeddings`),
  });
}

/**
 * k-centre farthest-first (Gonzalez 1985): begins with the row nearest to the centre, then always
 * takes the row that is farthest from all taken ones, those that other strategies took included. At
 * most twice as far from the best cover as any other choice of as many rows.
 */
class FarthestFirst implements CandidateOrder {
  readonly measure: Measure;
  readonly #usable: readonly Placed[];
  readonly #rest: ListOrder;
  readonly #away: Float64Array;
  /** Distance to the nearest taken row. */
  readonly #gap: Float64Array;
  readonly #seen = new Set<number>();
  #given = 0;

  constructor(
    measure: Measure,
    { usable, rest, away }: {
      usable: readonly Placed[];
      rest: readonly Candidate[];
      away: Float64Array;
    },
  ) {
    this.measure = measure;
    this.#usable = usable;
    this.#away = away;
    this.#gap = new Float64Array(usable.length).fill(Infinity);
    this.#rest = new ListOrder(measure, {
      candidates: rest,
      reasonOf: (_, rank) => `rank ${usable.length + rank} by diverse, ${NO_SCORE}`,
    });
  }

  next(taken: ReadonlySet<string>): Ranked | undefined {
    this.#learn(taken);
    const first = this.#seen.size === 0;
    let best = -1;
    for (let i = 0; i < this.#usable.length; i++) {
      if (this.#seen.has(i)) continue;
      const better = best < 0 ||
        (first ? this.#away[i] < this.#away[best] : this.#gap[i] > this.#gap[best]);
      if (better) best = i;
    }
    if (best < 0) {
      const ranked = this.#rest.next(taken);
      return ranked && { ...ranked, rank: this.#usable.length + ranked.rank };
    }
    const rank = ++this.#given;
    const score = first ? null : this.#gap[best];
    const place = score === null
      ? "nearest to the centre of its embeddings"
      : `${rounded(score)} from the nearest row shown before`;
    const reason = `rank ${rank} by diverse, ${place}`;
    return { candidate: this.#usable[best].candidate, rank, score, reason };
  }

  /** Counts rows that were taken since, by whomever, as centres. */
  #learn(taken: ReadonlySet<string>): void {
    this.#usable.forEach(({ candidate, vector }, centre) => {
      if (this.#seen.has(centre) || !taken.has(candidate.id)) return;
      this.#seen.add(centre);
      distancesTo(vector, this.#usable).forEach((distance, i) => {
        if (distance < this.#gap[i]) this.#gap[i] = distance;
      });
    });
  }
}

/** In an order of their own, so that sums do not depend on that of the data; each id once. */
function uniqueRows(rows: readonly Placed[]): Placed[] {
  const sorted = rows.toSorted((a, b) => {
    const [x, y] = [a, b].map(({ candidate }) => ({ ...candidate, index: 0, score: null }));
    return compareCandidates(x, y) || compareVectors(a.vector, b.vector) ||
      a.candidate.index - b.candidate.index;
  });
  const ids = new Set<string>();
  return sorted.filter(({ candidate: { id } }) => !ids.has(id) && ids.add(id));
}

function compareVectors(a: Float64Array, b: Float64Array): number {
  const at = a.findIndex((value, i) => value !== b[i]);
  return at < 0 ? 0 : a[at] < b[at] ? -1 : 1;
}

function centreOf(rows: readonly Placed[]): Float64Array {
  const centre = new Float64Array(rows[0]?.vector.length ?? 0);
  for (const { vector } of rows) vector.forEach((value, i) => centre[i] += value / rows.length);
  return centre;
}

function distancesTo(centre: Float64Array, rows: readonly Placed[]): Float64Array {
  return Float64Array.from(rows, ({ vector }) => {
    let sum = 0;
    for (let i = 0; i < vector.length; i++) sum += (vector[i] - centre[i]) ** 2;
    return Math.sqrt(sum);
  });
}
