import type { Tensor1D, Tensor2D } from "../../tensors/tf.ts";

/** The numbers of a circuit as tensors. */
export interface CircuitTensors {
  /** `[batch, circuit.inputs]`. */
  readonly inputs: Tensor2D;
  /** `[circuit.weights]`. */
  readonly weights: Tensor1D;
}
