import type { Tensor, Tf } from "../../tensors/tf.ts";
import type { Layer, LayerConstructor } from "./layer_types.ts";

/** Configuration of {@linkcode bandedDenseClass}. */
export interface BandedDenseConfig {
  readonly name?: string;
  /** Outputs, as many as inputs. */
  readonly units: number;
  /** Diagonals of the matrix that are not 0, counted around; `units` for all of it. */
  readonly bands: number;
  readonly bias: boolean;
  /** Seed of the initial weights. @default {0} */
  readonly seed?: number;
}

/**
 * A dense layer of which only some diagonals exist: output j is the sum of `kernel[j, d]` times input
 * j + d, counted around, plus a bias. So a layer can have any number of weights for each output.
 */
export function bandedDenseClass(tf: Tf): LayerConstructor<BandedDenseConfig> {
  return class BandedDense extends tf.layers.Layer {
    static className = "BandedDense";
    readonly #config: BandedDenseConfig;
    #kernel: ReturnType<Layer["addWeight"]> | undefined;
    #bias: ReturnType<Layer["addWeight"]> | undefined;

    constructor(config: BandedDenseConfig) {
      super({ name: config.name });
      this.#config = config;
    }

    override build(): void {
      const { units, bands, bias, seed = 0 } = this.#config;
      // Glorot and Bengio, with as many inputs and outputs of each unit as there are bands.
      const limit = Math.sqrt(3 / bands);
      const initializer = tf.initializers.randomUniform({ minval: -limit, maxval: limit, seed });
      this.#kernel = this.addWeight("kernel", [units, bands], "float32", initializer);
      if (bias) {
        this.#bias = this.addWeight("bias", [units], "float32", tf.initializers.zeros());
      }
      this.built = true;
    }

    override computeOutputShape(shape: number[]): number[] {
      return [shape[0], this.#config.units];
    }

    override call(inputs: Tensor | Tensor[]): Tensor {
      const x = Array.isArray(inputs) ? inputs[0] : inputs;
      const { units, bands } = this.#config;
      return tf.tidy(() => {
        const kernel = this.#kernel!.read(), around = tf.concat([x, x], 1);
        const terms = Array.from(
          { length: bands },
          (_, band) =>
            around.slice([0, band], [-1, units])
              .mul(kernel.slice([0, band], [-1, 1]).reshape([1, units])),
        );
        const sum = terms.reduce((a, b) => a.add(b));
        return this.#bias === undefined ? sum : sum.add(this.#bias.read());
      });
    }

    override getConfig() {
      return { ...super.getConfig(), ...this.#config };
    }
  } as unknown as LayerConstructor<BandedDenseConfig>;
}
