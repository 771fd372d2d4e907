import { assertSameOnBackends, normals } from "../_on_backends.ts";
import type { Tensor, Tf, Variable } from "../../../src/tensors/tf.ts";

/** All gradients of a small network with every layer that an image classifier here uses. */
function networkGradients(tf: Tf): Tensor[] {
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({
        inputShape: [9, 9, 3],
        filters: 6,
        kernelSize: 3,
        padding: "same",
        useBias: false,
      }),
      tf.layers.batchNormalization(),
      tf.layers.reLU(),
      tf.layers.maxPooling2d({ poolSize: 2, padding: "same" }),
      tf.layers.separableConv2d({ filters: 8, kernelSize: 3, strides: 2, padding: "same" }),
      tf.layers.leakyReLU(),
      tf.layers.averagePooling2d({ poolSize: 2, padding: "same" }),
      tf.layers.conv2d({ filters: 4, kernelSize: 2, activation: "elu" }),
      tf.layers.globalAveragePooling2d({}),
      tf.layers.dense({ units: 3 }),
    ],
  });
  model.setWeights(
    model.getWeights().map(({ shape, size }, i) => {
      const values = normals(shape, i).map((value) => 0.3 * value);
      // Moving variances (and scales) must stay positive; their shape tells them here.
      return tf.tensor(shape.length === 1 && size === 6 ? values.map(Math.abs) : values, shape);
    }),
  );
  const x = tf.tensor4d(normals([4, 9, 9, 3], "x"), [4, 9, 9, 3]);
  const labels = tf.oneHot(tf.tensor1d([0, 2, 1, 2], "int32"), 3);
  const { value, grads } = tf.variableGrads(() =>
    tf.losses.softmaxCrossEntropy(labels, model.apply(x, { training: true }) as Tensor).asScalar()
  );
  const names = model.trainableWeights.map((weight) => weight.read() as unknown as Variable);
  const found = [value, ...names.map((weight) => grads[weight.name])];
  const kept = found.map((tensor) => tensor.clone());
  model.dispose();
  return kept;
}

Deno.test("a conv-bn-relu-pool-dense training step on wasm equals cpu", async () => {
  await assertSameOnBackends("gradients", networkGradients, 2e-5);
});
