import { unknownName } from "../_internal/check_options.ts";
import type { Tensor } from "./tf.ts";

/** What the walk needs of a symbolic tensor; tf.SymbolicTensor of any copy of tfjs fits. */
export interface SymbolicNode {
  /** Unique in the process. */
  readonly id: number;
  /** For messages. */
  readonly name: string;
  /** Sizes of the axes, null where any size is taken. */
  readonly shape: readonly (number | null)[];
  /** The layer that makes it. */
  readonly sourceLayer: GraphLayer;
  /** Which use of that layer. */
  readonly nodeIndex: number;
  /** Which output of that use. */
  readonly tensorIndex: number;
}

/** One use of a layer in a graph. */
export interface LayerUse {
  /** What goes in; an input layer names its own output here. */
  readonly inputTensors: readonly SymbolicNode[];
  /** What comes out. */
  readonly outputTensors: readonly SymbolicNode[];
}

/** What the walk needs of a layer; tf.layers.Layer fits. */
export interface GraphLayer {
  /** Unique in its model. */
  readonly name: string;
  /** Whether it hands sequence masks on. */
  readonly supportsMasking: boolean;
  /** All its uses, in other models too. */
  readonly inboundNodes: readonly LayerUse[];
  /** Computes the layer. */
  apply(inputs: Tensor[], kwargs?: Record<string, unknown>): unknown;
  /** The mask of the output. */
  computeMask(inputs: Tensor[], masks?: Tensor[]): Tensor | Tensor[] | null;
  /** A layer that leaves out some of its inputs (a fusion with masked heads) says which it reads. */
  usesInput?(index: number): boolean;
  /** A layer that is not differentiated like the others says how, e.g. "adjoint". */
  readonly gradientMethod?: string;
}

/** What the walk needs of a model: tf.LayersModel and tf.Sequential of any copy of tfjs fit. */
export interface GraphModel {
  /** For messages, and as the path of what is inside. */
  readonly name: string;
  /** Layers and nested models. */
  readonly layers: readonly GraphLayer[];
  /** Inputs, in order. */
  readonly inputs: readonly SymbolicNode[];
  /** Outputs, in order. */
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

/** The place of a layer by path, or by its bare name where that is unambiguous; `where` is for the message. */
export function placeNamed(
  places: readonly LayerPlace[],
  name: string,
  where: string,
): LayerPlace {
  const exact = places.find((place) => place.path === name);
  if (exact !== undefined) return exact;
  const inner = places.filter((place) => place.layer.name === name);
  if (new Set(inner.map((place) => place.layer)).size === 1) return inner[0];
  const known = places.map((place) => place.path);
  if (inner.length > 1) {
    throw new TypeError(
      `${where}: layer name "${name}" is ambiguous: ` +
        `${inner.map((place) => place.path).join(", ")}. Use one of these paths`,
    );
  }
  throw new TypeError(unknownName(where, "layer", name, known));
}
