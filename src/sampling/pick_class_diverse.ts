import { checkOptions } from "../_internal/check_options.ts";
import type { ClassDiversePicks } from "./allocate.ts";
import {
  isUnlabelled,
  type PickOptions,
  type RowBatch,
  streamingClassDiverse,
} from "./streaming_class_diverse.ts";

/** Options of {@linkcode pickClassDiverse}. */
export interface PickClassDiverseOptions extends RowBatch, PickOptions {
  /** Class names in class order, or their number. @default one more than the highest label */
  readonly classes?: number | readonly string[];
}

/**
 * Picks rows to look at: one of each class before a second of any, so that a rare class is seen
 * however many rows the others have. The choice depends on the seed and the ids only, not on the
 * order of the rows; no id is picked twice; rows without a label are counted and left out.
 *
 * @throws {RangeError} when lengths differ, a label is no class index or an option is out of range
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
 */
export function pickClassDiverse(options: PickClassDiverseOptions): ClassDiversePicks {
  checkOptions("pickClassDiverse()", options, [
    "yTrue",
    "yPred",
    "ids",
    "perClass",
    "total",
    "seed",
    "strategy",
    "classes",
  ]);
  const { yTrue, yPred, ids, classes = highestLabel(yTrue) + 1, ...pick } = options;
  return streamingClassDiverse({ ...pick, classes }).push({ yTrue, yPred, ids }).picks();
}

/** The highest class index, 0 when there is none: a set without rows still is one class wide. */
function highestLabel(yTrue: ArrayLike<number | null>): number {
  let highest = 0;
  for (let row = 0; row < yTrue.length; row++) {
    const label = yTrue[row];
    if (!isUnlabelled(label) && Number.isInteger(label)) {
      highest = Math.max(highest, label as number);
    }
  }
  return highest;
}
