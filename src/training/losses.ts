import { checkOptions, unknownName } from "../_internal/check_options.ts";
import { type Scalar, type Tensor1D, type Tensor2D, tfjs } from "../tensors/tf.ts";
import { effectiveNumberWeights } from "./class_weights.ts";
import { isClassBalanced, LOSSES, type LossName } from "./loss_names.ts";

/** A loss: logits and one-hot labels, both `[batch, classes]` float32, to their mean over the batch. */
export type Loss = (logits: Tensor2D, oneHot: Tensor2D) => Scalar;

/** Options of {@linkcode lossNamed}. */
export interface LossOptions {
  /** Share of each label that is spread over all classes; the two cross-entropies only. @default {0} */
  readonly labelSmoothing?: number;
  /** Training images of each class; `class_balanced` and `focal_class_balanced` take their weights from it. */
  readonly classCounts?: readonly number[];
  /** Weight of each class's images. @default {the effective numbers for the two class-balanced losses, else 1} */
  readonly classWeights?: readonly number[];
  /** Exponent of `focal_class_balanced`: 0, or from 1 on. @default {2} */
  readonly gamma?: number;
}

/**
 * The loss of a name. Each is a mean over the images of a batch, an image of class `c` counting
 * `classWeights[c]`; the sum is not divided by the weights, so that batches add up.
 *
 * - `cross_entropy`: softmax cross-entropy, labels smoothed by `labelSmoothing`.
 * - `class_balanced`: the same, weighted by the effective number of images (Cui et al.,
 *   arXiv:1901.05555).
 * - `focal_class_balanced`: these weights, and each image times (1 − p)^gamma of its own probability
 *   (Lin et al., arXiv:1708.02002).
 * - `squared_emd`: squared earth mover's distance between the predicted distribution and the label,
 *   the sum of squared differences of the cumulative distributions (Hou et al., arXiv:1611.05916);
 *   it knows that grades have an order.
 * - `corn`: conditional ordinal regression (Shi et al., arXiv:2111.08851): K − 1 binary tasks
 *   "above grade k, given at least k", mean over all tasks of the batch. It reads the tasks from the
 *   distribution of K logits, where by the chain rule their sum is the cross-entropy: what makes it
 *   ordinal are heads that answer by steps between grades, `hybridModel({ ordinal: true })`.
 *
 * @throws {TypeError} for an unknown name, or a class-balanced loss without counts
 * @throws {RangeError} for a gamma or for counts that make no sense
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { openTensors, tfjs } from "@qsight/qsight/tensors";
 * import { lossNamed } from "@qsight/qsight/training";
 * await openTensors({ prefer: "wasm" });
 * const loss = lossNamed("class_balanced", { classCounts: [90, 10] });
 * const [rare, frequent] = [[[0, 1]], [[1, 0]]].map((label) =>
 *   loss(tfjs().tensor2d([[0, 0]]), tfjs().tensor2d(label)).dataSync()[0]
 * );
 * assert.ok(rare > 8 * frequent);
 * ```
 */
export function lossNamed(name: LossName, options: LossOptions = {}): Loss {
  checkOptions("lossNamed", options, ["labelSmoothing", "classCounts", "classWeights", "gamma"]);
  if (!LOSSES.includes(name)) {
    throw new TypeError(unknownName("lossNamed", "loss", String(name), LOSSES));
  }
  const { labelSmoothing = 0, gamma = 2 } = options;
  checkGamma(gamma);
  const weights = options.classWeights ?? balancedWeights(name, options.classCounts);
  const rowsOf = (logits: Tensor2D, y: Tensor2D): Tensor1D => {
    if (name === "squared_emd") return emdRows(logits, y);
    if (name === "focal_class_balanced") return focalRows(logits, y, gamma);
    return crossEntropyRows(logits, name === "corn" ? y : smooth(y, labelSmoothing));
  };
  return (logits, y) => {
    const rows = rowsOf(logits, y);
    const weighted = weights === undefined ? rows : rows.mul(ofLabel(y, weights));
    if (name !== "corn") return weighted.mean() as Scalar;
    const tasks = Array.from({ length: y.shape[1] }, (_, c) => tasksOf(c, y.shape[1]));
    return weighted.sum().div(ofLabel(y, tasks).sum()) as Scalar;
  };
}

