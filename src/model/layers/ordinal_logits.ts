import type { Tensor, Tensor2D, Tf } from "../../tensors/tf.ts";
import { ordinalLogits } from "../ordinal_logits.ts";
import type { LayerConstructor } from "./layer_types.ts";

/** Configuration of {@linkcode ordinalLogitsClass}. */
export interface OrdinalLogitsConfig {
  readonly name?: string;
}

/** The end of an ordinal head: `[batch, classes - 1]` to `[batch, classes]`, see `ordinalLogits()`. */
export function ordinalLogitsClass(tf: Tf): LayerConstructor<OrdinalLogitsConfig> {
  return class OrdinalLogits extends tf.layers.Layer {
    static className = "OrdinalLogits";

    override computeOutputShape(shape: (number | null)[]): (number | null)[] {
      return [shape[0], shape[1]! + 1];
    }

    override call(inputs: Tensor | Tensor[]): Tensor {
      return ordinalLogits((Array.isArray(inputs) ? inputs[0] : inputs) as Tensor2D);
    }
  } as unknown as LayerConstructor<OrdinalLogitsConfig>;
}
