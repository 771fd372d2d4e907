import { checkOptions } from "../_internal/check_options.ts";
import { type Tensor, tfjs, type Variable } from "../tensors/tf.ts";

/** A weight under the name by which a checkpoint knows it. */
export interface NamedVariable {
  /** The same in every process, such as `originalName`. */
  readonly name: string;
  /** Float32. */
  readonly variable: Variable;
}

/** Options of {@linkcode WeightAverage}. */
export interface WeightAverageOptions {
  /** Share of the old average that stays at each update. @default {0.999} */
  readonly decay?: number;
  /** Steps before the average begins, as a copy of the weights. @default {100} */
  readonly afterSteps?: number;
  /** Steps between two updates. @default {1} */
  readonly every?: number;
}

/** All that a {@linkcode WeightAverage} remembers; with `Array.from(values)` it is plain JSON. */
export interface WeightAverageState {
  /** Steps seen. */
  readonly steps: number;
  /** The averages, none before they begin. */
  readonly averages: readonly {
    /** As in {@linkcode NamedVariable}. */
    readonly name: string;
    /** Of the weight. */
    readonly shape: readonly number[];
    /** In row-major order. */
    readonly values: ArrayLike<number>;
  }[];
}

/**
 * Exponential moving average of weights (Polyak averaging). Hand over all weights of a model, moving
 * statistics included, so that batch normalisation fits the averaged weights.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { openTensors, tfjs } from "@qsight/qsight/tensors";
 * import { WeightAverage } from "@qsight/qsight/training";
 * await openTensors({ prefer: "wasm" });
 * const variable = tfjs().variable(tfjs().scalar(1));
 * const average = new WeightAverage({ decay: 0.5, afterSteps: 0 });
 * average.update([{ name: "w", variable }]);
 * variable.assign(tfjs().scalar(3));
 * average.update([{ name: "w", variable }]);
 * average.swapIn([{ name: "w", variable }]);
 * assert.equal(variable.dataSync()[0], 2);
 * average.swapOut();
 * assert.equal(variable.dataSync()[0], 3);
 * average.dispose();
 * ```
 */
export class WeightAverage {
  readonly #options: Required<WeightAverageOptions>;
  readonly #averages = new Map<string, Tensor>();
  #steps = 0;
  #raw: { readonly variable: Variable; readonly value: Tensor }[] | undefined;

  /**
   * An average of nothing yet.
   *
   * @throws {RangeError} for a number out of range
   */
  constructor(options: WeightAverageOptions = {}) {
    checkOptions("WeightAverage", options, ["decay", "afterSteps", "every"]);
    const { decay = 0.999, afterSteps = 100, every = 1 } = options;
    check("decay", decay, [decay >= 0 && decay < 1, "at least 0 and below 1"]);
    check("afterSteps", afterSteps, [isWhole(afterSteps, 0), "a whole number from 0 on"]);
    check("every", every, [isWhole(every, 1), "a whole number from 1 on"]);
    this.#options = { decay, afterSteps, every };
  }

  /**
   * Call it after each optimizer step, always with the same weights.
   *
   * @throws {Error} while the averages are in the model: they would be averaged with themselves
   */
  update(weights: readonly NamedVariable[]): void {
    if (this.#raw !== undefined) {
      throw new Error("WeightAverage: update() while the averages are in; call swapOut() first");
    }
    const { afterSteps, every, decay } = this.#options;
    const since = ++this.#steps - afterSteps - 1;
    if (since < 0 || since % every !== 0) return;
    const tf = tfjs();
    for (const { name, variable } of weights) {
      const old = this.#averages.get(name);
      // In this form the average of a weight that stands still is that weight, to the last bit.
      const next = old === undefined
        ? variable.clone()
        : tf.tidy(() => old.add(variable.sub(old).mul(1 - decay)));
      this.#averages.set(name, tf.keep(next));
      old?.dispose();
    }
  }

  /** Puts the averages into the weights, for an evaluation; whether there were any. */
  swapIn(weights: readonly NamedVariable[]): boolean {
    if (this.#raw !== undefined) {
      throw new Error("WeightAverage: the averages are in already; call swapOut() first");
    }
    if (this.#averages.size === 0) return false;
    this.#raw = weights.flatMap(({ name, variable }) => {
      const average = this.#averages.get(name);
      if (average === undefined) return [];
      const value = tfjs().keep(variable.clone());
      variable.assign(average);
      return [{ variable, value }];
    });
    return true;
  }

  /** Puts back what {@linkcode WeightAverage.swapIn} took out; nothing when the averages are not in. */
  swapOut(): void {
    for (const { variable, value } of this.#raw ?? []) {
      variable.assign(value);
      value.dispose();
    }
    this.#raw = undefined;
  }

  /** What to keep in a checkpoint. */
  async state(): Promise<WeightAverageState> {
    const averages = await Promise.all(
      Array.from(this.#averages, async ([name, tensor]) => ({
        name,
        shape: [...tensor.shape],
        values: await tensor.data() as Float32Array,
      })),
    );
    return { steps: this.#steps, averages };
  }

  /** Goes on from a kept state. */
  restore({ steps, averages }: WeightAverageState): void {
    const tf = tfjs();
    this.dispose();
    this.#steps = steps;
    for (const { name, shape, values } of averages) {
      const tensor = tf.tensor(Float32Array.from(values), [...shape]);
      this.#averages.set(name, tf.keep(tensor));
    }
  }

  /** Puts the weights back if need be, and frees the averages. */
  dispose(): void {
    this.swapOut();
    tfjs().dispose([...this.#averages.values()]);
    this.#averages.clear();
  }
}

function isWhole(value: number, low: number): boolean {
  return Number.isInteger(value) && value >= low;
}

function check(name: string, value: number, [ok, wanted]: [boolean, string]): void {
  if (!ok) throw new RangeError(`ema: ${name} must be ${wanted}, found ${value}; leave it out`);
}
