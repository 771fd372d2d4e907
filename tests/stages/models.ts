import * as tf from "@tensorflow/tfjs";

const { layers } = tf;
await tf.setBackend("cpu");

function seeded(seed: number) {
  return tf.initializers.glorotUniform({ seed });
}

/** Trunk with batch normalisation and dropout, and any heads; each head has a hidden layer. */
export function headedModel(heads: readonly string[] = ["head_a", "head_b"]): tf.LayersModel {
  const input = tf.input({ shape: [4, 4, 1], name: "image" });
  const conv = layers.conv2d({
    filters: 3,
    kernelSize: 3,
    kernelInitializer: seeded(1),
    name: "trunk_conv",
  }).apply(input);
  const bn = layers.batchNormalization({ name: "trunk_bn" }).apply(conv);
  const dropped = layers.dropout({ rate: 0.5, name: "trunk_dropout", seed: 5 }).apply(bn);
  const flat = layers.flatten({ name: "flat" }).apply(dropped);
  const outputs = heads.map((head, i) => {
    const hidden = layers.dense({
      units: 5,
      kernelInitializer: seeded(10 + i),
      name: `${head}_hidden`,
    }).apply(flat);
    const bn = layers.batchNormalization({ name: `${head}_bn` }).apply(hidden);
    return layers.dense({ units: 2, kernelInitializer: seeded(20 + i), name: head })
      .apply(bn) as tf.SymbolicTensor;
  });
  return tf.model({ inputs: input, outputs });
}

/** A trunk that is a model of its own, inside another model. */
export function nestedModel(): tf.LayersModel {
  const inner = tf.input({ shape: [4, 4, 1], name: "image" });
  const conv = layers.conv2d({ filters: 2, kernelSize: 3, name: "conv" }).apply(inner);
  const bn = layers.batchNormalization({ name: "bn" }).apply(conv) as tf.SymbolicTensor;
  const base = tf.model({ inputs: inner, outputs: bn, name: "base" });
  const input = tf.input({ shape: [4, 4, 1], name: "image" });
  const flat = layers.flatten({ name: "flat" }).apply(base.apply(input));
  const head = layers.dense({ units: 2, name: "head" }).apply(flat) as tf.SymbolicTensor;
  return tf.model({ inputs: input, outputs: head });
}

/** Ten samples and as many targets as there are outputs. */
export function samples(outputs: number): { x: tf.Tensor; y: tf.Tensor[] } {
  const x = tf.randomNormal([10, 4, 4, 1], 0, 1, "float32", 3);
  const y = Array.from(
    { length: outputs },
    (_, i) => tf.randomNormal([10, 2], 0, 1, "float32", 30 + i),
  );
  return { x, y };
}

/** All weights of a model, moving statistics included, by name without tfjs's own counters. */
export function weightsOf(model: tf.LayersModel): Map<string, Float32Array> {
  return new Map(
    model.weights.map((
      weight,
    ) => [weight.originalName, weight.read().dataSync().slice() as Float32Array]),
  );
}

/** Names of the weights that differ between two readings. */
export function changed(
  before: Map<string, Float32Array>,
  after: Map<string, Float32Array>,
): string[] {
  return [...before].filter(([name, values]) =>
    values.some((value, i) => !Object.is(value, after.get(name)![i]))
  ).map(([name]) => name).sort();
}
