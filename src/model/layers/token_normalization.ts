import type { Tensor, Tf } from "../../tensors/tf.ts";
import type { Layer, LayerConstructor } from "./layer_types.ts";

/** Configuration of {@linkcode tokenNormalizationClass}. */
export interface TokenNormalizationConfig {
  readonly name?: string;
  /** Added to the variance. @default {1e-6} */
  readonly epsilon?: number;
}

/**
 * Layer normalisation (Ba et al., 2016) of each token over the last axis, with a learned scale and
 * offset. The one of TensorFlow.js tiles mean, variance, scale and offset to the size of its input,
 * which on wasm takes more than a quarter of a vision transformer's time, and keeps all of it for the gradient.
 */
export function tokenNormalizationClass(tf: Tf): LayerConstructor<TokenNormalizationConfig> {
  return class TokenNormalization extends tf.layers.Layer {
    static className = "TokenNormalization";
    readonly #epsilon: number;
    #gamma: ReturnType<Layer["addWeight"]> | undefined;
    #beta: ReturnType<Layer["addWeight"]> | undefined;

    constructor({ name, epsilon = 1e-6 }: TokenNormalizationConfig) {
      super({ name });
      this.#epsilon = epsilon;
    }

    override build(shape: number[]): void {
      const width = shape.at(-1)!;
      this.#gamma = this.addWeight("gamma", [width], "float32", tf.initializers.ones());
      this.#beta = this.addWeight("beta", [width], "float32", tf.initializers.zeros());
      this.built = true;
    }

    override computeOutputShape(shape: number[]): number[] {
      return shape;
    }

    override call(inputs: Tensor | Tensor[]): Tensor {
      const x = Array.isArray(inputs) ? inputs[0] : inputs;
      return normalize(tf, [x, this.#gamma!.read(), this.#beta!.read()], this.#epsilon);
    }

    override getConfig() {
      return { ...super.getConfig(), epsilon: this.#epsilon };
    }
  } as unknown as LayerConstructor<TokenNormalizationConfig>;
}

/**
 * The function itself, of x, γ and β.
 *
 * With r = 1 / √(variance + ε), n = (x − mean) · r and g = dy · γ:
 * dx = r · (g − mean(g) − n · mean(g · n)), dγ = Σ dy · n, dβ = Σ dy.
 */
export function normalize(tf: Tf, inputs: Tensor[], epsilon: number): Tensor {
  const run = tf.customGrad((...args: unknown[]) => {
    const [x, gamma, beta, save] = args as [Tensor, Tensor, Tensor, (tensors: Tensor[]) => void];
    const centered = x.sub(x.mean(-1, true));
    const r = centered.square().mean(-1, true).add(epsilon).rsqrt();
    const n = centered.mul(r);
    save([n, r, gamma]);
    return {
      value: n.mul(gamma).add(beta),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [n, r, gamma] = saved;
        const g = dy.mul(gamma);
        const along = n.mul(g.mul(n).mean(-1, true));
        const rows = n.shape.map((_, i) => i).slice(0, -1);
        return [
          g.sub(g.mean(-1, true)).sub(along).mul(r),
          dy.mul(n).sum(rows),
          dy.sum(rows),
        ];
      },
    };
  });
  return run(...inputs);
}
