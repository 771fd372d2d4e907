import type { Tensor, Tf } from "../../tensors/tf.ts";
import type { Layer, LayerConstructor } from "./layer_types.ts";

/** Configuration of {@linkcode tokenEmbeddingClass}. */
export interface TokenEmbeddingConfig {
  readonly name?: string;
  /** Seed of the initial positions. @default {0} */
  readonly seed?: number;
}

/**
 * Puts a learned class token before the tokens and adds a learned position to each:
 * `[batch, tokens, width]` → `[batch, tokens + 1, width]`.
 */
export function tokenEmbeddingClass(tf: Tf): LayerConstructor<TokenEmbeddingConfig> {
  return class TokenEmbedding extends tf.layers.Layer {
    static className = "TokenEmbedding";
    readonly #seed: number;
    #classToken: ReturnType<Layer["addWeight"]> | undefined;
    #positions: ReturnType<Layer["addWeight"]> | undefined;

    constructor({ name, seed = 0 }: TokenEmbeddingConfig) {
      super({ name });
      this.#seed = seed;
    }

    override build(shape: number[]): void {
      const [, tokens, width] = shape;
      const zeros = tf.initializers.zeros();
      const normal = tf.initializers.randomNormal({ mean: 0, stddev: 0.02, seed: this.#seed });
      this.#classToken = this.addWeight("class_token", [1, 1, width], "float32", zeros);
      this.#positions = this.addWeight("positions", [1, tokens + 1, width], "float32", normal);
      this.built = true;
    }

    override computeOutputShape([batch, tokens, width]: number[]): number[] {
      return [batch, tokens + 1, width];
    }

    override call(inputs: Tensor | Tensor[]): Tensor {
      const x = Array.isArray(inputs) ? inputs[0] : inputs;
      const [batch, , width] = x.shape;
      return tf.tidy(() => {
        // A sum, because the gradient of tile is one slice for each image.
        const classTokens = tf.zeros([batch, 1, width]).add(this.#classToken!.read());
        return tf.concat([classTokens, x], 1).add(this.#positions!.read());
      });
    }

    override getConfig() {
      return { ...super.getConfig(), seed: this.#seed };
    }
  } as unknown as LayerConstructor<TokenEmbeddingConfig>;
}
