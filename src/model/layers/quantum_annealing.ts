import { hash32 } from "../../_internal/hash32.ts";
import type { Tensor, Tf } from "../../tensors/tf.ts";
import { type BatchRows, drawRows, type KeyedLayer } from "./batch_rows.ts";
import type { Layer, LayerConstructor } from "./layer_types.ts";

/** Configuration of {@linkcode quantumAnnealingClass}. */
export interface QuantumAnnealingConfig {
  readonly name?: string;
  /** First temperature. @default {1} */
  readonly temperature?: number;
  /** First standard deviation of the noise. @default {0} */
  readonly noise?: number;
}

/** The layer that flattens and blurs what goes into a circuit. */
export interface QuantumAnnealingLayer extends Layer, KeyedLayer {}

/** No temperature is lower: the tanh behind it would be a step, and its slope nothing. */
export const LOWEST_TEMPERATURE = 1e-3;

/** Names of the two numbers among the weights; no gradient moves them, so they are no parameters. */
export const ANNEALING_STATE: readonly string[] = ["annealing_temperature", "annealing_noise"];

/**
 * `x / temperature`, and in training `+ noise · N(0, 1)`. Both numbers are state, saved with the
 * weights, and no gradient moves them. The noise follows from a key, as a dropout mask does.
 */
export function quantumAnnealingClass(tf: Tf): LayerConstructor<QuantumAnnealingConfig> {
  return class QuantumAnnealing extends tf.layers.Layer implements QuantumAnnealingLayer {
    static className = "QuantumAnnealing";
    maskKey = "";
    maskRows: BatchRows | null = null;
    readonly #start: readonly [temperature: number, noise: number];
    #state: ReturnType<Layer["addWeight"]>[] = [];
    #calls = 0;

    constructor({ name, temperature = 1, noise = 0 }: QuantumAnnealingConfig) {
      super({ name });
      this.#start = [temperature, noise];
    }

    override build(): void {
      this.#state = ANNEALING_STATE.map((name, i) => {
        const initializer = tf.initializers.constant({ value: this.#start[i] });
        return this.addWeight(name, [1], "float32", initializer, undefined, false);
      });
      this.built = true;
    }

    override computeOutputShape(shape: number[]): number[] {
      return shape;
    }

    override call(inputs: Tensor | Tensor[], kwargs?: { training?: boolean }): Tensor {
      const x = Array.isArray(inputs) ? inputs[0] : inputs;
      return tf.tidy(() => {
        const [temperature, noise] = this.#state.map((weight) => weight.read());
        // setAnnealing() refuses lower ones, a file of weights may still hold one.
        const scaled = x.div(temperature.maximum(LOWEST_TEMPERATURE));
        if (kwargs?.training !== true) return scaled;
        // Without a key from a loop (the user's own fit) the noise still differs from call to call.
        const key = this.maskKey === "" ? `${this.#calls++}` : this.maskKey;
        const seed = hash32(`${this.name}/${key}`);
        const normal = (shape: number[]) => tf.randomNormal(shape, 0, 1, "float32", seed);
        const drawn = drawRows<Tensor>(tf, { shape: x.shape, rows: this.maskRows }, normal);
        return scaled.add(drawn.mul(noise));
      });
    }

    override getConfig() {
      const [temperature, noise] = this.#start;
      return { ...super.getConfig(), temperature, noise };
    }
  } as unknown as LayerConstructor<QuantumAnnealingConfig>;
}
