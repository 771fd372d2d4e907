import type { Tensor, Tf } from "./tf.ts";

/** What is read of a batch normalization layer, and set, once it is built. */
interface BatchNorm {
  readonly axis: number;
  gamma?: { read(): Tensor } | null;
  beta?: { read(): Tensor } | null;
  build(inputShape: number[]): void;
}

const completed = new WeakSet<Tf>();

/**
 * Lets batch normalization without scale or without offset train, as Inception and Xception have it:
 * TensorFlow.js reads both in training whether they are there or not, and its gradient wants both.
 * Such a layer reads ones and zeros then. They are no weights: nobody trains or saves them.
 */
export function completeBatchNorm(tf: Tf): void {
  if (completed.has(tf)) return;
  // Named, so that the automatic names of other layers count as before.
  const layer = tf.layers.batchNormalization({ name: "prototype" });
  const prototype = Object.getPrototypeOf(layer) as BatchNorm;
  const { build } = prototype;
  prototype.build = function (this: BatchNorm, inputShape: number[]): void {
    build.call(this, inputShape);
    const [shape] = Array.isArray(inputShape[0])
      ? inputShape as unknown as number[][]
      : [inputShape];
    const channels = shape.at(this.axis)!;
    // Within a call, whose tidy frees them.
    this.gamma ??= { read: () => tf.ones([channels]) };
    this.beta ??= { read: () => tf.zeros([channels]) };
  };
  completed.add(tf);
}
