import { type BatchesOptions, planBatches } from "./batch_plan.ts";
import { fillBatch } from "./fill_batch.ts";
import type { ImageSet } from "./image_set.ts";

export type { BatchesOptions } from "./batch_plan.ts";

/** One step's input. */
export interface Batch {
  /** `indices.length * height * width * 3` numbers in [0, 1]: NHWC. */
  readonly x: Float32Array;
  /** Class index of each image. */
  readonly y: Int32Array;
  /** Position of each image in the set. */
  readonly indices: Int32Array;
  /** Epoch the batch belongs to. */
  readonly epoch: number;
  /** Number of the batch in its epoch, from 0. */
  readonly step: number;
}

/**
 * Walks once through a set. The order is a function of (seed, epoch) and each augmentation one of
 * (seed, epoch, index), so a resumed run or another batch size sees the same images.
 *
 * @throws {RangeError} when a number is out of range
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { batches, syntheticFundus } from "@qsight/qsight/data";
 * const set = syntheticFundus({ count: 5, size: 32, seed: 1 });
 * const sizes = [...batches(set, { batchSize: 2, minBatch: 2, seed: 3, epoch: 1 })].map((b) => b.y.length);
 * assert.deepEqual(sizes, [2, 3]);
 * ```
 */
export function batches(set: ImageSet, options: BatchesOptions = {}): Generator<Batch, void> {
  const { plans, ...change } = planBatches(set.count, options, "batches()", set.labels);
  // Checks run at the call, not at the first step.
  return walk();
  function* walk(): Generator<Batch, void> {
    for (const plan of plans) {
      const { indices, epoch, step } = plan;
      const x = fillBatch(set, plan, change);
      yield { x, y: labelsOf(set, indices), indices, epoch, step };
    }
  }
}

/** Labels of the images at some positions. */
export function labelsOf({ labels }: Pick<ImageSet, "labels">, indices: Int32Array): Int32Array {
  return Int32Array.from(indices, (index) => labels[index]);
}
