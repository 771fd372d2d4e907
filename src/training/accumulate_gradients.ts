import { type NamedTensorMap, type Tensor, tfjs } from "../tensors/tf.ts";
import type { NamedTensor } from "./named_tensors.ts";

/** What an unfinished accumulation holds. */
export interface AccumulatedState {
  /** Batches in it. */
  readonly batches: number;
  /** Images in them. */
  readonly samples: number;
  /** Sums by variable. */
  readonly tensors: readonly NamedTensor[];
}

/**
 * Adds up the gradients of several batches, so that they make one step of a larger one. The mean is
 * over samples: a short batch counts for what it holds.
 */
export class GradientAccumulator {
  readonly #every: number;
  readonly #sums = new Map<string, Tensor>();
  #batches = 0;
  #samples = 0;

  /** @param every batches of one step */
  constructor(every: number) {
    this.#every = every;
  }

  /** Adds the mean gradients of a batch; they stay the caller's. */
  add(gradients: NamedTensorMap, samples: number): void {
    const tf = tfjs();
    for (const [name, gradient] of Object.entries(gradients)) {
      if (gradient === null) continue;
      const before = this.#sums.get(name);
      const sum = tf.tidy(() => {
        const weighted = gradient.mul(samples);
        return before === undefined ? weighted : before.add(weighted);
      });
      before?.dispose();
      this.#sums.set(name, sum);
    }
    this.#batches++;
    this.#samples += samples;
  }

  /** Whether there are enough batches for a step. */
  get full(): boolean {
    return this.#batches >= this.#every;
  }

  /** The mean gradients so far, the caller's to dispose; begins anew. */
  take(): NamedTensorMap {
    const means = Object.fromEntries(
      Array.from(this.#sums, ([name, sum]) => [name, sum.div(this.#samples)]),
    );
    this.dispose();
    return means;
  }

  /** What it holds, to go on later. */
  async state(): Promise<AccumulatedState> {
    const tensors = await Promise.all(Array.from(this.#sums, async ([name, sum]) => ({
      name,
      shape: sum.shape,
      values: await sum.data() as Float32Array,
    })));
    return { batches: this.#batches, samples: this.#samples, tensors };
  }

  /** Goes on from what another one held. */
  restore({ batches, samples, tensors }: AccumulatedState): void {
    this.dispose();
    this.#batches = batches;
    this.#samples = samples;
    for (const { name, shape, values } of tensors) {
      // Outside of any tidy this is kept until it is disposed of.
      this.#sums.set(name, tfjs().tensor(values, [...shape]));
    }
  }

  /** Forgets and frees all sums. */
  dispose(): void {
    tfjs().dispose([...this.#sums.values()]);
    this.#sums.clear();
    this.#batches = 0;
    this.#samples = 0;
  }
}
