import { type KerasObject, layersOf } from "./keras_json.ts";
import { KEEP_SIDES } from "./keep_sides.ts";

const GLOBAL_POOLING = /^Global(Average|Max)Pooling([12])D$/;

/**
 * TensorFlow.js does not know `keepdims` of global pooling. Such a layer becomes two: the pooling,
 * and one that gives the sides of length 1 back. The second has the old name, so that whoever reads
 * the layer by its name gets the same as before.
 */
export function splitKeepdims(model: KerasObject): KerasObject {
  const layers = layersOf(model) ?? [];
  if (!layers.some(keepsDims)) return model;
  const taken = new Set(layers.map(({ config }) => config.name));
  const split = layers.flatMap((layer) => keepsDims(layer) ? splitOne(layer, taken) : [layer]);
  return { ...model, config: { ...model.config, layers: split } };
}

function keepsDims({ class_name, config }: KerasObject): boolean {
  return GLOBAL_POOLING.test(class_name) && config.keepdims === true;
}

function splitOne(layer: KerasObject, taken: Set<unknown>): KerasObject[] {
  const { class_name, config } = layer;
  // TensorFlow.js takes no undefined in a configuration.
  const { trainable = true } = config;
  const name = config.name as string;
  let pooled = `${name}_pooled`;
  while (taken.has(pooled)) pooled += "_";
  taken.add(pooled);
  const ones = GLOBAL_POOLING.exec(class_name)![2] === "1" ? [1] : [1, 1];
  const sides = config.data_format === "channels_first" ? [-1, ...ones] : [...ones, -1];
  const pooling = { ...layer, config: { ...config, name: pooled, keepdims: false } };
  const keeping = { class_name: KEEP_SIDES, config: { name, trainable, sides } };
  // Only the layers of a functional model stand in a graph.
  if (!Array.isArray(layer.inbound_nodes)) return [pooling, keeping];
  const nodes = layer.inbound_nodes.map((_, i) => [[pooled, i, 0, {}]]);
  return [{ ...pooling, name: pooled }, { ...keeping, name, inbound_nodes: nodes }];
}
