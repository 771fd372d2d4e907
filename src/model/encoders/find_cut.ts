import {
  type GraphModel,
  isGraphModel,
  layerPlaces,
  placeNamed,
  type SymbolicNode,
  upstreamUses,
  useOf,
} from "../../tensors/layer_graph.ts";
import type { Layer } from "../layers/layer_types.ts";
import type { Cut } from "./copy_graph.ts";

const WHERE = "hybridModel: encoder from_saved";

/**
 * Where a model is cut: behind a named layer, or before the last dense layer of its first output.
 *
 * @throws {TypeError} for an unknown layer, one that no output needs, or a model without dense layer
 */
export function findCut(model: GraphModel, name?: string): Cut {
  if (name === undefined) return beforeLastDense(model);
  const { containers, layer } = placeNamed(layerPlaces(model), name, `${WHERE}: cut`);
  const inside = containers.at(-1) ?? model;
  const use = upstreamUses(inside.outputs)
    .findLast((use) => use.outputTensors[0].sourceLayer === layer);
  if (use !== undefined) return { containers, output: use.outputTensors[0] };
  throw new TypeError(
    `${WHERE}: layer "${name}" is not on the way to an output of "${inside.name}"; ` +
      `cut at a layer between input and output`,
  );
}

function beforeLastDense(model: GraphModel): Cut {
  const passed: string[] = [];
  let containers: Cut["containers"] = [];
  let output: SymbolicNode = model.outputs[0];
  for (;;) {
    const layer = output.sourceLayer;
    const use = useOf(output);
    if (isGraphModel(layer)) {
      containers = [...containers, layer];
      output = layer.outputs[output.tensorIndex];
    } else if (classOf(layer) === "Dense") {
      return { containers, output: use.inputTensors[0] };
    } else {
      passed.push(layer.name);
      // Softmax, dropout and the like may stand behind the last dense layer, nothing that learns.
      const learns = (layer as unknown as Layer).weights.length > 0;
      if (learns || use.inputTensors.length !== 1 || use.inputTensors[0] === output) break;
      output = use.inputTensors[0];
    }
  }
  throw new TypeError(
    `${WHERE}: found no dense layer at the end of "${model.name}", only ${passed.join(", ")}; ` +
      `name the layer whose output are the features: cut: "${passed.at(-1)}"`,
  );
}

function classOf(layer: unknown): string {
  return (layer as Layer).getClassName();
}
