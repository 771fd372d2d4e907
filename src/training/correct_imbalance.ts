import { checkImbalance, type ImbalanceOptions } from "./check_imbalance.ts";
import { effectiveNumberWeights, imageWeights, inverseFrequencyWeights } from "./class_weights.ts";
import { isClassBalanced } from "./loss_names.ts";

/** What a training does about rare classes. */
export interface ImbalanceCorrection {
  /** The corrections, each in a word; for the manifest. */
  readonly corrections: readonly string[];
  /** Weights for `lossNamed({ classWeights })`; undefined where all classes weigh the same. */
  readonly classWeights: readonly number[] | undefined;
  /** Weights for `batches({ weights })`; undefined where each image is seen once. */
  readonly imageWeights: Float64Array | undefined;
  /** Whether every batch holds as many of each class. */
  readonly balance: boolean;
}

/**
 * The weights that a configuration asks for, from the labels of the training split.
 *
 * @throws {RangeError} as `checkImbalance()` does, for more than one correction
 */
export function correctImbalance(
  { exponent, ...options }: ImbalanceOptions & { readonly exponent?: number },
  train: { readonly labels: ArrayLike<number>; readonly classes: number },
): ImbalanceCorrection {
  const corrections = checkImbalance(options);
  const asked = [options.imbalance ?? "none"].flat();
  const counts = new Array<number>(train.classes).fill(0);
  for (let i = 0; i < train.labels.length; i++) counts[train.labels[i]]++;
  const inverse = () => inverseFrequencyWeights(counts, { exponent });
  const factors = [
    ...isClassBalanced(options.loss) ? [effectiveNumberWeights(counts)] : [],
    ...asked.includes("class_weights") ? [inverse()] : [],
  ];
  return {
    corrections,
    classWeights: factors.length === 0
      ? undefined
      : factors.reduce((product, weights) => product.map((weight, c) => weight * weights[c])),
    imageWeights: asked.includes("sampler") ? imageWeights(train.labels, inverse()) : undefined,
    balance: asked.includes("balanced_batches"),
  };
}
