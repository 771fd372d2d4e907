import type { KerasObject } from "./keras_json.ts";
import type { Origin } from "./keras_origin.ts";

/**
 * A layer with a configuration that TensorFlow.js reads as Keras meant it. TensorFlow.js passes over
 * keys that it does not know, so some would otherwise be computed differently without a word.
 *
 * @throws {Error} where no layer of TensorFlow.js computes the same
 */
export function mendLayer(layer: KerasObject, origin: Origin): KerasObject {
  const { config } = layer;
  if (config.activation === "silu") {
    return mendLayer({ ...layer, config: { ...config, activation: "swish" } }, origin);
  }
  if (origin.keras === 0) return layer;
  refuseOthers(layer, origin);
  const { axis, negative_slope, alpha, max_value, threshold } = config;
  switch (layer.class_name) {
    case "BatchNormalization":
      return Array.isArray(axis) ? { ...layer, config: { ...config, axis: axis[0] } } : layer;
    case "LeakyReLU":
      if (alpha !== undefined || typeof negative_slope !== "number") return layer;
      return { ...layer, config: { ...config, alpha: negative_slope } };
    case "ReLU":
      if (!negative_slope && !threshold) return layer;
      if (threshold || typeof max_value === "number") {
        refuse(layer, origin, `negative_slope ${negative_slope} and threshold ${threshold}`);
      }
      return { ...layer, class_name: "LeakyReLU", config: { ...config, alpha: negative_slope } };
    default:
      return layer;
  }
}

function refuseOthers(layer: KerasObject, origin: Origin): void {
  const { groups, dilation_rate, activation, recurrent_activation } = layer.config;
  if (typeof groups === "number" && groups > 1) refuse(layer, origin, `groups ${groups}`);
  const dilated = [dilation_rate].flat().some((rate) => typeof rate === "number" && rate > 1);
  if (layer.class_name === "DepthwiseConv2D" && dilated) {
    refuse(layer, origin, `dilation_rate ${JSON.stringify(dilation_rate)}`);
  }
  // relu6(x + 3) / 6 since Keras 3, clip(0.2 x + 0.5) before it and in TensorFlow.js.
  if (origin.keras >= 3 && [activation, recurrent_activation].includes("hard_sigmoid")) {
    refuse(layer, origin, "the hard_sigmoid of Keras 3");
  }
}

function refuse({ class_name, config }: KerasObject, { path }: Origin, what: string): never {
  throw new Error(
    `loadModel: layer "${config.name}" in "${path}" is a ${class_name} with ${what}, and ` +
      `TensorFlow.js has no layer that computes the same. Convert the original with ` +
      `--output_format=tfjs_graph_model and use loadGraphModel()`,
  );
}
