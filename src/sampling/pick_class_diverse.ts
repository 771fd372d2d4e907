import { checkOptions } from "../_internal/check_options.ts";
import { allocate, reportPicks } from "./allocate.ts";
import type { ClassDiversePicks } from "./class_diverse_picks.ts";
import { type NumberTable, widthOf } from "./number_table.ts";
import { PICK_OPTIONS, type PickOptions, planPicks } from "./pick_plan.ts";
import { checkBatch, highestLabel, ROW_COLUMNS, type RowBatch } from "./row_batch.ts";
import { RowPool } from "./row_pool.ts";

/** Options of {@linkcode pickClassDiverse}. */
export interface PickClassDiverseOptions extends RowBatch, PickOptions {
  /**
   * Class names in class order, or their number.
   * @default as many as `probabilities` has columns, or one more than the highest label
   */
  readonly classes?: number | readonly string[];
  /** What `typical` and `diverse` compare: a row for each label, or one flat array row by row. */
  readonly embeddings?: NumberTable;
}

/**
 * Picks rows to look at: one of each class before a second of any, so that a rare class is seen
 * however many rows the others have. The choice depends on the seed, the ids and the numbers of the
 * strategy, not on the order of the rows; no id is picked twice; rows without a label are counted
 * and left out; rows whose scores are NaN are counted and come last. The strategy `typical` without
 * embeddings takes the median of at most 1024 rows of each class, drawn with the seed.
 *
 * @throws {RangeError} when lengths differ, a label is no class index, an option is out of range, or
 * a strategy lacks its numbers
 * @throws {TypeError} when an option is unknown or the seed is missing
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { pickClassDiverse } from "@qsight/qsight/sampling";
 *
 * const yTrue = [0, 0, 0, 0, 0, 0, 2, 2, 4];
 * const { picks, missing, short } = pickClassDiverse({ yTrue, perClass: 2, seed: 1, classes: 5 });
 * assert.deepEqual(picks.map((pick) => pick.class), [0, 2, 4, 0, 2]);
 * assert.deepEqual(missing, [1, 3]);
 * assert.deepEqual(short, [{ class: 4, wanted: 2, got: 1 }]);
 * ```
 *
 * @example One row of each cell of the confusion matrix, the one the model is most wrong about
 * ```ts
 * import assert from "node:assert/strict";
 * import { pickClassDiverse } from "@qsight/qsight/sampling";
 *
 * const probabilities = [[0.9, 0.1], [0.2, 0.8], [0.4, 0.6], [0.3, 0.7]]; // or a flat Float32Array
 * const { picks, groups } = pickClassDiverse({
 *   yTrue: [0, 0, 0, 1],
 *   probabilities,
 *   classes: ["healthy", "ill"],
 *   quota: "cell",
 *   perGroup: 1,
 *   strategy: "hardest",
 *   seed: 1,
 * });
 * assert.deepEqual(picks.map((pick) => pick.index), [0, 1, 3]);
 * assert.equal(
 *   picks[1].why,
 *   "number 1 of 2 in cell healthy as ill, rank 1 by hardest, p(true) 0.2, predicted as ill",
 * );
 * assert.deepEqual(groups.filter((cell) => cell.state === "missing").map((cell) => cell.name), [
 *   "ill as healthy",
 * ]);
 * ```
 */
export function pickClassDiverse(options: PickClassDiverseOptions): ClassDiversePicks {
  const where = "pickClassDiverse()";
  checkOptions(where, options, [...ROW_COLUMNS, ...PICK_OPTIONS, "embeddings", "classes"]);
  const { yTrue, yPred, ids, probabilities, scores, embeddings, ...pick } = options;
  const plan = planPicks(where, { ...pick, classes: options.classes ?? classesOf(options) });
  const batch = { yTrue, yPred, ids, probabilities, scores, embeddings };
  const pool = new RowPool(plan);
  pool.add(checkBatch(batch, { where, classes: plan.names.length }), 0);
  return reportPicks(pool, allocate(pool));
}

function classesOf({ yTrue, yPred, probabilities, quota }: PickClassDiverseOptions): number {
  const columns = probabilities && widthOf(probabilities, yTrue.length);
  // A flat array that does not divide evenly is refused later, by its own name.
  if (columns !== undefined && columns > 0 && Number.isInteger(columns)) return columns;
  // Cells are named by predictions too; a class that is only ever predicted must have its own.
  const predicted = quota === undefined || quota === "class" ? 0 : highestLabel(yPred ?? []);
  return Math.max(highestLabel(yTrue), predicted) + 1;
}
