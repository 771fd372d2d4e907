import { hash32 } from "../../_internal/hash32.ts";
import type { Tensor, Tf } from "../../tensors/tf.ts";
import { type BatchRows, drawRows, type KeyedLayer } from "./batch_rows.ts";
import type { Layer, LayerConstructor } from "./layer_types.ts";

/** Configuration of {@linkcode seededDropoutClass}. */
export interface SeededDropoutConfig {
  readonly name?: string;
  /** Share of values set to 0 in training, in [0, 1). */
  readonly rate: number;
}

/** A dropout layer whose next mask is chosen from outside. */
export interface SeededDropoutLayer extends Layer, KeyedLayer {}

/**
 * Dropout whose mask follows from a key. tfjs's own dropout has either one mask for ever (with a
 * seed) or an unseeded one, so a run could not be repeated with it.
 */
export function seededDropoutClass(tf: Tf): LayerConstructor<SeededDropoutConfig> {
  return class SeededDropout extends tf.layers.Layer implements SeededDropoutLayer {
    static className = "SeededDropout";
    readonly #rate: number;
    maskKey = "";
    maskRows: BatchRows | null = null;
    #calls = 0;

    constructor(config: SeededDropoutConfig) {
      super({ name: config.name });
      this.#rate = config.rate;
    }

    override computeOutputShape(shape: number[]): number[] {
      return shape;
    }

    override call(inputs: Tensor | Tensor[], kwargs: { training?: boolean }): Tensor {
      const x = Array.isArray(inputs) ? inputs[0] : inputs;
      if (kwargs?.training !== true || this.#rate === 0) return x.clone();
      // Without a key from a loop (the user's own fit) masks still differ from call to call.
      const key = this.maskKey === "" ? `${this.#calls++}` : this.maskKey;
      const seed = hash32(`${this.name}/${key}`);
      return dropped(tf, x, { rate: this.#rate, seed, rows: this.maskRows });
    }

    override getConfig() {
      return { ...super.getConfig(), rate: this.#rate };
    }
  } as unknown as LayerConstructor<SeededDropoutConfig>;
}

/** Sets a share of values to 0 and scales the others up, so that their mean stays. */
export function dropped(
  tf: Tf,
  x: Tensor,
  { rate, seed, rows }: {
    readonly rate: number;
    readonly seed: number;
    readonly rows: BatchRows | null;
  },
): Tensor {
  return tf.tidy(() => {
    const uniform = (shape: number[]) => tf.randomUniform(shape, 0, 1, "float32", seed);
    const kept = drawRows<Tensor>(tf, { shape: x.shape, rows }, uniform).greaterEqual(rate);
    return x.mul(kept.cast("float32")).div(1 - rate);
  });
}
