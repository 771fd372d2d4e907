import assert from "node:assert/strict";
import {
  convolutionKernels,
  setConvolutionKernels,
} from "../../src/tensors/kernels/convolution_kernels.ts";
import type { WasmBackend } from "../../src/tensors/kernels/wasm_heap.ts";
import { openTensors } from "../../src/tensors/open_tensors.ts";
import { runLayers } from "../../src/tensors/run_layers.ts";
import type { LayersModel, SymbolicTensor, Tensor, Tf, Variable } from "../../src/tensors/tf.ts";
import { assertSameOnBackends, normals, valuesOn } from "./_on_backends.ts";

interface Block {
  readonly image: number[];
  readonly filters?: number;
  readonly size?: number;
  readonly strides?: number;
  readonly dilation?: number;
  readonly padding?: "same" | "valid";
  readonly end?: "norm" | "relu" | "pool";
  readonly pooling?: "same" | "valid";
  readonly useBias?: boolean;
  readonly maxValue?: number;
  readonly poolSize?: number;
}

/** Two blocks, so that the second needs the gradient of its images, then a mean. */
function network(tf: Tf, block: Block): LayersModel {
  const { image, filters = 8, size = 3, strides = 1, dilation = 1, padding = "same" } = block;
  const { end = "pool", pooling = "valid", useBias = false, maxValue, poolSize = 2 } = block;
  const input = tf.input({ shape: image });
  let x = input;
  for (const i of [1, 2]) {
    const then = (layer: { apply(x: SymbolicTensor): unknown }) =>
      x = layer.apply(x) as SymbolicTensor;
    then(tf.layers.conv2d({
      ...{ name: `conv${i}`, filters: filters * i, kernelSize: size, padding, useBias },
      ...(i === 1 ? { strides, dilationRate: dilation } : {}),
    }));
    then(tf.layers.batchNormalization({ name: `norm${i}` }));
    if (end !== "norm") then(tf.layers.reLU({ name: `relu${i}`, maxValue }));
    if (end === "pool") {
      then(tf.layers.maxPooling2d({ name: `pool${i}`, poolSize, padding: pooling }));
    }
  }
  const mean = tf.layers.globalAveragePooling2d({ name: "mean", dataFormat: "channelsLast" });
  const model = tf.model({ inputs: input, outputs: mean.apply(x) as SymbolicTensor });
  for (const weight of model.weights) {
    const { shape, name } = weight as { shape: number[]; name: string };
    const values = normals(shape, name.replace(/_\d+$/, ""));
    // Variances are positive.
    const valid = name.includes("variance") ? values.map(Math.abs) : values;
    weight.write(tf.tensor(valid, shape));
  }
  return model;
}

/** Result, gradient of the images, gradients of all weights, and the moved statistics. */
function numbers(tf: Tf, block: Block): Tensor[] {
  const model = network(tf, block);
  const shape = [3, ...block.image];
  const x = tf.tensor(normals(shape, "x"), shape);
  const run = (input: Tensor) => runLayers(model, input, { training: true }).outputs[0];
  const y = run(x);
  const g = tf.tensor(normals(y.shape, "g"), y.shape);
  const dx = tf.grad((input) => run(input).mul(g).sum())(x);
  const { grads } = tf.variableGrads(() => run(x).mul(g).sum());
  const ordered = model.trainableWeights.map((weight) => grads[(weight.read() as Variable).name]);
  const found = [y, dx, ...ordered, ...model.weights.map((weight) => weight.read())];
  const kept = found.map((tensor) => tensor.clone());
  model.dispose();
  return kept;
}

const BLOCKS: Block[] = [
  { image: [12, 12, 3] },
  { image: [11, 13, 3], pooling: "same" },
  { image: [11, 13, 3], pooling: "valid" },
  { image: [9, 10, 5], end: "relu" },
  { image: [9, 10, 4], end: "norm" },
  { image: [13, 12, 3], filters: 4, size: 5, strides: 2, end: "relu" },
  { image: [14, 15, 1], filters: 12, size: 3, dilation: 2, padding: "valid" },
  { image: [16, 16, 2], filters: 4, size: 1, strides: 3, pooling: "same" },
  // More than one group of images.
  { image: [40, 40, 1], filters: 16 },
];

Deno.test("blocks of convolution, batch norm, ReLU and pooling in training equal cpu", async () => {
  for (const block of BLOCKS) {
    // Without a ReLU the next batch norm takes away nearly all of the gradient of the first.
    const tolerance = block.end === "norm" ? 1e-4 : 2e-5;
    await assertSameOnBackends(JSON.stringify(block), (tf) => numbers(tf, block), tolerance);
  }
});

