// Models as the converter of TensorFlow.js writes them from Keras 2 and from Keras 3, made by hand.
import type { LayersModel, SymbolicTensor, Tf } from "../../../src/tensors/tf.ts";

/** A layer or a nested model, in terms of neither version. */
export interface Layer {
  readonly kind: string;
  readonly name: string;
  readonly config?: Record<string, unknown>;
  /** Names of the layers that it is called on; only in functional models. */
  readonly from?: readonly string[];
  /** Further arguments of the call. */
  readonly kwargs?: Record<string, unknown>;
  /** The layers of a nested model. */
  readonly layers?: readonly Layer[];
}

/** A model and the same network built from tf.layers. */
export interface Sample {
  readonly name: string;
  readonly model: Layer;
  /** Shapes of the weights by the names that TensorFlow.js gives them. */
  readonly weights: Record<string, number[]>;
  readonly reference: (tf: Tf) => LayersModel;
}

const input: Layer = { kind: "InputLayer", name: "image", config: { shape: [null, 8, 8, 3] } };

function conv(name: string, filters: number, more: Record<string, unknown> = {}): Layer {
  const config = {
    filters,
    kernel_size: [3, 3],
    strides: [1, 1],
    padding: "same",
    data_format: "channels_last",
    dilation_rate: [1, 1],
    groups: 1,
    activation: "linear",
    use_bias: true,
    kernel_initializer: { $initializer: "GlorotUniform", config: { seed: null } },
    bias_initializer: { $initializer: "Zeros", config: {} },
    kernel_regularizer: null,
    bias_regularizer: null,
    activity_regularizer: null,
    kernel_constraint: null,
    bias_constraint: null,
  };
  return { kind: "Conv2D", name, config: { ...config, ...more } };
}

function norm(name: string, { center = true, scale = true } = {}): Layer {
  const config = { $axis: 3, momentum: 0.99, epsilon: 0.001, center, scale };
  return { kind: "BatchNormalization", name, config };
}

function dense(name: string, units: number): Layer {
  const kernel_initializer = { $initializer: "LecunNormal", config: { seed: null } };
  return {
    kind: "Dense",
    name,
    config: { units, activation: "linear", use_bias: true, kernel_initializer },
  };
}

const moments = (name: string, n: number) => ({
  [`${name}/gamma`]: [n],
  [`${name}/beta`]: [n],
  [`${name}/moving_mean`]: [n],
  [`${name}/moving_variance`]: [n],
});

/** What a normalization without scale, as in Inception, or without offset has. */
const unscaled = ({ "bn/gamma": _, ...rest }: Record<string, number[]>) => rest;
const centred = ({ "bn/beta": _, ...rest }: Record<string, number[]>) => rest;

const chain = (tf: Tf, layers: unknown[]) => tf.sequential({ layers: layers as never });

