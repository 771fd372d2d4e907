import type { GradConfig, NamedAttrMap, Tensor } from "@tensorflow/tfjs";
import type { Tf } from "../tf.ts";

/**
 * The gradients of `MaxPool` and `AvgPool`. Those of TensorFlow.js forget `dimRoundingMode`, so
 * that the backward pass would see fewer windows than the forward pass had.
 */
export function poolGradients(tf: Tf): GradConfig[] {
  const max = (dy: Tensor, [input, output]: Tensor[], attrs: NamedAttrMap) => ({
    x: () => tf.engine().runKernel("MaxPoolGrad", { dy, input, output }, attrs) as Tensor,
  });
  const average = (dy: Tensor, [input]: Tensor[], attrs: NamedAttrMap) => ({
    x: () => tf.engine().runKernel("AvgPoolGrad", { dy, input }, attrs) as Tensor,
  });
  return [
    { ...tf.getGradient("MaxPool"), gradFunc: max as GradConfig["gradFunc"] },
    { ...tf.getGradient("AvgPool"), gradFunc: average as GradConfig["gradFunc"] },
  ];
}
