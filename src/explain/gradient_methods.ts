import { type GraphModel, isGraphModel, type SymbolicNode, useOf } from "../tensors/layer_graph.ts";

/**
 * How the gradient of an output gets to a layer, or to the model's input: "backpropagation", then
 * what layers on the way say of themselves, such as "adjoint" for a quantum circuit. Inputs that a
 * fusion does not read do not count.
 *
 * @param layer the last part of its path
 */
export function gradientMethods(
  model: GraphModel,
  output: SymbolicNode,
  layer: string | undefined,
): string[] {
  const found = new Set<string>();
  const known = new Map<number, boolean>();
  /** Whether the gradient comes through; notes how. */
  const reaches = (symbolic: SymbolicNode): boolean => {
    const before = known.get(symbolic.id);
    if (before !== undefined) return before;
    const { sourceLayer } = symbolic;
    const use = useOf(symbolic);
    const isInput = use.inputTensors.includes(symbolic);
    let through = layer === undefined ? isInput && model.inputs.includes(symbolic) : false;
    if (sourceLayer.name === layer) {
      through = true;
    } else if (!isInput) {
      const inner = isGraphModel(sourceLayer) && layer !== undefined &&
        sourceLayer.outputs.some(reaches);
      const outer = use.inputTensors.filter((input, i) =>
        sourceLayer.usesInput?.(i) !== false && reaches(input)
      );
      through = inner || outer.length > 0;
      if (through && sourceLayer.gradientMethod !== undefined) {
        found.add(sourceLayer.gradientMethod);
      }
    }
    known.set(symbolic.id, through);
    return through;
  };
  reaches(output);
  return ["backpropagation", ...found];
}
