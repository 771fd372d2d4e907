import { isGraphModel, type SymbolicNode, upstreamUses } from "../../tensors/layer_graph.ts";
import type { Tensor } from "../../tensors/tf.ts";

/** A layer that has weights, and where it stands. */
export interface WeightedLayer {
  /** "outer/inner" inside nested models. */
  readonly path: string;
  readonly weights: readonly LayerWeight[];
}

/** What is needed of a weight of a layer. */
export interface LayerWeight {
  /** The variable itself, not a copy. */
  read(): Tensor;
}

/**
 * Layers with weights that an output depends on, from the output down to the image, each once
 * however often it is used. Layers that only other heads need are not among them.
 */
export function layersDownward(output: SymbolicNode): WeightedLayer[] {
  const found: WeightedLayer[] = [];
  const seen = new Set<object>();
  const visit = (outputs: readonly SymbolicNode[], prefix: string) => {
    for (const use of upstreamUses(outputs).toReversed()) {
      const { sourceLayer: layer } = use.outputTensors[0];
      if (seen.has(layer)) continue;
      seen.add(layer);
      const path = prefix + layer.name;
      if (isGraphModel(layer)) {
        visit(layer.outputs, `${path}/`);
        continue;
      }
      const { weights = [] } = layer as { readonly weights?: readonly LayerWeight[] };
      if (weights.length > 0) found.push({ path, weights });
    }
  };
  visit([output], "");
  return found;
}
