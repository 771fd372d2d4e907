import { checkOptions } from "../_internal/check_options.ts";

/** Options of {@linkcode inverseFrequencyWeights}. */
export interface InverseFrequencyOptions {
  /** 0 weighs all classes alike, 1 makes them count alike, between is between. @default {1} */
  readonly exponent?: number;
}

/**
 * Weights of classes that are the larger the rarer a class is: (images / (classes · count)) to the
 * power of `exponent`, scaled to mean 1 over the classes that have images. A class without images
 * gets 0.
 *
 * @param counts images of each class
 * @throws {RangeError} for counts that are not whole numbers from 0 on, or all 0; a bad exponent
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { inverseFrequencyWeights } from "@qsight/qsight/training";
 * assert.deepEqual(inverseFrequencyWeights([30, 10]), [0.5, 1.5]);
 * assert.deepEqual(inverseFrequencyWeights([30, 10], { exponent: 0 }), [1, 1]);
 * ```
 */
export function inverseFrequencyWeights(
  counts: readonly number[],
  options: InverseFrequencyOptions = {},
): number[] {
  checkOptions("inverseFrequencyWeights", options, ["exponent"]);
  const { exponent = 1 } = options;
  if (!(exponent >= 0 && Number.isFinite(exponent))) {
    throw new RangeError(
      `inverseFrequencyWeights: exponent must be 0 or more, found ${exponent}; leave it out for 1`,
    );
  }
  const images = checkCounts("inverseFrequencyWeights", counts);
  return meanOne(counts.map((n) => n === 0 ? 0 : (images / (counts.length * n)) ** exponent));
}

/** Options of {@linkcode effectiveNumberWeights}. */
export interface EffectiveNumberOptions {
  /** How much a further image still adds; from 0 up to but not 1. @default {0.999} */
  readonly beta?: number;
}

/**
 * Weights by the effective number of images, (1 − beta) / (1 − beta^count) (Cui et al.,
 * arXiv:1901.05555), scaled to mean 1 over the classes that have images: beyond about
 * 1 / (1 − beta) images a class is not weighed down further.
 *
 * @param counts images of each class
 * @throws {RangeError} for counts that are not whole numbers from 0 on, or all 0; a bad beta
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { effectiveNumberWeights } from "@qsight/qsight/training";
 * const [frequent, rare] = effectiveNumberWeights([100_000, 10_000]);
 * assert.ok(rare / frequent < 1.001);
 * ```
 */
export function effectiveNumberWeights(
  counts: readonly number[],
  options: EffectiveNumberOptions = {},
): number[] {
  checkOptions("effectiveNumberWeights", options, ["beta"]);
  const { beta = 0.999 } = options;
  if (!(beta >= 0 && beta < 1)) {
    throw new RangeError(
      `effectiveNumberWeights: beta must be at least 0 and below 1, found ${beta}; try 0.999`,
    );
  }
  checkCounts("effectiveNumberWeights", counts);
  return meanOne(counts.map((n) => n === 0 ? 0 : (1 - beta) / (1 - beta ** n)));
}

/**
 * The weight of each image by its class: what `batches({ weights })` draws with.
 *
 * @throws {RangeError} for a label without a weight
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { imageWeights } from "@qsight/qsight/training";
 * assert.deepEqual([...imageWeights([1, 0, 1], [0.5, 1.5])], [1.5, 0.5, 1.5]);
 * ```
 */
export function imageWeights(
  labels: ArrayLike<number>,
  classWeights: readonly number[],
): Float64Array {
  return Float64Array.from(labels, (label, i) => {
    const weight = classWeights[label];
    if (weight !== undefined) return weight;
    throw new RangeError(
      `imageWeights: image ${i} has label ${label}, found ${classWeights.length} class weights; ` +
        "pass one for each class",
    );
  });
}

/** Scaled so that the weights above 0 have mean 1. */
export function meanOne(weights: readonly number[]): number[] {
  const present = weights.filter((weight) => weight > 0);
  const mean = present.reduce((sum, weight) => sum + weight, 0) / present.length;
  return weights.map((weight) => weight / mean);
}

function checkCounts(where: string, counts: readonly number[]): number {
  const bad = counts.find((n) => !Number.isInteger(n) || n < 0);
  const images = counts.reduce((sum, n) => sum + n, 0);
  if (bad === undefined && images > 0) return images;
  throw new RangeError(
    `${where}: found ${bad === undefined ? "no images" : `a count of ${bad}`}, wanted whole ` +
      "numbers from 0 on, one for each class; pass classCounts(data.train)",
  );
}
