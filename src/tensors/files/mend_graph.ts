import { isObject, type JsonObject, type KerasObject, layersOf } from "./keras_json.ts";
import type { Origin } from "./keras_origin.ts";

/** Layer, which call of it, which of its outputs, and further arguments of the call. */
type TensorReference = [layer: string, node: number, tensor: number, kwargs?: JsonObject];

/**
 * A functional model whose graph stands as TensorFlow.js reads it: lists of references in
 * `inbound_nodes`, `input_layers` and `output_layers`. Keras 3 writes the arguments of each call
 * instead, and a single reference without a list around it.
 *
 * @throws {Error} for a reference to nothing, for which TensorFlow.js would wait without end, and
 * for tensors that a layer gets by keyword
 */
export function mendGraph(model: KerasObject, origin: Origin): KerasObject {
  const layers = layersOf(model)!;
  // Layers of a sequential model do not name the ones before them.
  if (!layers.some(({ inbound_nodes }) => Array.isArray(inbound_nodes))) return model;
  const keras3 = layers.some(({ inbound_nodes }) => (inbound_nodes as unknown[])?.some(isObject));
  // To TensorFlow.js the first call of a nested model is its own making, as to Keras 2; to Keras 3
  // that is so for functional models only.
  const nested = layers.filter((layer) => keras3 && layer.class_name === "Sequential");
  const shifted = new Set(nested.map(({ config }) => config.name));
  const calls = new Map(layers.map((layer) => [nameOf(layer), callsOf(layer)]));
  const checked = (reference: TensorReference): TensorReference => {
    const [name, node, tensor, ...kwargs] = reference;
    const index = shifted.has(name) ? node + 1 : node;
    if (index < (calls.get(name) ?? 0)) return [name, index, tensor, ...kwargs];
    throw new Error(
      `loadModel: "${origin.path}" reads the output ${node} of a layer "${name}", and ` +
        `${calls.has(name) ? "it has no such output" : "there is no such layer"}. ` +
        `Convert the original model again`,
    );
  };
  const mended = layers.map((layer) => ({
    ...layer,
    name: nameOf(layer),
    inbound_nodes: ((layer.inbound_nodes ?? []) as unknown[]).map((node) =>
      nodeReferences(node, { layer, origin }).map(checked)
    ),
  }));
  const { input_layers, output_layers } = model.config;
  const config = {
    ...model.config,
    layers: mended,
    input_layers: references(input_layers).map(checked),
    output_layers: references(output_layers).map(checked),
  };
  return { ...model, config };
}

function nameOf({ name, config }: KerasObject): string {
  return (name ?? config.name) as string;
}

/** How many outputs of a layer can be referred to. */
function callsOf(layer: KerasObject): number {
  const own = layer.class_name === "InputLayer" || layersOf(layer) || Array.isArray(layer.config);
  return (own ? 1 : 0) + ((layer.inbound_nodes ?? []) as unknown[]).length;
}

interface Call {
  readonly layer: KerasObject;
  readonly origin: Origin;
}

function nodeReferences(node: unknown, { layer, origin }: Call): TensorReference[] {
  if (!isObject(node)) return references(node);
  const kwargs = Object.entries((node.kwargs ?? {}) as JsonObject)
    .filter(([, value]) => value !== null);
  const args = keras3Tensors(node.args);
  const odd = [...args.others, ...kwargs.filter(([, value]) => keras3Tensors(value).found.length)];
  if (odd.length > 0) {
    throw new Error(
      `loadModel: layer "${nameOf(layer)}" in "${origin.path}" is called with ` +
        `${JSON.stringify(odd[0]).slice(0, 100)}, and TensorFlow.js takes tensors in order only. ` +
        `Convert the original with --output_format=tfjs_graph_model and use loadGraphModel()`,
    );
  }
  const more = Object.fromEntries(kwargs);
  return args.found.map(([name, index, tensor]) => [name, index, tensor, more]);
}

/** The references in the arguments of a call, as Keras 3 writes them, and what else stands there. */
function keras3Tensors(value: unknown): { found: TensorReference[]; others: unknown[] } {
  if (value === null || value === undefined) return { found: [], others: [] };
  if (Array.isArray(value)) {
    const parts = value.map(keras3Tensors);
    return {
      found: parts.flatMap(({ found }) => found),
      others: parts.flatMap(({ others }) => others),
    };
  }
  if (isObject(value) && value.class_name === "__keras_tensor__") {
    const { keras_history } = value.config as JsonObject;
    return { found: [keras_history as TensorReference], others: [] };
  }
  return { found: [], others: [value] };
}

/** References in any nesting: one, a list of them, or, for named inputs, an object of them. */
function references(value: unknown): TensorReference[] {
  if (isObject(value)) return Object.keys(value).sort().flatMap((key) => references(value[key]));
  if (!Array.isArray(value)) return [];
  if (typeof value[0] === "string") return [value as TensorReference];
  return value.flatMap(references);
}
