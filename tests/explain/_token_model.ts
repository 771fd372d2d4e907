// A small transformer of plain tf.layers with one custom layer, as users write them.
import * as tf from "@tensorflow/tfjs";

type Symbolic = tf.SymbolicTensor;

/** A class token of zeros before the tokens. */
class ClassToken extends tf.layers.Layer {
  static className = "TestClassToken";
  override computeOutputShape([batch, tokens, width]: number[]): number[] {
    return [batch, tokens + 1, width];
  }
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [x] = Array.isArray(inputs) ? inputs : [inputs];
    return tf.pad(x, [[0, 0], [1, 0], [0, 0]]);
  }
}

/** Every token takes in what resembles it: attention without weights. */
class Mix extends tf.layers.Layer {
  static className = "TestMix";
  override computeOutputShape(shape: number[]): number[] {
    return shape;
  }
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [x] = Array.isArray(inputs) ? inputs : [inputs];
    return tf.tidy(() => tf.matMul(tf.softmax(tf.matMul(x, x, false, true)), x).add(x));
  }
}

class FirstToken extends tf.layers.Layer {
  static className = "TestFirstToken";
  override computeOutputShape([batch, , width]: number[]): number[] {
    return [batch, width];
  }
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [x] = Array.isArray(inputs) ? inputs : [inputs];
    const [batch, , width] = x.shape as number[];
    return tf.tidy(() => x.slice([0, 0, 0], [batch, 1, width]).reshape([batch, width]));
  }
}

/** Images of 8x12, patches of 4: a grid of 2x3, with or without a class token that the head reads. */
export function tokenModel({ classToken }: { readonly classToken: boolean }): tf.LayersModel {
  const { layers } = tf;
  const kernelInitializer = tf.initializers.glorotUniform({ seed: 3 });
  const input = tf.input({ shape: [8, 12, 3], name: "image" });
  let x = layers.conv2d({
    filters: 5,
    kernelSize: 4,
    strides: 4,
    name: "patches",
    kernelInitializer,
  })
    .apply(input) as Symbolic;
  x = layers.reshape({ targetShape: [6, 5], name: "tokens" }).apply(x) as Symbolic;
  if (classToken) x = new ClassToken({ name: "class_token" }).apply(x) as Symbolic;
  const dense = { units: 5, kernelInitializer };
  x = layers.dense({ ...dense, name: "before" }).apply(x) as Symbolic;
  x = new Mix({ name: "mix" }).apply(x) as Symbolic;
  x = layers.dense({ ...dense, activation: "relu", name: "behind" }).apply(x) as Symbolic;
  const features = classToken
    ? new FirstToken({ name: "first" }).apply(x)
    : layers.globalAveragePooling1d({ name: "pool" }).apply(x);
  const head = layers.dense({ units: 3, kernelInitializer, name: "head" });
  return tf.model({ inputs: input, outputs: head.apply(features) as Symbolic });
}
