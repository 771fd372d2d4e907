import type { io } from "@tensorflow/tfjs";
import { isKerasObject, isObject, layersOf } from "./keras_json.ts";

/**
 * Weights under the names by which TensorFlow.js looks for them. Keras 3 puts the name of the model
 * in front (`sequential/conv/kernel`), and calls the kernel of a depthwise convolution just that.
 */
export function mendWeightNames(
  specs: readonly io.WeightsManifestEntry[],
  topology: object,
): io.WeightsManifestEntry[] {
  const classes = new Map<string, string>();
  collect(topology, classes);
  return specs.map((spec) => {
    if (spec.group === "optimizer") return spec;
    const parts = spec.name.split("/");
    // Layers may have a slash in their own name.
    const layerAt = (from: number) =>
      parts.slice(from, -1).map((_, i) => parts.slice(from, from + i + 1).join("/"))
        .find((name) => classes.has(name));
    const from = parts.findIndex((_, i) => layerAt(i) !== undefined);
    if (from < 0) return spec;
    const layer = layerAt(from)!;
    const rest = parts.slice(from).join("/");
    const kernel = classes.get(layer) === "DepthwiseConv2D" && rest === `${layer}/kernel`;
    return { ...spec, name: kernel ? `${layer}/depthwise_kernel` : rest };
  });
}

/** Classes of all layers by their names, those in nested models too, but not the models. */
function collect(value: unknown, classes: Map<string, string>): void {
  if (Array.isArray(value)) return value.forEach((item) => collect(item, classes));
  if (!isObject(value)) return;
  if (isKerasObject(value)) {
    const layers = layersOf(value);
    if (layers !== undefined) return collect(layers, classes);
    if (typeof value.config.name === "string") classes.set(value.config.name, value.class_name);
    return;
  }
  Object.values(value).forEach((item) => collect(item, classes));
}
