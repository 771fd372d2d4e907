import type { Tensor } from "./tf.ts";

/** What the walk needs of a symbolic tensor; tf.SymbolicTensor of any copy of tfjs fits. */
export interface SymbolicNode {
  readonly id: number;
  readonly name: string;
  readonly shape: readonly (number | null)[];
  readonly sourceLayer: GraphLayer;
  readonly nodeIndex: number;
  readonly tensorIndex: number;
}

/** One use of a layer in a graph. */
export interface LayerUse {
  readonly inputTensors: readonly SymbolicNode[];
  readonly outputTensors: readonly SymbolicNode[];
}

/** What the walk needs of a layer; tf.layers.Layer fits. */
export interface GraphLayer {
  readonly name: string;
  readonly supportsMasking: boolean;
  readonly inboundNodes: readonly LayerUse[];
  apply(inputs: Tensor[], kwargs?: Record<string, unknown>): unknown;
  computeMask(inputs: Tensor[], masks?: Tensor[]): Tensor | Tensor[] | null;
  /** A layer that leaves out some of its inputs (a fusion with masked heads) says which it reads. */
  usesInput?(index: number): boolean;
}

/** What the walk needs of a model: tf.LayersModel and tf.Sequential of any copy of tfjs fit. */
export interface GraphModel {
  readonly name: string;
  readonly layers: readonly GraphLayer[];
  readonly inputs: readonly SymbolicNode[];
  readonly outputs: readonly SymbolicNode[];
}

/** Whether a layer is itself a model with a graph inside. */
export function isGraphModel(layer: GraphLayer | GraphModel): layer is GraphModel & GraphLayer {
  const model = layer as Partial<GraphModel>;
  return Array.isArray(model.layers) && Array.isArray(model.inputs) && Array.isArray(model.outputs);
}

/** The use of a layer that made a symbolic tensor. */
export function useOf(symbolic: SymbolicNode): LayerUse {
  return symbolic.sourceLayer.inboundNodes[symbolic.nodeIndex];
}

/** The uses of layers that `outputs` depend on, each after all that it needs. */
export function upstreamUses(outputs: readonly SymbolicNode[]): LayerUse[] {
  const found: LayerUse[] = [];
  const seen = new Set<LayerUse>();
  const visit = (symbolic: SymbolicNode) => {
    const use = useOf(symbolic);
    if (seen.has(use)) return;
    seen.add(use);
    // An input layer names its own output as its input.
    for (const input of use.inputTensors) if (!use.outputTensors.includes(input)) visit(input);
    found.push(use);
  };
  outputs.forEach(visit);
  return found;
}

/** Where a named layer stands: the nested models that lead to it, outermost first, and itself. */
export interface LayerPlace {
  readonly path: string;
  readonly containers: readonly (GraphModel & GraphLayer)[];
  readonly layer: GraphLayer;
}

/** Every layer of a model, nested ones by path ("outer/inner"), in the order of `model.layers`. */
export function layerPlaces(model: GraphModel): LayerPlace[] {
  const places: LayerPlace[] = [];
  const enter = (inside: GraphModel, containers: LayerPlace["containers"], prefix: string) => {
    const used = new Set(
      upstreamUses(inside.outputs).map((use) => use.outputTensors[0].sourceLayer),
    );
    for (const layer of inside.layers) {
      const path = prefix + layer.name;
      if (!isGraphModel(layer)) {
        places.push({ path, containers, layer });
      } else if (used.has(layer)) {
        places.push({ path, containers, layer });
        enter(layer, [...containers, layer], `${path}/`);
      } else {
        // A sequential model that starts with a model takes over its graph: the inner model is
        // never used, and its layers stand directly in the outer graph.
        enter(layer, containers, `${path}/`);
      }
    }
  };
  enter(model, [], "");
  return places;
}
