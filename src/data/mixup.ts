import { checkOptions } from "../_internal/check_options.ts";
import { SeededRandom } from "../_internal/seeded_random.ts";
import type { Batch } from "./batches.ts";

/** Options of {@linkcode mixup}. */
export interface MixupOptions {
  /** Number of classes. */
  readonly classes: number;
  /** Both parameters of the beta distribution that shares are drawn from. @default {0.2} */
  readonly alpha?: number;
  /** Seed of the run. @default {0} */
  readonly seed?: number;
}

/** A batch whose images are mixtures. */
export interface MixedBatch {
  /** As in the batch. */
  readonly x: Float32Array;
  /** `count * classes` shares; each row sums to 1. */
  readonly y: Float32Array;
  /** Share of each image's own pixels and label. */
  readonly shares: Float32Array;
  /** Position in the batch of the image that each was mixed with. */
  readonly partners: Int32Array;
}

/**
 * Mixes each image of a batch with another one of it, pixels and labels in the same shares (Zhang et
 * al., mixup, 2018). Deterministic in (seed, epoch, step).
 *
 * @throws {RangeError} for an alpha that is not above 0, and for labels that are no class
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { batches, mixup, syntheticFundus } from "@qsight/qsight/data";
 * const [batch] = batches(syntheticFundus({ count: 4, size: 16, seed: 1 }), { batchSize: 4 });
 * const { y } = mixup(batch, { classes: 5, seed: 1 });
 * assert.ok(Math.abs(y.subarray(0, 5).reduce((a, b) => a + b) - 1) < 1e-6);
 * ```
 */
export function mixup(batch: Batch, options: MixupOptions): MixedBatch {
  checkOptions("mixup()", options, ["classes", "alpha", "seed"]);
  const { classes, alpha = 0.2, seed = 0 } = options, count = batch.y.length;
  if (!(alpha > 0 && alpha < Infinity)) {
    throw new RangeError(`mixup(): found alpha ${alpha}, wanted a number above 0. Pass e.g. 0.2.`);
  }
  const bad = batch.y.find((label) => label < 0 || label >= classes);
  if (bad !== undefined || !Number.isInteger(classes)) {
    throw new RangeError(
      `mixup(): found label ${bad} of ${classes} classes, wanted 0 to ${
        classes - 1
      }. Pass classes.`,
    );
  }
  const random = new SeededRandom(`mixup/${seed}/${batch.epoch}/${batch.step}`);
  const partners = Int32Array.from(random.shuffle(Array.from({ length: count }, (_, i) => i)));
  const shares = new Float32Array(count).map(() => drawBeta(random, alpha));
  const x = new Float32Array(batch.x.length), y = new Float32Array(count * classes);
  const size = batch.x.length / count;
  for (let n = 0; n < count; n++) {
    const own = shares[n], other = partners[n];
    for (let i = 0; i < size; i++) {
      x[n * size + i] = own * batch.x[n * size + i] + (1 - own) * batch.x[other * size + i];
    }
    y[n * classes + batch.y[n]] += own;
    y[n * classes + batch.y[other]] += 1 - own;
  }
  return { x, y, shares, partners };
}

/** A draw from Beta(alpha, alpha), as two gamma draws (Marsaglia and Tsang, 2000). */
function drawBeta(random: SeededRandom, alpha: number): number {
  const [a, b] = [drawGamma(random, alpha), drawGamma(random, alpha)];
  // Both may underflow where alpha is tiny: the image stays itself or becomes the other.
  return a + b === 0 ? (random.next() < 0.5 ? 0 : 1) : a / (a + b);
}

function drawGamma(random: SeededRandom, shape: number): number {
  if (shape < 1) return drawGamma(random, shape + 1) * (1 - random.next()) ** (1 / shape);
  const d = shape - 1 / 3, c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const normal = random.normal(), v = (1 + c * normal) ** 3;
    if (v <= 0) continue;
    const u = 1 - random.next();
    if (Math.log(u) < 0.5 * normal ** 2 + d - d * v + d * Math.log(v)) return d * v;
  }
}
