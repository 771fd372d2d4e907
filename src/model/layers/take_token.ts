import type { Tensor, Tf } from "../../tensors/tf.ts";
import type { LayerConstructor } from "./layer_types.ts";

/** Configuration of {@linkcode takeTokenClass}. */
export interface TakeTokenConfig {
  readonly name?: string;
  /** Which token, from 0. */
  readonly index: number;
}

/** One token of each image: `[batch, tokens, width]` → `[batch, width]`. */
export function takeTokenClass(tf: Tf): LayerConstructor<TakeTokenConfig> {
  return class TakeToken extends tf.layers.Layer {
    static className = "TakeToken";
    readonly #index: number;

    constructor({ name, index }: TakeTokenConfig) {
      super({ name });
      this.#index = index;
    }

    override computeOutputShape([batch, , width]: number[]): number[] {
      return [batch, width];
    }

    override call(inputs: Tensor | Tensor[]): Tensor {
      const x = Array.isArray(inputs) ? inputs[0] : inputs;
      const [batch, , width] = x.shape;
      return tf.tidy(() => x.slice([0, this.#index, 0], [batch, 1, width]).reshape([batch, width]));
    }

    override getConfig() {
      return { ...super.getConfig(), index: this.#index };
    }
  } as unknown as LayerConstructor<TakeTokenConfig>;
}
