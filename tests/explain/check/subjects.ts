import * as tf from "@tensorflow/tfjs";
import { SeededRandom } from "../../../src/_internal/seeded_random.ts";
import type { ExplainedImage, Explainer } from "../../../src/explain/check/mod.ts";

await tf.setBackend("cpu");

export const SIDE = 16;

/** Noisy grey images with a red (class 0) or green (class 1) patch, and where the patch is. */
export function patches(count: number, { seed = 1 } = {}) {
  const random = new SeededRandom(seed);
  const labels = Int32Array.from({ length: count }, (_, i) => i % 2);
  const masks = Array.from({ length: count }, () => new Uint8Array(SIDE * SIDE));
  const images = masks.map((mask, i) => {
    const data = Float32Array.from({ length: SIDE * SIDE * 3 }, () => random.uniform(0.2, 0.4));
    const top = random.integer(SIDE - 5), left = random.integer(SIDE - 5);
    for (let y = top; y < top + 5; y++) {
      for (let x = left; x < left + 5; x++) {
        mask[y * SIDE + x] = 1;
        data[(y * SIDE + x) * 3 + labels[i]] = 0.9;
      }
    }
    return { data, shape: [SIDE, SIDE, 3] };
  });
  return { images, labels, masks };
}

/**
 * A model that tells the patches apart by colour, weights written by hand: filter 0 sees red, filter
 * 1 green, the two behind them something of everything.
 */
export function patchModel({ nested = false, batchNorm = false } = {}): tf.LayersModel {
  const image = () => tf.input({ shape: [SIDE, SIDE, 3] });
  const conv = tf.layers.conv2d({
    filters: 4,
    kernelSize: 3,
    padding: "same",
    activation: "relu",
    name: "conv",
  });
  const norm = tf.layers.batchNormalization({ name: "bn" });
  const features = (input: tf.SymbolicTensor) => {
    const x = conv.apply(input);
    return (batchNorm ? norm.apply(x as tf.SymbolicTensor) : x) as tf.SymbolicTensor;
  };
  const inner = image(), input = nested ? image() : inner;
  const base = tf.model({ inputs: inner, outputs: features(inner), name: "base" });
  const x = nested ? base.apply(input) as tf.SymbolicTensor : base.outputs[0];
  const pooled = tf.layers.globalAveragePooling2d({}).apply(x);
  const head = tf.layers.dense({ units: 2, activation: "softmax", name: "head" });
  const model = tf.model({ inputs: input, outputs: head.apply(pooled) as tf.SymbolicTensor });
  const random = new SeededRandom(5);
  const colours = [[1, -1, -0.2], [-1, 1, -0.2]];
  const kernel = Float32Array.from({ length: 3 * 3 * 3 * 4 }, (_, i) => {
    const filter = i % 4, channel = Math.floor(i / 4) % 3;
    return filter < 2 ? colours[filter][channel] / 3 : random.normal() * 0.1;
  });
  conv.setWeights([tf.tensor4d(kernel, [3, 3, 3, 4]), tf.tensor1d([-0.1, -0.1, 0.05, 0.02])]);
  head.setWeights([
    tf.tensor2d([[9, -9], [-9, 9], [0.5, 0.2], [-0.3, 0.1]]),
    tf.tensor1d([0.1, -0.1]),
  ]);
  if (batchNorm) {
    norm.setWeights([
      tf.tensor1d([1, 1.2, 0.8, 0.9]),
      tf.tensor1d([0, 0.1, -0.1, 0.05]),
      tf.tensor1d([0.1, 0.2, 0.15, 0.05]),
      tf.tensor1d([0.9, 0.5, 1.5, 0.01]),
    ]);
  }
  return model;
}

/** What a method must not be: the brightness steps of the image, whatever the model says. */
export const edges: Explainer = (_, images, { target }) => {
  const given = images as readonly { data: Float32Array; shape: number[] }[];
  return Promise.resolve(given.map(({ data, shape: [height, width, channels] }, i) => {
    const brightness = (y: number, x: number) => {
      const at = (Math.min(y, height - 1) * width + Math.min(x, width - 1)) * channels;
      return data[at] + data[at + 1] + data[at + 2];
    };
    const map = Float32Array.from({ length: height * width }, (_, at) => {
      const y = Math.floor(at / width), x = at % width;
      const here = brightness(y, x);
      return Math.hypot(brightness(y + 1, x) - here, brightness(y, x + 1) - here);
    });
    const most = Math.max(...map);
    const cam: ExplainedImage = {
      map: map.map((value) => value / most),
      height,
      width,
      grid: { height, width },
      status: "ok",
      target: typeof target === "object" ? target[i] : 0,
      predicted: 0,
      scoreKind: "logits",
    };
    return cam;
  }));
};

/** The bytes and flags of a model. */
export function stateOf(model: tf.LayersModel) {
  return {
    weights: model.weights.map((weight) => weight.read().dataSync().slice()),
    data: model.weights.map((weight) => (weight.read() as tf.Variable).dataId),
    trainable: model.layers.map((layer) => layer.trainable),
    tensors: tf.memory().numTensors,
  };
}
