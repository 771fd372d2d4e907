import type { Tensor, Tf } from "../../tensors/tf.ts";
import type { LayerConstructor } from "./layer_types.ts";

/** Configuration of the first layer: what the training images looked like. */
export interface ChannelNormalizationConfig {
  readonly name?: string;
  /** Mean of each channel of the training images, in [0, 1]. */
  readonly mean: readonly number[];
  /** Standard deviation of each channel, above 0. */
  readonly sd: readonly number[];
}

/**
 * `(x - mean) / sd` by channel. It is a layer, so that a saved model takes plain images in
 * [0, 1] and nobody has to remember the statistics.
 */
export function channelNormalizationClass(tf: Tf): LayerConstructor<ChannelNormalizationConfig> {
  return class ChannelNormalization extends tf.layers.Layer {
    static className = "ChannelNormalization";
    readonly #config: ChannelNormalizationConfig;

    constructor(config: ChannelNormalizationConfig) {
      super({ name: config.name, trainable: false });
      this.#config = config;
    }

    override computeOutputShape(shape: number[]): number[] {
      return shape;
    }

    override call(inputs: Tensor | Tensor[]): Tensor {
      const x = Array.isArray(inputs) ? inputs[0] : inputs;
      return tf.tidy(() =>
        x.sub(tf.tensor1d([...this.#config.mean]))
          .div(tf.tensor1d([...this.#config.sd]))
      );
    }

    override getConfig() {
      const { mean, sd } = this.#config;
      return { ...super.getConfig(), mean: [...mean], sd: [...sd] };
    }
  } as unknown as LayerConstructor<ChannelNormalizationConfig>;
}
