import { type NamedTensorMap, type Scalar, type Tensor, tfjs } from "../tensors/tf.ts";

/** What {@linkcode clipGradients} returns; the caller disposes of all of it. */
export interface ClippedGradients {
  /** New tensors under the same names. */
  readonly gradients: NamedTensorMap;
  /** The norm before; NaN or infinite where a gradient is. */
  readonly norm: Scalar;
}

/**
 * Scales all gradients together so that their global norm, the root of the sum of all squares, is at
 * most `maxNorm` (Pascanu et al., arXiv:1211.5063). A smaller norm leaves every bit as it was.
 *
 * @throws {RangeError} for a norm that is not above 0
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { openTensors, tfjs } from "@qsight/qsight/tensors";
 * import { clipGradients } from "@qsight/qsight/training";
 * await openTensors({ prefer: "wasm" });
 * const { gradients, norm } = clipGradients({ w: tfjs().tensor1d([3, 4]) }, 0.5);
 * assert.equal(norm.dataSync()[0], 5);
 * assert.ok(Math.abs(gradients.w.dataSync()[1] - 0.4) < 1e-6);
 * ```
 */
export function clipGradients(gradients: NamedTensorMap, maxNorm: number): ClippedGradients {
  if (!(maxNorm > 0)) {
    throw new RangeError(
      `clipNorm must be above 0, found ${maxNorm}; pass null for no clipping`,
    );
  }
  const tf = tfjs();
  const names = Object.keys(gradients).filter((name) => gradients[name] !== null);
  return tf.tidy(() => {
    // Squares of float32 numbers above 1e19 are infinite: the largest number is taken out first.
    const largest = tf.maximum(
      highest(names.map((name) => gradients[name].abs().max() as Scalar)),
      1e-30,
    );
    const squares = names.map((name) => gradients[name].div(largest).square().sum());
    const norm = tf.addN([tf.scalar(0), ...squares]).sqrt().mul(largest) as Scalar;
    const scale = tf.minimum(1, tf.div(maxNorm, norm));
    const clipped = names.map((name) => [name, gradients[name].mul(scale)] as [string, Tensor]);
    return { gradients: Object.fromEntries(clipped), norm };
  });
}

function highest(values: readonly Scalar[]): Scalar {
  const tf = tfjs();
  return values.length === 0 ? tf.scalar(0) : tf.stack([...values]).max() as Scalar;
}
