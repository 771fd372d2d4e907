import type { CheckedTable } from "./number_table.ts";

/**
 * How rows of one class are chosen: at random; the most usual ones; the ones the model is most wrong
 * about; the ones it hesitates over; the ones that differ most from each other.
 */
export type Strategy = "random" | "typical" | "hardest" | "boundary" | "diverse";

/** The strategies that do without all rows at once. */
export type StreamStrategy = Exclude<Strategy, "diverse">;

/** The strategies there are. */
export const STRATEGIES: readonly Strategy[] = [
  "random",
  "typical",
  "hardest",
  "boundary",
  "diverse",
];

/** A strategy and the numbers it goes by. */
export interface Measure {
  readonly strategy: Strategy;
  readonly basis: "seed" | "score" | "p(true)" | "margin" | "embedding";
}

/** The columns that strategies read, checked. */
export interface ScoreColumns {
  readonly scores?: ArrayLike<number>;
  readonly probabilities?: CheckedTable;
  readonly embeddings?: CheckedTable;
}

/**
 * Which numbers each strategy goes by: the user's own before those derived from probabilities.
 *
 * @throws {RangeError} when a strategy lacks its numbers
 */
export function measuresFor(
  strategies: readonly Strategy[],
  { where, scores, probabilities, embeddings }: ScoreColumns & { where: string },
): Measure[] {
  const difficulty = scores ? "score" : probabilities ? "p(true)" : undefined;
  return strategies.map((strategy): Measure => {
    if (strategy === "random") return { strategy, basis: "seed" };
    if (embeddings && (strategy === "diverse" || strategy === "typical")) {
      return { strategy, basis: "embedding" };
    }
    if (probabilities && strategy === "boundary") return { strategy, basis: "margin" };
    if (difficulty && (strategy === "hardest" || strategy === "typical")) {
      return { strategy, basis: difficulty };
    }
    throw new RangeError(
      `${where}: found no ${NEEDS[strategy]}, wanted them for strategy "${strategy}". Pass them, ` +
        `one for each label, or choose strategy: "random"`,
    );
  });
}

const NEEDS = {
  typical: "embeddings, scores or probabilities",
  hardest: "scores or probabilities",
  boundary: "probabilities",
  diverse: "embeddings",
};

/** What a row is ranked by; null where its numbers are no use. Embeddings count as 0. */
export function scoreOf(
  { basis }: Measure,
  { row, label, scores, probabilities, embeddings }: ScoreColumns & { row: number; label: number },
): number | null {
  if (basis === "seed") return null;
  if (basis === "embedding") return isFinite(embeddings!, row) ? 0 : null;
  if (basis === "score") {
    const score = scores![row];
    // An infinite loss is a loss: it comes from a probability of 0, the worst row of all.
    return typeof score === "number" && !Number.isNaN(score) ? score : null;
  }
  if (!isProbable(probabilities!, row)) return null;
  return basis === "margin" ? marginOf(probabilities!, row) : probabilities!.at(row, label);
}

/** What sorts rows: lowest first, null last. The order of `typical` is made at the end. */
export function keyOf({ strategy, basis }: Measure, score: number | null): number | null {
  if (basis === "seed") return 0;
  if (score === null) return null;
  if (strategy === "typical") return 0;
  return basis === "score" ? -score : score;
}

/** The most probable class of a row, the first of equal ones; null where they are no use. */
export function predictedBy(probabilities: CheckedTable, row: number): number | null {
  if (!isProbable(probabilities, row)) return null;
  let best = 0;
  for (let c = 1; c < probabilities.width; c++) {
    if (probabilities.at(row, c) > probabilities.at(row, best)) best = c;
  }
  return best;
}

/** How far the second highest probability is below the highest (Scheffer et al. 2001). */
function marginOf(probabilities: CheckedTable, row: number): number {
  let first = 0, second = 0;
  for (let c = 0; c < probabilities.width; c++) {
    const p = probabilities.at(row, c);
    if (p > first) [first, second] = [p, first];
    else if (p > second) second = p;
  }
  return first - second;
}

/** In 0…1 but for rounding. They need not sum to 1: several labels a row are no distribution. */
function isProbable(probabilities: CheckedTable, row: number): boolean {
  for (let c = 0; c < probabilities.width; c++) {
    const p = probabilities.at(row, c);
    if (!(p >= -ROUNDING && p <= 1 + ROUNDING)) return false;
  }
  return probabilities.width > 0;
}

function isFinite(table: CheckedTable, row: number): boolean {
  for (let c = 0; c < table.width; c++) if (!Number.isFinite(table.at(row, c))) return false;
  return table.width > 0;
}

const ROUNDING = 1e-5;
