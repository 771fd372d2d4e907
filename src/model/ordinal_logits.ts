import { type Tensor2D, tfjs } from "../tensors/tf.ts";

/**
 * What makes a head ordinal in the sense of CORN (Shi et al., arXiv:2111.08851): K − 1 numbers, the
 * logits of "above grade k, given at least k", become K logits of the grades by the chain rule. Their
 * softmax is the distribution, so fusion, metrics and predictions go on as for any other head.
 *
 * @param tasks `[batch, classes - 1]`
 * @returns `[batch, classes]`: logarithms of probabilities that sum to 1
 */
export function ordinalLogits(tasks: Tensor2D): Tensor2D {
  const tf = tfjs();
  return tf.tidy(() => {
    const [batch, count] = tasks.shape;
    // Reaching grade c means having passed every task below it.
    const below = tf.tensor2d(
      Array.from(
        { length: count },
        (_, k) => Array.from({ length: count + 1 }, (_, c) => k < c ? 1 : 0),
      ),
    );
    const reached = tf.softplus(tasks.neg()).neg().matMul(below);
    const stayed = tf.concat([tf.softplus(tasks).neg(), tf.zeros([batch, 1])], 1);
    return reached.add(stayed) as Tensor2D;
  });
}
