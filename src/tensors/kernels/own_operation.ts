import type { Tensor, Tf } from "../tf.ts";

/** A differentiable operation of this project. */
export interface OwnOperation {
  /** By name; each may have a gradient. */
  readonly inputs: Readonly<Record<string, Tensor>>;
  /** Computes the result, and saves what the gradients need. */
  forward(save: (tensors: Tensor[]) => void): Tensor;
  /** The gradient of each input, of which only those are computed that somebody wants. */
  gradients(dy: Tensor, saved: Tensor[]): Record<string, () => Tensor>;
}

/** What `tf.customGrad` is made of; by itself that always computes the gradients of all inputs. */
interface Engine {
  runKernelFunc(parameters: {
    readonly inputs: Readonly<Record<string, Tensor>>;
    readonly forwardFunc: (backend: unknown, save: (tensors: Tensor[]) => void) => Tensor;
    readonly backwardsFunc: OwnOperation["gradients"];
  }): Tensor;
}

/** Runs an operation and puts it on the tape. */
export function runOperation(tf: Tf, { inputs, forward, gradients }: OwnOperation): Tensor {
  const engine = tf.engine() as unknown as Engine;
  const forwardFunc = (_: unknown, save: (tensors: Tensor[]) => void) => forward(save);
  return engine.runKernelFunc({ inputs, forwardFunc, backwardsFunc: gradients });
}
