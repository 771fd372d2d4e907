import { isKerasObject, isObject, type JsonObject, layersOf } from "./keras_json.ts";
import { mendGraph } from "./mend_graph.ts";
import { mendLayer } from "./mend_layer.ts";
import { mendObject } from "./mend_object.ts";
import { splitKeepdims } from "./split_keepdims.ts";
import type { Origin } from "./keras_origin.ts";

/**
 * A copy of a model topology in which what Keras writes differently stands as TensorFlow.js reads
 * it. What TensorFlow.js itself wrote comes back as it is.
 *
 * @throws {Error} naming a layer that TensorFlow.js would compute in another way than Keras
 */
export function mendKeras(topology: object, path: string): object {
  const { keras_version } = topology as { keras_version?: unknown };
  // TensorFlow.js writes "tfjs-layers 4.22.0", Keras only digits.
  const keras = typeof keras_version === "string" ? parseInt(keras_version, 10) || 0 : 0;
  return mend(topology, { keras, path }) as object;
}

function mend(value: unknown, origin: Origin): unknown {
  if (Array.isArray(value)) return value.map((item) => mend(item, origin));
  if (!isObject(value)) return value;
  const known = mendObject(value);
  if (!isObject(known)) return known;
  const node: JsonObject = Object.fromEntries(
    Object.entries(known).map(([key, item]) => {
      const old = key === "batch_shape" && !("batch_input_shape" in known);
      return [old ? "batch_input_shape" : key, mend(item, origin)];
    }),
  );
  if (!isKerasObject(node)) return node;
  const layer = mendLayer(node, origin);
  return layersOf(layer) === undefined ? layer : splitKeepdims(mendGraph(layer, origin));
}
