import type { Tensor, Tf } from "../tf.ts";
import { normalizeBatch } from "./normalize_batch.ts";

/** A weight of a layer. */
interface Weight {
  read(): Tensor;
  write(value: Tensor): void;
}

/** What is read of a batch normalization layer that has been built. */
export interface BatchNormLayer {
  readonly axis: number;
  readonly momentum: number;
  readonly epsilon: number;
  readonly gamma: Weight;
  readonly beta: Weight;
  readonly movingMean: Weight;
  readonly movingVariance: Weight;
}

type Call = (inputs: Tensor | Tensor[], kwargs: { readonly training?: boolean }) => Tensor;

const completed = new WeakSet<Tf>();

/**
 * Lets batch normalization layers in training on wasm run as one operation. TensorFlow.js makes it
 * of about thirty, most of them over the whole batch.
 */
export function speedUpBatchNorm(tf: Tf): void {
  if (completed.has(tf)) return;
  // Named, so that the automatic names of other layers count as before.
  const layer = tf.layers.batchNormalization({ name: "prototype" });
  const prototype = Object.getPrototypeOf(layer) as { call: Call };
  const brought = prototype.call;
  prototype.call = function (this: BatchNormLayer & { call: Call }, inputs, kwargs) {
    const x = Array.isArray(inputs) ? inputs[0] : inputs;
    if (!kwargs.training || !canNormalize(tf, this, x)) return brought.call(this, inputs, kwargs);
    return tf.tidy(() => {
      const [gamma, beta] = [this.gamma.read(), this.beta.read()];
      const { y, mean, variance } = normalizeBatch(tf, x, { gamma, beta, epsilon: this.epsilon });
      moveStatistics(tf, this, { mean, variance });
      return y;
    });
  };
  completed.add(tf);
}

/** Whether the operation is for this layer and input; gradients of gradients it has not. */
export function canNormalize(tf: Tf, { axis }: BatchNormLayer, x: Tensor): boolean {
  const last = axis === -1 || axis === x.rank - 1;
  return last && x.size > 0 && tf.getBackend() === "wasm" && tf.engine().state.gradientDepth < 2;
}

/** Moves the layer's statistics towards those of a batch. */
export function moveStatistics(
  tf: Tf,
  { momentum, movingMean, movingVariance }: BatchNormLayer,
  { mean, variance }: { readonly mean: Tensor; readonly variance: Tensor },
): void {
  const move = (weight: Weight, value: Tensor) => {
    const before = weight.read();
    weight.write(tf.sub(before, tf.mul(tf.sub(before, value), 1 - momentum)));
  };
  tf.tidy(() => {
    move(movingMean, mean);
    move(movingVariance, variance);
  });
}
