/**
 * A copy of a model topology in which what Keras 3 writes differently stands as TensorFlow.js reads
 * it: `batch_shape` becomes `batch_input_shape`, and a dtype policy object becomes its name.
 */
export function mendKeras3(topology: unknown): unknown {
  if (Array.isArray(topology)) return topology.map(mendKeras3);
  if (topology === null || typeof topology !== "object") return topology;
  const node = topology as Record<string, unknown>;
  const policy = (node.config as Record<string, unknown> | undefined)?.name;
  if (node.class_name === "DTypePolicy" && typeof policy === "string") return policy;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => {
      const old = key === "batch_shape" && !("batch_input_shape" in node);
      return [old ? "batch_input_shape" : key, mendKeras3(value)];
    }),
  );
}
