import type { GradConfig, NamedAttrMap, Tensor } from "@tensorflow/tfjs";
import type { Tf } from "../tf.ts";

/**
 * The gradients of `Sum` and `Mean`: the small one divided, then repeated. Those of TensorFlow.js
 * multiply it with as many ones as the input has numbers, made anew in each step, and divide the
 * product; with batch norms that is an eighth of a training step.
 */
export function reductionGradients(tf: Tf): GradConfig[] {
  return (["Sum", "Mean"] as const).map((kernelName) => {
    const brought = tf.getGradient(kernelName);
    const gradFunc = (dy: Tensor, [x]: Tensor[], { axis }: NamedAttrMap) => {
      const axes = new Set(tf.util.parseAxisParam(axis as unknown as number[], x.shape));
      const kept = x.shape.map((size, i) => axes.has(i) ? 1 : size);
      const count = x.shape.reduce((product, size, i) => axes.has(i) ? product * size : product, 1);
      return {
        x: () => {
          const each = kernelName === "Mean" ? tf.div(dy, count) : dy;
          return tf.broadcastTo(tf.reshape(each, kept), x.shape);
        },
      };
    };
    return { ...brought, gradFunc: gradFunc as GradConfig["gradFunc"] };
  });
}
