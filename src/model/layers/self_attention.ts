import { hash32 } from "../../_internal/hash32.ts";
import type { Tensor, Tf } from "../../tensors/tf.ts";
import type { Layer, LayerConstructor } from "./layer_types.ts";

/** Configuration of {@linkcode selfAttentionClass}. */
export interface SelfAttentionConfig {
  readonly name?: string;
  /** Attention heads; the width of a token is a multiple of them. */
  readonly heads: number;
  /** Seed of the initial weights. @default {0} */
  readonly seed?: number;
}

/** Names of the weights, in order: queries, keys and values in one kernel, then the way out. */
const WEIGHTS = ["in_kernel", "in_bias", "out_kernel", "out_bias"] as const;

/**
 * Multi-head self-attention (Vaswani et al., 2017) with biases and without mask or dropout:
 * `[batch, tokens, width]` → the same. The columns of `in_kernel` are the rows of PyTorch's
 * `in_proj_weight`: queries, keys, values, each head after head.
 */
export function selfAttentionClass(tf: Tf): LayerConstructor<SelfAttentionConfig> {
  return class SelfAttention extends tf.layers.Layer {
    static className = "SelfAttention";
    readonly #heads: number;
    readonly #seed: number;
    #own: ReturnType<Layer["addWeight"]>[] = [];

    constructor({ name, heads, seed = 0 }: SelfAttentionConfig) {
      super({ name });
      this.#heads = heads;
      this.#seed = seed;
    }

    override build(shape: number[]): void {
      const width = shape[2];
      const shapes = [[width, 3 * width], [3 * width], [width, width], [width]];
      this.#own = shapes.map((shape, i) => {
        const initializer = shape.length === 1
          ? tf.initializers.zeros()
          : tf.initializers.glorotUniform({ seed: hash32(`${this.#seed}/${WEIGHTS[i]}`) });
        return this.addWeight(WEIGHTS[i], shape, "float32", initializer);
      });
      this.built = true;
    }

    override computeOutputShape(shape: number[]): number[] {
      return shape;
    }

    override call(inputs: Tensor | Tensor[]): Tensor {
      const x = Array.isArray(inputs) ? inputs[0] : inputs;
      const [batch, tokens, width] = x.shape;
      const [heads, depth] = [this.#heads, width / this.#heads];
      return tf.tidy(() => {
        const [inKernel, inBias, outKernel, outBias] = this.#own.map((weight) => weight.read());
        const projected = x.reshape([batch * tokens, width]).matMul(inKernel).add(inBias)
          .reshape([batch, tokens, 3 * heads, depth]).transpose([0, 2, 1, 3]);
        const [queries, keys, values] = tf.split(projected, 3, 1);
        const scores = tf.matMul(queries.mul(1 / Math.sqrt(depth)), keys, false, true);
        const mixed = tf.matMul(tf.softmax(scores), values).transpose([0, 2, 1, 3]);
        return mixed.reshape([batch * tokens, width]).matMul(outKernel).add(outBias)
          .reshape([batch, tokens, width]);
      });
    }

    override getConfig() {
      return { ...super.getConfig(), heads: this.#heads, seed: this.#seed };
    }
  } as unknown as LayerConstructor<SelfAttentionConfig>;
}