/** The kernels that a training pass runs on wasm. */
async function kernelsOf(
  block: Block,
  prepare: (model: LayersModel) => Parameters<typeof runLayers>[2] = () => ({}),
): Promise<string[]> {
  const { tf } = await openTensors({ require: "wasm" });
  const model = network(tf, block);
  const options = { training: true, ...prepare(model) };
  const x = tf.zeros([2, ...block.image]);
  const { kernelNames } = await tf.profile(() => {
    tf.tidy(() => runLayers(model, x, options).outputs[0].sum());
  });
  model.dispose();
  x.dispose();
  return kernelNames;
}

Deno.test("a block is one operation, unless something of it is asked for or different", async () => {
  const image = [12, 12, 3];
  for (const end of ["norm", "relu", "pool"] as const) {
    const kernels = await kernelsOf({ image, end });
    for (const name of ["Conv2D", "FusedConv2D", "Relu", "MaxPool"]) {
      assert.ok(!kernels.includes(name), `${end}: ${kernels}`);
    }
  }
  const apart: [string, () => Promise<string[]>][] = [
    ["FusedConv2D", () => kernelsOf({ image, useBias: true })],
    ["FusedConv2D", () => kernelsOf({ image, filters: 3 })],
    ["FusedConv2D", () => kernelsOf({ image }, () => ({ training: false }))],
    ["FusedConv2D", () => kernelsOf({ image }, () => ({ capture: ["conv1"] }))],
    ["Relu", () => kernelsOf({ image }, () => ({ capture: ["norm2"] }))],
    ["MaxPool", () => kernelsOf({ image }, () => ({ capture: ["relu2"] }))],
    ["MaxPool", () => kernelsOf({ image, poolSize: 3 })],
    ["ClipByValue", () => kernelsOf({ image, maxValue: 6 })],
    [
      "FusedConv2D",
      () =>
        kernelsOf({ image }, (model) => {
          const layer = model.getLayer("norm1") as unknown as { call: () => unknown };
          const { call } = layer;
          layer.call = (...given: []) => call.apply(layer, given);
          return {};
        }),
    ],
  ];
  for (const [kernel, ran] of apart) {
    const kernels = await ran();
    assert.ok(kernels.includes(kernel), `${kernel} not among ${kernels}`);
  }
});

Deno.test("captured outputs beside a block are those of the layers", async () => {
  const block: Block = { image: [10, 10, 3] };
  const captured = (capture: string[]) => (tf: Tf) => {
    const model = network(tf, block);
    const x = tf.tensor(normals([2, 10, 10, 3], "x"), [2, 10, 10, 3]);
    const run = runLayers(model, x, { training: true, capture });
    const found = [run.outputs[0], ...Object.values(run.captured)].map((tensor) => tensor.clone());
    model.dispose();
    return found;
  };
  for (const capture of [["conv1", "relu2"], ["pool1", "norm2"], ["relu1", "pool2"]]) {
    await assertSameOnBackends(capture.join(), captured(capture), 2e-5);
  }
});

Deno.test("a number that is none shows at the end of a pooled block", async () => {
  for (const end of ["relu", "pool"] as const) {
    const [y] = await valuesOn("wasm", (tf) => {
      const model = network(tf, { image: [8, 8, 1], end });
      const values = normals([2, 8, 8, 1], "x");
      values[17] = NaN;
      const x = tf.tensor(values, [2, 8, 8, 1]);
      const found = runLayers(model, x, { training: true }).outputs[0].clone();
      model.dispose();
      return [found];
    });
    assert.ok(y.every(Number.isNaN), `${end}: ${y}`);
  }
});

Deno.test("a first block computes no gradient of images that nobody asks for", async () => {
  const { tf } = await openTensors({ require: "wasm" });
  const model = network(tf, { image: [12, 12, 3], end: "pool" });
  const x = tf.tensor(normals([2, 12, 12, 3], "x"), [2, 12, 12, 3]);
  const backend = tf.backend() as unknown as WasmBackend;
  const own = convolutionKernels(backend);
  const channels = new Set<number>();
  setConvolutionKernels(backend, {
    ...own,
    inputGradient: (conv, places) => {
      channels.add(conv.inChannels);
      own.inputGradient(conv, places);
    },
  });
  const sum = (input: Tensor) => runLayers(model, input, { training: true }).outputs[0].sum();
  try {
    tf.tidy(() => tf.variableGrads(() => sum(x).asScalar()));
    assert.deepEqual([...channels], [8], "only the second block has one");
    tf.tidy(() => tf.grad(sum)(x));
    assert.deepEqual([...channels], [8, 3], "somebody asks");
  } finally {
    setConvolutionKernels(backend, undefined);
  }
  model.dispose();
  x.dispose();
});