function balancedWeights(name: LossName, counts?: readonly number[]): number[] | undefined {
  if (!isClassBalanced(name)) return undefined;
  if (counts !== undefined) return effectiveNumberWeights(counts);
  throw new TypeError(
    `lossNamed: found "${name}" without classCounts, wanted the training images of each class; ` +
      `pass { classCounts: classCounts(data.train) }`,
  );
}

/** Between 0 and 1 the slope at a certain answer is infinite. */
function checkGamma(gamma: number): void {
  if (gamma === 0 || (gamma >= 1 && Number.isFinite(gamma))) return;
  throw new RangeError(`lossNamed: gamma must be 0, or 1 or more, found ${gamma}; leave it out`);
}

function smooth(oneHot: Tensor2D, amount: number): Tensor2D {
  return amount === 0 ? oneHot : oneHot.mul(1 - amount).add(amount / oneHot.shape[1]) as Tensor2D;
}

/** Of each row the number that belongs to its label. */
function ofLabel(oneHot: Tensor2D, values: readonly number[]): Tensor1D {
  if (values.length !== oneHot.shape[1]) {
    throw new RangeError(
      `lossNamed: found ${values.length} class weights for ${oneHot.shape[1]} classes; ` +
        "pass one for each class",
    );
  }
  return oneHot.mul(tfjs().tensor1d([...values])).sum(1) as Tensor1D;
}

/** Tasks of CORN that an image of a class takes part in: all up to its own, and the last has none. */
export function tasksOf(label: number, classes: number): number {
  return Math.min(label + 1, classes - 1);
}

function crossEntropyRows(logits: Tensor2D, y: Tensor2D): Tensor1D {
  return tfjs().logSoftmax(logits).mul(y).sum(1).neg() as Tensor1D;
}

function focalRows(logits: Tensor2D, y: Tensor2D, gamma: number): Tensor1D {
  const loss = crossEntropyRows(logits, y);
  if (gamma === 0) return loss;
  // 1 − p, without the digits that are lost where p is almost 1.
  const miss = loss.neg().expm1().neg();
  return loss.mul(gamma === 2 ? miss.square() : miss.pow(gamma)) as Tensor1D;
}

function emdRows(logits: Tensor2D, y: Tensor2D): Tensor1D {
  const tf = tfjs();
  // A product with a triangle of ones: its gradient exists on every backend, cumsum's does not.
  const classes = y.shape[1];
  const triangle = tf.tensor2d(
    Array.from(
      { length: classes },
      (_, i) => Array.from({ length: classes }, (_, j) => i <= j ? 1 : 0),
    ),
  );
  return tf.softmax(logits).sub(y).matMul(triangle).square().sum(1) as Tensor1D;
}

/**
 * The same losses of probabilities, as numbers: the mean over rows, for a validation split. Without
 * `classWeights` every row counts alike, in the class-balanced losses too: a validation loss that
 * moves with the weights of the training could not be compared between epochs.
 *
 * @param probabilities `yTrue.length * classes` numbers
 */
export function meanLoss(
  name: LossName,
  yTrue: ArrayLike<number>,
  { probabilities, classes, labelSmoothing = 0, classWeights, gamma = 2 }: {
    readonly probabilities: ArrayLike<number>;
    readonly classes: number;
    readonly labelSmoothing?: number;
    readonly classWeights?: readonly number[];
    readonly gamma?: number;
  },
): number {
  const smoothing = name === "cross_entropy" || name === "class_balanced" ? labelSmoothing : 0;
  let total = 0, parts = 0;
  for (let row = 0; row < yTrue.length; row++) {
    const label = yTrue[row], weight = classWeights?.[label] ?? 1;
    parts += name === "corn" ? tasksOf(label, classes) : 1;
    let gap = 0;
    for (let c = 0; c < classes; c++) {
      const p = probabilities[row * classes + c];
      const hit = c === label ? 1 : 0;
      if (name === "squared_emd") {
        gap += p - hit;
        total += weight * gap * gap;
      } else {
        // A float32 softmax can answer 0 exactly; the floor keeps one such row from being infinite.
        const y = hit * (1 - smoothing) + smoothing / classes;
        const focus = name === "focal_class_balanced" ? (1 - p) ** gamma : 1;
        total -= weight * focus * y * Math.log(Math.max(p, 1e-12));
      }
    }
  }
  return total / parts;
}
