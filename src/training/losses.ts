import { checkOptions, unknownName } from "../_internal/check_options.ts";
import { type Scalar, type Tensor2D, tfjs } from "../tensors/tf.ts";

/** Names of the losses. */
export type LossName = "cross_entropy" | "squared_emd";

const LOSSES: readonly LossName[] = ["cross_entropy", "squared_emd"];

/** A loss: logits and one-hot labels, both `[batch, classes]` float32, to their mean over the batch. */
export type Loss = (logits: Tensor2D, oneHot: Tensor2D) => Scalar;

/** Options of {@linkcode lossNamed}. */
export interface LossOptions {
  /** Share of each label that is spread over all classes; cross-entropy only. @default {0} */
  readonly labelSmoothing?: number;
}

/**
 * The loss of a name.
 *
 * - `cross_entropy`: softmax cross-entropy, labels smoothed by `labelSmoothing`.
 * - `squared_emd`: squared earth mover's distance between the predicted distribution and the label,
 *   the sum of squared differences of the cumulative distributions (Hou et al., arXiv:1611.05916);
 *   it knows that grades have an order.
 *
 * @throws {TypeError} for an unknown name
 */
export function lossNamed(name: LossName, options: LossOptions = {}): Loss {
  checkOptions("lossNamed", options, ["labelSmoothing"]);
  const { labelSmoothing = 0 } = options;
  if (name === "cross_entropy") {
    return (logits, y) => crossEntropy(logits, smooth(y, labelSmoothing));
  }
  if (name === "squared_emd") return squaredEmd;
  throw new TypeError(unknownName("lossNamed", "loss", String(name), LOSSES));
}

function smooth(oneHot: Tensor2D, amount: number): Tensor2D {
  return amount === 0 ? oneHot : oneHot.mul(1 - amount).add(amount / oneHot.shape[1]) as Tensor2D;
}

function crossEntropy(logits: Tensor2D, y: Tensor2D): Scalar {
  return tfjs().logSoftmax(logits).mul(y).sum(1).mean().neg() as Scalar;
}

function squaredEmd(logits: Tensor2D, y: Tensor2D): Scalar {
  const tf = tfjs();
  // A product with a triangle of ones: its gradient exists on every backend, cumsum's does not.
  const classes = y.shape[1];
  const triangle = tf.tensor2d(
    Array.from(
      { length: classes },
      (_, i) => Array.from({ length: classes }, (_, j) => i <= j ? 1 : 0),
    ),
  );
  return tf.softmax(logits).sub(y).matMul(triangle).square().sum(1).mean() as Scalar;
}

/**
 * The same losses of probabilities, as numbers: the mean over rows, for a validation split.
 *
 * @param probabilities `yTrue.length * classes` numbers
 */
export function meanLoss(
  name: LossName,
  yTrue: ArrayLike<number>,
  { probabilities, classes, labelSmoothing = 0 }: {
    readonly probabilities: ArrayLike<number>;
    readonly classes: number;
    readonly labelSmoothing?: number;
  },
): number {
  let total = 0;
  for (let row = 0; row < yTrue.length; row++) {
    let gap = 0;
    for (let c = 0; c < classes; c++) {
      const p = probabilities[row * classes + c];
      const hit = c === yTrue[row] ? 1 : 0;
      if (name === "squared_emd") {
        gap += p - hit;
        total += gap * gap;
      } else {
        // A float32 softmax can answer 0 exactly; the floor keeps one such row from being infinite.
        const y = hit * (1 - labelSmoothing) + labelSmoothing / classes;
        total -= y * Math.log(Math.max(p, 1e-12));
      }
    }
  }
  return total / yTrue.length;
}
