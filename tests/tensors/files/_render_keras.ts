// Writes a model as Keras 2 or Keras 3 would have it in the model.json of the converter.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { joinFloats } from "../../../src/_internal/join_floats.ts";
import { normals } from "../_on_backends.ts";
import type { Layer, Sample } from "./_keras_models.ts";

type Json = Record<string, unknown>;

/** Values for the weights of a sample, by the names that TensorFlow.js gives them. */
export function sampleValues({ weights }: Sample): Map<string, Float32Array> {
  return new Map(
    Object.entries(weights).map(([name, shape]) => {
      const values = normals(shape, name).map((value) => 0.4 * value);
      const positive = /gamma$|variance$/.test(name);
      return [name, positive ? values.map((value) => 1 + 0.2 * Math.abs(value)) : values];
    }),
  );
}

/** The folder as `tensorflowjs_converter --input_format=keras` leaves it. */
export async function writeKeras(folder: string, sample: Sample, keras: 2 | 3): Promise<void> {
  const { model, weights } = sample;
  const model_config = keras === 2 ? keras2(model) : keras3(model);
  const keras_version = keras === 2 ? "2.9.0" : "3.4.1";
  const specs = Object.entries(weights).map(([name, shape]) => ({
    name: keras === 2 ? name : keras3Name(model, name),
    shape,
    dtype: "float32",
  }));
  const json = {
    format: "layers-model",
    generatedBy: `keras v${keras_version}`,
    convertedBy: "TensorFlow.js Converter v4.22.0",
    modelTopology: { keras_version, backend: "tensorflow", model_config },
    weightsManifest: [{ paths: ["group1-shard1of1.bin"], weights: specs }],
  };
  await mkdir(folder, { recursive: true });
  const bytes = new Uint8Array(joinFloats(Array.from(sampleValues(sample).values())).buffer);
  await writeFile(join(folder, "group1-shard1of1.bin"), bytes);
  await writeFile(join(folder, "model.json"), JSON.stringify(json));
}

/** Keras 3 puts sequential models in front, and has another name for one kernel. */
function keras3Name(model: Layer, name: string): string {
  const [layer] = name.split("/");
  const chain = (within: Layer): Layer[] | undefined => {
    for (const inner of within.layers ?? []) {
      if (inner.name === layer) return [within, inner];
      const found = chain(inner);
      if (found !== undefined) return [within, ...found];
    }
    return undefined;
  };
  const found = chain(model)!;
  const front = found.slice(0, -1).filter(({ kind }) => kind === "Sequential");
  const own = found.at(-1)!.kind === "DepthwiseConv2D" ? name.replace("depthwise_", "") : name;
  return [...front.map((within) => within.name), own].join("/");
}

function keras2(layer: Layer): Json {
  const { kind: class_name, name, layers } = layer;
  if (layers === undefined) {
    const { $axis, $slope, shape, activation, ...config } = layer.config ?? {};
    const more = {
      ...($axis === undefined ? {} : { axis: [$axis] }),
      ...($slope === undefined ? {} : { alpha: $slope }),
      ...(shape === undefined ? {} : { batch_input_shape: shape, sparse: false, ragged: false }),
      // Keras 2 calls it by the other of its two names.
      ...(activation === undefined
        ? {}
        : { activation: activation === "silu" ? "swish" : activation }),
    };
    const own = initializers(config, (kind, config) => ({ class_name: kind, config })) as Json;
    return { class_name, config: { name, trainable: true, dtype: "float32", ...own, ...more } };
  }
  if (class_name === "Sequential") {
    return { class_name, config: { name, layers: layers.map(keras2) } };
  }
  const index = (name: string) => layers.find((inner) => inner.name === name)!.layers ? 1 : 0;
  const graph = layers.map((inner) => ({
    ...keras2(inner),
    name: inner.name,
    inbound_nodes: inner.from === undefined
      ? []
      : [inner.from.map((name) => [name, index(name), 0, inner.kwargs ?? {}])],
  }));
  const ends = {
    input_layers: [[layers[0].name, 0, 0]],
    output_layers: [[layers.at(-1)!.name, 0, 0]],
  };
  return { class_name, config: { name, trainable: true, layers: graph, ...ends } };
}

const K3 = { registered_name: null };

function keras3(layer: Layer): Json {
  const { kind: class_name, name, layers } = layer;
  const policy = { module: "keras", class_name: "DTypePolicy", config: { name: "float32" }, ...K3 };
  if (layers === undefined) {
    const { $axis, $slope, shape, ...config } = layer.config ?? {};
    const more = {
      ...($axis === undefined ? {} : { axis: $axis, synchronized: false }),
      ...($slope === undefined ? {} : { negative_slope: $slope }),
      ...(shape === undefined ? {} : { batch_shape: shape, sparse: false, ragged: false }),
    };
    const own = initializers(config, (kind, config, module) => ({
      module: `keras.${module}s`,
      class_name: kind,
      config,
      ...K3,
    })) as Json;
    return {
      module: "keras.layers",
      class_name,
      config: { name, trainable: true, dtype: policy, ...own, ...more },
      ...K3,
      build_config: { input_shape: [null, 8, 8, 3] },
    };
  }
  const module = class_name === "Sequential" ? "keras" : "keras.src.models.functional";
  if (class_name === "Sequential") {
    const config = {
      name,
      trainable: true,
      dtype: policy,
      layers: layers.map(keras3),
      build_input_shape: layers[0].config!.shape,
    };
    return { module, class_name, config, ...K3 };
  }
  const index = (name: string) =>
    layers.find((inner) => inner.name === name)!.kind === "Functional" ? 1 : 0;
  const tensor = (from: string) => ({
    class_name: "__keras_tensor__",
    config: { shape: [null, 8, 8, 3], dtype: "float32", keras_history: [from, index(from), 0] },
  });
  const graph = layers.map((inner) => ({
    ...keras3(inner),
    name: inner.name,
    inbound_nodes: inner.from === undefined ? [] : [{
      args: inner.from.length === 1 ? inner.from.map(tensor) : [inner.from.map(tensor)],
      kwargs: inner.kwargs ?? { mask: null },
    }],
  }));
  const last = layers.at(-1)!.name;
  // A single input that was not given as a list stands without one.
  const ends = { input_layers: [[layers[0].name, 0, 0]], output_layers: [last, index(last), 0] };
  return { module, class_name, config: { name, trainable: true, layers: graph, ...ends }, ...K3 };
}

function initializers(
  value: unknown,
  make: (kind: string, config: Json, module: string) => Json,
): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const { $initializer, $regularizer, config } = value as Record<string, string>;
  if ($initializer) return make($initializer, config as unknown as Json, "initializer");
  if ($regularizer) return make($regularizer, config as unknown as Json, "regularizer");
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, initializers(inner, make)]),
  );
}
