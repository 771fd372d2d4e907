import type { GradConfig, NamedAttrMap, Tensor } from "@tensorflow/tfjs";
import type { Tf } from "../tf.ts";

/**
 * The gradient of `FusedBatchNorm` from two sums over the batch. The one of TensorFlow.js spells
 * out four large products and tiles the variance over the whole batch, which on wasm takes almost
 * half of a training step.
 *
 * With r = 1 / √(variance + ε), S = Σ dy and T = Σ dy · (x − mean) per channel:
 * dx = dy·γ·r, dmean = −S·γ·r, dvariance = −T·γ·r³ / 2, dγ = T·r, dβ = S.
 */
export function batchNormGradient(tf: Tf): GradConfig {
  const brought = tf.getGradient("FusedBatchNorm");
  const gradFunc = (dy: Tensor, saved: Tensor[], attrs: NamedAttrMap) => {
    const [x, mean, variance, scale] = saved;
    if (mean.rank !== 1) return brought.gradFunc(dy, saved, attrs);
    const r = tf.rsqrt(tf.add(variance, attrs.varianceEpsilon as unknown as number));
    const factor = tf.mul(scale, r);
    const axes = x.shape.map((_, i) => i).slice(0, -1);
    const sumDy = tf.sum(dy, axes);
    const sumDyX = tf.sum(tf.mul(dy, tf.sub(x, mean)), axes);
    return {
      x: () => tf.mul(dy, factor),
      mean: () => tf.neg(tf.mul(sumDy, factor)),
      variance: () => tf.mul(tf.mul(tf.mul(sumDyX, factor), tf.square(r)), -0.5),
      scale: () => tf.mul(sumDyX, r),
      offset: () => sumDy,
    };
  };
  return { ...brought, gradFunc: gradFunc as GradConfig["gradFunc"] };
}
