import { checkOptions } from "../_internal/check_options.ts";
import { SeededRandom } from "../_internal/seeded_random.ts";
import { augmentInto, type AugmentOptions, checkAugment } from "./augment_image.ts";
import type { ImageSet } from "./image_set.ts";
import { weightedIndices } from "./weighted_indices.ts";

/** Options of {@linkcode batches}. */
export interface BatchesOptions {
  /** Images in a batch. @default {32} */
  readonly batchSize?: number;
  /** Seed of order and augmentation. @default {0} */
  readonly seed?: number;
  /** Epoch; each has its own order and augmentation. @default {0} */
  readonly epoch?: number;
  /** Mixed order; false keeps the order of the set, e.g. for validation. @default {true} */
  readonly shuffle?: boolean;
  /** Random changes, or true for the default ranges. @default {false} */
  readonly augment?: boolean | AugmentOptions;
  /**
   * A smaller last batch is merged into the one before; batch normalisation needs 2. At most
   * `batchSize`. @default {1}
   */
  readonly minBatch?: number;
  /**
   * Weight of each image: an epoch then draws as many images as the set has, with replacement, each
   * in proportion to its weight. An image that comes again is augmented anew.
   */
  readonly weights?: ArrayLike<number>;
}

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
  checkOptions("batches()", options, [
    "batchSize",
    "seed",
    "epoch",
    "shuffle",
    "augment",
    "minBatch",
    "weights",
  ]);
  const { batchSize = 32, seed = 0, epoch = 0, shuffle = true, augment = false, minBatch = 1 } =
    options;
  checkInteger("batchSize", batchSize, 1);
  checkInteger("minBatch", minBatch, 1);
  checkInteger("epoch", epoch, 0);
  if (minBatch > batchSize) {
    throw new RangeError(
      `batches(): found minBatch ${minBatch} above batchSize ${batchSize}, wanted at most that. ` +
        "Raise batchSize.",
    );
  }
  const ranges = augment === false ? undefined : checkAugment(augment === true ? {} : augment);
  // Checks run at the call, not at the first step.
  const order = orderOf(set, { seed, epoch, shuffle, weights: options.weights });
  return walk(set, { order, batchSize, seed, epoch, minBatch, ranges });
}

function orderOf(set: ImageSet, { seed, epoch, shuffle, weights }: {
  seed: number;
  epoch: number;
  shuffle: boolean;
  weights: ArrayLike<number> | undefined;
}): ArrayLike<number> & Iterable<number> {
  if (weights === undefined) {
    const straight = Array.from({ length: set.count }, (_, i) => i);
    return shuffle ? new SeededRandom(`order/${seed}/${epoch}`).shuffle(straight) : straight;
  }
  if (weights.length !== set.count || !shuffle) {
    throw new RangeError(
      `batches(): found ${weights.length} weights for ${set.count} images and shuffle ${shuffle}, ` +
        "wanted a weight for each image and a mixed order. Leave out shuffle, or weights.",
    );
  }
  return weightedIndices(weights, { seed, epoch });
}

function* walk(set: ImageSet, options: {
  order: ArrayLike<number> & Iterable<number>;
  batchSize: number;
  seed: number;
  epoch: number;
  minBatch: number;
  ranges: Required<AugmentOptions> | undefined;
}): Generator<Batch, void> {
  const { batchSize, seed, epoch, minBatch, ranges } = options;
  const { width, height, images } = set, size = width * height * 3;
  const order = Int32Array.from(options.order), drawn = new Uint32Array(set.count);
  const bytes = Float32Array.from({ length: 256 }, (_, i) => i / 255);
  let start = 0, step = 0;
  for (const take of batchSizes(set.count, { batchSize, minBatch })) {
    const indices = order.slice(start, start + take);
    const x = new Float32Array(take * size);
    indices.forEach((index, i) => {
      const data = images.subarray(index * size, (index + 1) * size);
      const sample = index + set.count * drawn[index]++;
      if (ranges) {
        const out = x.subarray(i * size, (i + 1) * size);
        augmentInto(out, { width, height, data }, { ...ranges, seed, epoch, sample });
      } else {
        for (let k = 0; k < size; k++) x[i * size + k] = bytes[data[k]];
      }
    });
    yield { x, y: Int32Array.from(indices, (i) => set.labels[i]), indices, epoch, step };
    start += take;
    step++;
  }
}

/** Full batches and the rest, which joins the batch before it when it is too small to stand alone. */
export function batchSizes(
  count: number,
  { batchSize, minBatch }: { batchSize: number; minBatch: number },
): number[] {
  const sizes = new Array<number>(Math.floor(count / batchSize)).fill(batchSize);
  const rest = count % batchSize;
  if (rest === 0) return sizes;
  if (rest < minBatch && sizes.length > 0) sizes[sizes.length - 1] += rest;
  else sizes.push(rest);
  return sizes;
}

function checkInteger(name: string, value: number, low: number): void {
  if (!Number.isInteger(value) || value < low) {
    throw new RangeError(
      `batches(): found ${name} ${value}, wanted an integer from ${low}. Pass { ${name}: ${
        Math.max(low, 32 * low)
      } }, for example.`,
    );
  }
}
