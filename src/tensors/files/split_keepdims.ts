import { type KerasObject, layersOf } from "./keras_json.ts";

const GLOBAL_POOLING = /^Global(Average|Max)Pooling([12])D$/;

/**
 * TensorFlow.js does not know `keepdims` of global pooling: such a layer becomes two, the pooling and
 * a Reshape that gives the sides of length 1 back. The Reshape has the old name, so that whoever
 * reads the layer by its name gets the same as before.
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
  const name = config.name as string;
  let pooled = `${name}_pooled`;
  while (taken.has(pooled)) pooled += "_";
  taken.add(pooled);
  const ones = GLOBAL_POOLING.exec(class_name)![2] === "1" ? [1] : [1, 1];
  const target_shape = config.data_format === "channels_first" ? [-1, ...ones] : [...ones, -1];
  const { trainable, dtype } = config;
  const pooling = { ...layer, config: { ...config, name: pooled, keepdims: false } };
  const reshape = { class_name: "Reshape", config: { name, trainable, dtype, target_shape } };
  // Only the layers of a functional model stand in a graph.
  if (!Array.isArray(layer.inbound_nodes)) return [pooling, reshape];
  const nodes = layer.inbound_nodes.map((_, i) => [[pooled, i, 0, {}]]);
  return [{ ...pooling, name: pooled }, { ...reshape, name, inbound_nodes: nodes }];
}
