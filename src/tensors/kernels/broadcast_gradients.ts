import type { GradConfig, NamedAttrMap, Tensor } from "@tensorflow/tfjs";
import type { Tf } from "../tf.ts";

/** Operations that repeat a smaller operand, but whose gradient in TensorFlow.js does not know it. */
const NAMES = ["BatchMatMul", "Maximum", "Minimum", "SquaredDifference"];

/** Their gradients, added up over the axes along which an operand was repeated. */
export function broadcastGradients(tf: Tf): GradConfig[] {
  return NAMES.map((name) => {
    const brought = tf.getGradient(name);
    const gradFunc = (dy: Tensor, saved: Tensor[], attrs: NamedAttrMap) => {
      const { a, b } = brought.gradFunc(dy, saved, attrs);
      return {
        a: () => summedTo(tf, a(), saved[0].shape),
        b: () => summedTo(tf, b(), saved[1].shape),
      };
    };
    return { ...brought, gradFunc: gradFunc as GradConfig["gradFunc"] };
  });
}

function summedTo(tf: Tf, gradient: Tensor, shape: number[]): Tensor {
  const more = gradient.shape.length - shape.length;
  const repeated = gradient.shape.flatMap((size, axis) =>
    axis < more || (shape[axis - more] === 1 && size !== 1) ? [axis] : []
  );
  return repeated.length === 0 ? gradient : tf.reshape(tf.sum(gradient, repeated), shape);
}
