import type { SymbolicTensor } from "../../tensors/tf.ts";
import type { Layer } from "./layer_types.ts";

/** Puts a layer behind the output of others while a model is being built. */
export function connect(
  layer: Pick<Layer, "apply">,
  input: SymbolicTensor | SymbolicTensor[],
): SymbolicTensor {
  return layer.apply(input) as SymbolicTensor;
}
