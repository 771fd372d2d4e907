import type { Tensor, Tensor2D, Tf } from "../../tensors/tf.ts";

/** Far above any cost that is not cut off anyway. */
const HIGHEST_POWER = 30;

/**
 * What answering each grade is expected to cost, `[batch, classes]`: the sum over grades i of
 * p_i · (exp(growth · |i − j|) − 1). A grade off by one costs nothing.
 */
export function expectedCost(tf: Tf, probabilities: Tensor2D, growth: Tensor): Tensor {
  const classes = probabilities.shape[1];
  const distance = square(tf, classes, (i, j) => Math.abs(i - j));
  const far = square(tf, classes, (i, j) => Math.abs(i - j) > 1 ? 1 : 0);
  // Between the ends of a hundred classes the power would be infinite, and 0 times it NaN.
  const costs = tf.exp(distance.mul(growth).minimum(HIGHEST_POWER)).sub(1).mul(far);
  return probabilities.matMul(costs as Tensor2D);
}

/** Each grade's probability between those of the grades beside it; beyond the ends they are 0. */
export function neighbourhoods(
  tf: Tf,
  probabilities: Tensor2D,
): { readonly triples: Tensor2D; readonly beside: Tensor } {
  const [batch, classes] = probabilities.shape;
  // Products with constant matrices: gradients of slices and pads would cost more than they do.
  const spread = tf.tensor2d(
    Array.from(
      { length: classes },
      (_, i) => Array.from({ length: 3 * classes }, (_, k) => i === at(k) ? 1 : 0),
    ),
  );
  const triples = probabilities.matMul(spread).reshape([batch * classes, 3]) as Tensor2D;
  const next = square(tf, classes, (i, j) => Math.abs(i - j) === 1 ? 1 : 0);
  return { triples, beside: probabilities.matMul(next) };
}

/** Which grade stands in column k: of grade j the columns 3j, 3j + 1, 3j + 2 are j − 1, j, j + 1. */
function at(k: number): number {
  return Math.floor(k / 3) + k % 3 - 1;
}

function square(tf: Tf, size: number, value: (i: number, j: number) => number): Tensor2D {
  return tf.tensor2d(
    Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_, j) => value(i, j))),
  );
}