const flatten: Sample = {
  name: "a Flatten head",
  model: {
    kind: "Sequential",
    name: "sequential",
    layers: [
      input,
      conv("conv", 4, {
        activation: "relu",
        kernel_regularizer: { $regularizer: "L2", config: { l2: 0.001 } },
      }),
      norm("bn"),
      {
        kind: "MaxPooling2D",
        name: "pool",
        config: { pool_size: [2, 2], padding: "valid", strides: [2, 2] },
      },
      { kind: "Flatten", name: "flat", config: { data_format: "channels_last" } },
      { kind: "Dropout", name: "drop", config: { rate: 0, noise_shape: null, seed: null } },
      dense("head", 3),
    ],
  },
  weights: {
    "conv/kernel": [3, 3, 3, 4],
    "conv/bias": [4],
    ...moments("bn", 4),
    "head/kernel": [64, 3],
    "head/bias": [3],
  },
  reference: (tf) =>
    chain(tf, [
      tf.layers.conv2d({
        name: "conv",
        inputShape: [8, 8, 3],
        filters: 4,
        kernelSize: 3,
        padding: "same",
        activation: "relu",
      }),
      tf.layers.batchNormalization({ name: "bn" }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({ name: "head", units: 3 }),
    ]),
};

const residual: Sample = {
  name: "a residual block",
  model: {
    kind: "Functional",
    name: "functional",
    layers: [
      input,
      { ...conv("conv", 4), from: ["image"] },
      { ...norm("bn", { scale: false }), from: ["conv"] },
      { kind: "Activation", name: "relu", config: { activation: "silu" }, from: ["bn"] },
      { ...conv("conv_2", 4), from: ["relu"] },
      { kind: "Add", name: "add", from: ["conv_2", "relu"] },
      {
        kind: "GlobalAveragePooling2D",
        name: "pool",
        config: { data_format: "channels_last", keepdims: false },
        from: ["add"],
      },
      { ...dense("head", 3), from: ["pool"] },
    ],
  },
  weights: {
    "conv/kernel": [3, 3, 3, 4],
    "conv/bias": [4],
    ...unscaled(moments("bn", 4)),
    "conv_2/kernel": [3, 3, 4, 4],
    "conv_2/bias": [4],
    "head/kernel": [4, 3],
    "head/bias": [3],
  },
  reference: (tf) => {
    const image = tf.input({ shape: [8, 8, 3] });
    const same = { filters: 4, kernelSize: 3, padding: "same" } as const;
    let x = tf.layers.conv2d({ name: "conv", ...same }).apply(image);
    x = tf.layers.batchNormalization({ name: "bn", scale: false }).apply(x);
    const relu = tf.layers.activation({ activation: "swish" }).apply(x) as SymbolicTensor;
    x = tf.layers.conv2d({ name: "conv_2", ...same }).apply(relu) as SymbolicTensor;
    x = tf.layers.add().apply([x, relu]);
    x = tf.layers.globalAveragePooling2d({}).apply(x);
    x = tf.layers.dense({ name: "head", units: 3 }).apply(x);
    return tf.model({ inputs: image, outputs: x as SymbolicTensor });
  },
};

const relu6 = { max_value: 6, negative_slope: 0, threshold: 0 };

const depthwise: Sample = {
  name: "depthwise and separable convolutions",
  model: {
    kind: "Functional",
    name: "mobilenet",
    layers: [
      input,
      {
        kind: "ZeroPadding2D",
        name: "pad",
        config: { padding: [[0, 1], [0, 1]], data_format: "channels_last" },
        from: ["image"],
      },
      {
        ...conv("conv", 4, { strides: [2, 2], padding: "valid", use_bias: false }),
        from: ["pad"],
      },
      { ...norm("bn"), from: ["conv"] },
      { kind: "ReLU", name: "relu", config: relu6, from: ["bn"] },
      {
        kind: "DepthwiseConv2D",
        name: "dw",
        config: {
          kernel_size: [3, 3],
          strides: [1, 1],
          padding: "same",
          depth_multiplier: 1,
          dilation_rate: [1, 1],
          activation: "linear",
          use_bias: false,
          depthwise_initializer: { $initializer: "GlorotUniform", config: { seed: null } },
        },
        from: ["relu"],
      },
      { kind: "ReLU", name: "relu_2", config: relu6, from: ["dw"] },
      {
        kind: "SeparableConv2D",
        name: "sep",
        config: {
          filters: 5,
          kernel_size: [3, 3],
          strides: [1, 1],
          padding: "same",
          depth_multiplier: 1,
          use_bias: true,
          activation: "relu6",
        },
        from: ["relu_2"],
      },
      {
        kind: "GlobalAveragePooling2D",
        name: "pool",
        config: { data_format: "channels_last", keepdims: true },
        from: ["sep"],
      },
      { kind: "Dropout", name: "drop", config: { rate: 0.001, seed: 7 }, from: ["pool"] },
      { ...conv("preds", 3, { kernel_size: [1, 1] }), from: ["drop"] },
      { kind: "Reshape", name: "answer", config: { target_shape: [3] }, from: ["preds"] },
    ],
  },
  weights: {
    "conv/kernel": [3, 3, 3, 4],
    ...moments("bn", 4),
    "dw/depthwise_kernel": [3, 3, 4, 1],
    "sep/depthwise_kernel": [3, 3, 4, 1],
    "sep/pointwise_kernel": [1, 1, 4, 5],
    "sep/bias": [5],
    "preds/kernel": [1, 1, 5, 3],
    "preds/bias": [3],
  },
  reference: (tf) =>
    chain(tf, [
      tf.layers.zeroPadding2d({ inputShape: [8, 8, 3], padding: [[0, 1], [0, 1]] }),
      tf.layers.conv2d({ name: "conv", filters: 4, kernelSize: 3, strides: 2, useBias: false }),
      tf.layers.batchNormalization({ name: "bn" }),
      tf.layers.reLU({ maxValue: 6 }),
      tf.layers.depthwiseConv2d({ name: "dw", kernelSize: 3, padding: "same", useBias: false }),
      tf.layers.reLU({ maxValue: 6 }),
      tf.layers.separableConv2d({
        name: "sep",
        filters: 5,
        kernelSize: 3,
        padding: "same",
        activation: "relu6",
      }),
      tf.layers.globalAveragePooling2d({}),
      tf.layers.reshape({ targetShape: [1, 1, 5] }),
      tf.layers.conv2d({ name: "preds", filters: 3, kernelSize: 1 }),
      tf.layers.flatten(),
    ]),
};

const nested: Sample = {
  name: "models in a model",
  model: {
    kind: "Functional",
    name: "outer",
    layers: [
      input,
      {
        kind: "Functional",
        name: "base",
        from: ["image"],
        kwargs: { training: false },
        layers: [
          { ...input, name: "base_image" },
          { ...conv("conv", 4, { activation: "relu" }), from: ["base_image"] },
          { ...norm("bn", { center: false }), from: ["conv"] },
        ],
      },
      {
        kind: "Sequential",
        name: "neck",
        from: ["base"],
        layers: [
          { kind: "InputLayer", name: "neck_in", config: { shape: [null, 8, 8, 4] } },
          { kind: "GlobalMaxPooling2D", name: "pool", config: { keepdims: true } },
          { kind: "Flatten", name: "flat" },
          dense("hidden", 6),
        ],
      },
      { kind: "LeakyReLU", name: "leaky", config: { $slope: 0.125 }, from: ["neck"] },
      { ...dense("head", 3), from: ["leaky"] },
    ],
  },
  weights: {
    "conv/kernel": [3, 3, 3, 4],
    "conv/bias": [4],
    ...centred(moments("bn", 4)),
    "hidden/kernel": [4, 6],
    "hidden/bias": [6],
    "head/kernel": [6, 3],
    "head/bias": [3],
  },
  reference: (tf) =>
    chain(tf, [
      tf.layers.conv2d({
        name: "conv",
        inputShape: [8, 8, 3],
        filters: 4,
        kernelSize: 3,
        padding: "same",
        activation: "relu",
      }),
      tf.layers.batchNormalization({ name: "bn", center: false }),
      tf.layers.globalMaxPooling2d({}),
      tf.layers.dense({ name: "hidden", units: 6 }),
      tf.layers.leakyReLU({ alpha: 0.125 }),
      tf.layers.dense({ name: "head", units: 3 }),
    ]),
};

/** One model for each kind of head and of connection. */
export const SAMPLES: readonly Sample[] = [flatten, residual, depthwise, nested];
