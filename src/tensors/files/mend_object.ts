import { isObject, type JsonObject } from "./keras_json.ts";

/** Classes that Keras and TensorFlow.js spell differently. */
const RENAMED: Readonly<Record<string, string>> = {
  LecunNormal: "LeCunNormal",
  LecunUniform: "LeCunUniform",
  IdentityInitializer: "Identity",
  OrthogonalInitializer: "Orthogonal",
};

/** What stands for an object inside a configuration: a policy, a function, an initializer. */
export function mendObject(node: JsonObject): unknown {
  const { class_name, config, items } = node;
  switch (class_name) {
    case "DTypePolicy":
    case "Policy": {
      const name = isObject(config) ? config.name : undefined;
      if (typeof name !== "string") return node;
      // Mixed precision computes in 16 bits and keeps its weights in float32.
      return name.startsWith("mixed_") ? "float32" : name;
    }
    case "function":
      return typeof config === "string" ? config : node;
    case "__tuple__":
      return Array.isArray(items) ? items : node;
    case "L1":
    case "L2":
      return { ...node, class_name: "L1L2", config: { l1: 0, l2: 0, ...config as JsonObject } };
    case "VarianceScaling": {
      if (!isObject(config) || config.distribution !== "untruncated_normal") return node;
      return { ...node, config: { ...config, distribution: "normal" } };
    }
    default: {
      const renamed = typeof class_name === "string" ? RENAMED[class_name] : undefined;
      return renamed === undefined ? node : { ...node, class_name: renamed };
    }
  }
}
