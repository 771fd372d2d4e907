import { checkOptions } from "../_internal/check_options.ts";
import { SeededRandom } from "../_internal/seeded_random.ts";
import { type AugmentOptions, checkAugment } from "./augment_image.ts";
import { balancedIndices, type BalancedIndicesOptions } from "./balanced_indices.ts";
import { weightedIndices } from "./weighted_indices.ts";

/** Options of `batches()`. */
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
  /**
   * Every batch holds the classes in the same shares, by `balancedIndices()`: `true` for as many of
   * each class, drawn with replacement. @default {false}
   */
  readonly balance?: boolean | Pick<BalancedIndicesOptions, "shares" | "replacement">;
}

/** All names of {@linkcode BatchesOptions}. */
export const BATCHES_OPTIONS: readonly string[] = [
  "batchSize",
  "seed",
  "epoch",
  "shuffle",
  "augment",
  "minBatch",
  "weights",
  "balance",
];

/** Which images a batch is made of, before any is read. */
export interface BatchPlan {
  /** Position of each image in the set. */
  readonly indices: Int32Array;
  /** Number that each image's augmentation follows from: its position, plus the count of the set each time it comes again. */
  readonly samples: Float64Array;
  /** Epoch the batch belongs to. */
  readonly epoch: number;
  /** Number of the batch in its epoch, from 0. */
  readonly step: number;
}

/** How the images of a batch are changed. */
export interface BatchChange {
  readonly seed: number;
  /** Undefined for no change. */
  readonly ranges: Required<AugmentOptions> | undefined;
}

/** The batches of an epoch, and what is done to their images. */
export interface EpochPlan extends BatchChange {
  readonly plans: Generator<BatchPlan, void>;
}

/**
 * Decides which image is where in an epoch. Everything is checked at the call, not at the first
 * batch.
 *
 * @param labels of all images, for `balance`
 * @throws {RangeError} when a number is out of range
 */
export function planBatches(
  count: number,
  options: BatchesOptions,
  where = "batches()",
  labels?: ArrayLike<number>,
): EpochPlan {
  checkOptions(where, options, BATCHES_OPTIONS);
  const { batchSize = 32, seed = 0, epoch = 0, shuffle = true, augment = false, minBatch = 1 } =
    options;
  checkInteger(where, ["batchSize", batchSize], 1);
  checkInteger(where, ["minBatch", minBatch], 1);
  checkInteger(where, ["epoch", epoch], 0);
  if (minBatch > batchSize) {
    throw new RangeError(
      `${where}: found minBatch ${minBatch} above batchSize ${batchSize}, wanted at most that. ` +
        "Raise batchSize.",
    );
  }
  const ranges = augment === false ? undefined : checkAugment(augment === true ? {} : augment);
  const { weights, balance = false } = options;
  const order = balance === false
    ? orderOf(count, { where, seed, epoch, shuffle, weights })
    : balancedOrder(labels ?? [], { where, seed, epoch, shuffle, weights, balance });
  return { plans: plansOf(order, { count, batchSize, minBatch, epoch }), seed, ranges };
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

function* plansOf(
  given: Iterable<number>,
  { count, batchSize, minBatch, epoch }: {
    readonly count: number;
    readonly batchSize: number;
    readonly minBatch: number;
    readonly epoch: number;
  },
): Generator<BatchPlan, void> {
  const order = Int32Array.from(given), drawn = new Uint32Array(count);
  let start = 0, step = 0;
  for (const take of batchSizes(order.length, { batchSize, minBatch })) {
    const indices = order.slice(start, start + take);
    const samples = Float64Array.from(indices, (index) => index + count * drawn[index]++);
    yield { indices, samples, epoch, step };
    start += take;
    step++;
  }
}

function orderOf(count: number, { where, seed, epoch, shuffle, weights }: {
  where: string;
  seed: number;
  epoch: number;
  shuffle: boolean;
  weights: ArrayLike<number> | undefined;
}): Iterable<number> {
  if (weights === undefined) {
    const straight = Array.from({ length: count }, (_, i) => i);
    return shuffle ? new SeededRandom(`order/${seed}/${epoch}`).shuffle(straight) : straight;
  }
  if (weights.length !== count || !shuffle) {
    throw new RangeError(
      `${where}: found ${weights.length} weights for ${count} images and shuffle ${shuffle}, ` +
        "wanted a weight for each image and a mixed order. Leave out shuffle, or weights.",
    );
  }
  return weightedIndices(weights, { seed, epoch });
}

function balancedOrder(labels: ArrayLike<number>, { where, shuffle, weights, balance, ...key }: {
  where: string;
  seed: number;
  epoch: number;
  shuffle: boolean;
  weights: ArrayLike<number> | undefined;
  balance: NonNullable<BatchesOptions["balance"]>;
}): Iterable<number> {
  if (weights !== undefined || !shuffle) {
    throw new RangeError(
      `${where}: found balance together with weights or without shuffle, wanted it alone: it says ` +
        "itself which image comes when. Leave them out.",
    );
  }
  const asked = balance === true || balance === false ? {} : balance;
  checkOptions(`${where}: balance`, asked, ["shares", "replacement"]);
  return balancedIndices(labels, { ...asked, ...key });
}

function checkInteger(where: string, [name, value]: [string, number], low: number): void {
  if (!Number.isInteger(value) || value < low) {
    throw new RangeError(
      `${where}: found ${name} ${value}, wanted an integer from ${low}. Pass { ${name}: ${
        Math.max(low, 32 * low)
      } }, for example.`,
    );
  }
}
