import type { Tensor, Tensor2D, Tf } from "../tensors/tf.ts";

/**
 * What is explained: the predicted class, one class, a class for each image (-1 for the predicted
 * one), or a function from scores `[batch, classes]` to one number an image.
 */
export type CamTarget = "predicted" | number | ArrayLike<number> | ((scores: Tensor2D) => Tensor);

/** The target of some of the images. */
export function targetOfBatch(target: CamTarget, start: number, count: number): CamTarget {
  return typeof target === "object" ? Array.from(target).slice(start, start + count) : target;
}

/** Classes of a batch, and the score to differentiate. */
export interface ChosenTargets {
  /** -1 where no score is finite. */
  readonly predicted: readonly number[];
  /** -1 where the target is a function, or nothing could be predicted. */
  readonly explained: readonly number[];
  /** The sum of the explained scores: images do not touch each other, so one gradient serves all. */
  readonly total: (tf: Tf, scores: Tensor) => Tensor;
  /** The explained score of each row of scores, `[rows]`; `images` says whose row it is. */
  readonly each: (tf: Tf, scores: Tensor, images: readonly number[]) => Tensor;
}

/**
 * @param rows scores, one row an image
 * @throws {RangeError} for a class that the head does not have
 */
export function chooseTargets(
  rows: readonly Float32Array[],
  { target, binary, rank }: {
    readonly target: CamTarget;
    /** One logit stands for two classes. */
    readonly binary: boolean;
    /** Rank of the scores. */
    readonly rank: number;
  },
): ChosenTargets {
  const predicted = rows.map((row) => binary ? signClass(row[0]) : highest(row));
  if (typeof target === "function") {
    const total = (_: Tf, scores: Tensor) => target(scores as Tensor2D).sum();
    const each = (_: Tf, scores: Tensor) => onePerRow(target(scores as Tensor2D), scores.shape[0]);
    return { predicted, explained: predicted.map(() => -1), total, each };
  }
  if (rank !== 2) {
    throw new RangeError(
      `explain(): found scores of rank ${rank}, wanted [batch, classes]. ` +
        `Pass a function as target that picks the scores to explain`,
    );
  }
  const classes = binary ? 2 : rows[0].length;
  const explained = predicted.map((guess, i) => {
    const asked = target === "predicted" ? -1 : typeof target === "number" ? target : target[i];
    // Unlabelled samples carry -1.
    if (asked === -1 && typeof target !== "number") return guess;
    if (Number.isInteger(asked) && asked >= 0 && asked < classes) return asked;
    throw new RangeError(
      `explain(): found target ${asked}, wanted a class from 0 to ${classes - 1}. Check the labels`,
    );
  });
  const weights = rows.map((row, i) =>
    binary ? [2 * explained[i] - 1] : oneHot(row.length, explained[i])
  );
  return {
    predicted,
    explained,
    total: (tf, scores) => scores.mul(tf.tensor2d(weights)).sum(),
    each: (tf, scores, images) => scores.mul(tf.tensor2d(images.map((i) => weights[i]))).sum(1),
  };
}

/** Methods that change the image need the answer for each of them. */
function onePerRow(answer: Tensor, rows: number): Tensor {
  if (answer.size === rows) return answer.reshape([rows]);
  throw new RangeError(
    `explain(): found a target of shape [${answer.shape.join(", ")}] for ${rows} images, wanted ` +
      `one number for each. Sum over the classes only, e.g. (scores) => scores.gather([1], 1).sum(1)`,
  );
}

function oneHot(length: number, index: number): number[] {
  return Array.from({ length }, (_, i) => i === index ? 1 : 0);
}

function signClass(logit: number): number {
  return Number.isNaN(logit) ? -1 : logit > 0 ? 1 : 0;
}

function highest(row: Float32Array): number {
  let best = -1;
  row.forEach((score, i) => {
    if (!Number.isNaN(score) && (best < 0 || score > row[best])) best = i;
  });
  return best;
}
