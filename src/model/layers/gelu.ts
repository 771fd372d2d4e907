import type { Tensor, Tf } from "../../tensors/tf.ts";
import type { LayerConstructor } from "./layer_types.ts";

/** Configuration of {@linkcode geluClass}. */
export interface GeluConfig {
  readonly name?: string;
}

/**
 * The exact GELU (Hendrycks and Gimpel, 2016), x · Φ(x). The activation of TensorFlow.js is a chain
 * of operations that each keep a tensor of the size of the input for the gradient; this one keeps
 * the input alone.
 */
export function geluClass(tf: Tf): LayerConstructor<GeluConfig> {
  return class Gelu extends tf.layers.Layer {
    static className = "Gelu";

    override computeOutputShape(shape: number[]): number[] {
      return shape;
    }

    override call(inputs: Tensor | Tensor[]): Tensor {
      return gelu(tf, Array.isArray(inputs) ? inputs[0] : inputs);
    }
  } as unknown as LayerConstructor<GeluConfig>;
}

/** The function itself. Its gradient is Φ(x) + x · φ(x), of the normal distribution and its density. */
export function gelu(tf: Tf, x: Tensor): Tensor {
  const below = (x: Tensor) => tf.erf(x.mul(Math.SQRT1_2)).add(1).mul(0.5);
  const run = tf.customGrad((...args: unknown[]) => {
    const [x, save] = args as [Tensor, (tensors: Tensor[]) => void];
    save([x]);
    return {
      value: x.mul(below(x)),
      gradFunc: (dy: Tensor, [x]: Tensor[]) => {
        const density = x.square().mul(-0.5).exp().div(Math.sqrt(2 * Math.PI));
        return dy.mul(below(x).add(x.mul(density)));
      },
    };
  });
  return run(x);
}
