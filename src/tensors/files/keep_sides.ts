import type { Tensor, Tf } from "../tf.ts";

/** The class of the layer, while a model is built. */
export const KEEP_SIDES = "KeepSides";

interface KeepSidesConfig {
  readonly name?: string;
  readonly trainable?: boolean;
  /** The sides after the batch; -1 stands for the channels. */
  readonly sides: readonly number[];
}

const registered = new WeakSet<Tf>();

/**
 * Makes the layer that gives pooled channels their sides of length 1 back known to TensorFlow.js:
 * [batch, channels] becomes [batch, 1, 1, channels]. A Reshape could not be made from the
 * configuration alone, which does not say how many channels there are. Once built it is one, and is
 * saved as one, so that the saved model loads everywhere.
 */
export function registerKeepSides(tf: Tf): void {
  if (registered.has(tf)) return;
  class KeepSides extends tf.layers.Layer {
    static className = KEEP_SIDES;
    readonly #sides: readonly number[];
    #built: number[] = [];

    constructor({ name, trainable, sides }: KeepSidesConfig) {
      super({ name, trainable });
      this.#sides = sides;
    }

    override build(inputShape: number[]): void {
      this.#built = this.#sides.map((side) => side === -1 ? inputShape[1] : side);
      super.build(inputShape);
    }

    override computeOutputShape([batch, channels]: number[]): number[] {
      return [batch, ...this.#sides.map((side) => side === -1 ? channels : side)];
    }

    override call(inputs: Tensor | Tensor[]): Tensor {
      const x = Array.isArray(inputs) ? inputs[0] : inputs;
      return x.reshape(this.computeOutputShape(x.shape));
    }

    override getClassName(): string {
      return "Reshape";
    }

    override getConfig() {
      return { ...super.getConfig(), targetShape: this.#built };
    }
  }
  type Registered = Parameters<typeof tf.serialization.registerClass>[0];
  tf.serialization.registerClass(KeepSides as unknown as Registered);
  registered.add(tf);
}
