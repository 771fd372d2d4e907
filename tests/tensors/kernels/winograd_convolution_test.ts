import assert from "node:assert/strict";
import { setConvolutionKernels } from "../../../src/tensors/kernels/convolution_kernels.ts";
import { simdConvolution } from "../../../src/tensors/kernels/simd_convolution.ts";
import { forwardWindow, inputWindows } from "../../../src/tensors/kernels/sliding_window.ts";
import type { WasmBackend } from "../../../src/tensors/kernels/wasm_heap.ts";
import { fitsWinograd } from "../../../src/tensors/kernels/winograd_convolution.ts";
import { openTensors } from "../../../src/tensors/open_tensors.ts";
import { runLayers } from "../../../src/tensors/run_layers.ts";
import type { Tensor, Tensor4D, Tf } from "../../../src/tensors/tf.ts";
import { assertClose, assertSameOnBackends, normals, valuesOn } from "../_on_backends.ts";

type Shape = [number, number, number, number];
type Pair = [number, number];

interface Case {
  readonly image: Shape;
  readonly filter: Shape;
  readonly pad?: "same" | "valid" | [Pair, Pair, Pair, Pair];
  readonly strides?: number;
  readonly dilations?: number;
}

/** One image and many, units of several images and of some rows, tiles left over, many channels. */
const FITTING: Case[] = [
  { image: [1, 8, 8, 8], filter: [3, 3, 8, 8] },
  { image: [5, 10, 12, 24], filter: [3, 3, 24, 40] },
  { image: [3, 12, 10, 16], filter: [3, 3, 16, 8], pad: "valid" },
  { image: [2, 10, 10, 8], filter: [3, 3, 8, 16], pad: [[0, 0], [0, 2], [3, 1], [0, 0]] },
  { image: [1, 64, 64, 16], filter: [3, 3, 16, 8] },
  { image: [1, 2, 200, 8], filter: [3, 3, 8, 8] },
  { image: [2, 8, 8, 64], filter: [3, 3, 64, 128] },
];

const tensor4d = (tf: Tf, shape: Shape, seed: string) => tf.tensor4d(normals(shape, seed), shape);

/** The result, the same with a bias and an activation, and the gradient of the images. */
function passes(tf: Tf, { image, filter: shape, pad = "same" }: Case): Tensor[] {
  const [x, filter] = [tensor4d(tf, image, "x"), tensor4d(tf, shape, "w")];
  const bias = tf.tensor1d(normals([shape[3]], "b"));
  const fused = tf.fused.conv2d({ x, filter, strides: 1, pad, bias, activation: "relu6" });
  const convolve = (given: Tensor) => tf.conv2d(given as Tensor4D, filter, 1, pad);
  const y = convolve(x) as Tensor4D;
  return [y, fused, tf.grad(convolve)(x, tensor4d(tf, y.shape, "dy"))];
}

/** Whether the forward pass and the gradient of the images are Winograd's. */
async function taken({ image, filter, strides = 1, dilations = 1, pad = "same" }: Case) {
  const { tf } = await openTensors({ require: "wasm" });
  const conv = tf.backend_util.computeConv2DInfo(image, filter, strides, dilations, pad);
  const [back] = inputWindows(conv);
  return [
    fitsWinograd(forwardWindow(conv), conv.outChannels),
    fitsWinograd(back, conv.inChannels),
  ];
}

/** Runs work with all convolutions computed directly. */
async function directly<T>(work: () => Promise<T>): Promise<T> {
  const { tf } = await openTensors({ require: "wasm" });
  const backend = tf.backend() as unknown as WasmBackend;
  setConvolutionKernels(backend, simdConvolution(backend, { winograd: false }));
  try {
    return await work();
  } finally {
    setConvolutionKernels(backend, undefined);
  }
}

Deno.test("Winograd's convolutions equal cpu, and are not the direct ones", async () => {
  for (const test of FITTING) {
    const what = JSON.stringify(test);
    assert.deepEqual(await taken(test), [true, true], what);
    const compute = (tf: Tf) => passes(tf, test);
    await assertSameOnBackends(what, compute);
    const found = await valuesOn("wasm", compute);
    assert.deepEqual(await valuesOn("wasm", compute), found, "same bytes");
    const direct = await directly(() => valuesOn("wasm", compute));
    direct.forEach((values, i) => assert.notDeepEqual(values, found[i], `${what}, result ${i}`));
  }
});

Deno.test("what Winograd's way does not fit, or not fast, is computed directly", async () => {
  const image: Shape = [2, 10, 10, 16], filter: Shape = [3, 3, 16, 8];
  const others: Case[] = [
    { image, filter, strides: 2 },
    { image, filter, dilations: 2 },
    { image, filter: [3, 5, 16, 8] },
    { image, filter: [1, 1, 16, 8] },
    { image: [2, 9, 10, 16], filter },
    { image: [2, 10, 11, 16], filter },
    { image: [2, 6, 10, 16], filter },
    { image, filter: [3, 3, 16, 12] },
    { image: [2, 10, 10, 12], filter: [3, 3, 12, 8] },
    { image: [2, 10, 10, 512], filter: [3, 3, 512, 136] },
  ];
  for (const test of others) {
    assert.deepEqual(await taken(test), [false, false], JSON.stringify(test));
  }
});

Deno.test("an image has the same bytes alone and in a batch", async () => {
  const values = normals([7, 10, 10, 16], "x");
  const compute = (count: number) => (tf: Tf) => {
    const x = tf.tensor4d(values.slice(0, count * 1600), [count, 10, 10, 16]);
    return [tf.conv2d(x, tensor4d(tf, [3, 3, 16, 24], "w"), 1, "same")];
  };
  for (const backend of ["wasm", "plain wasm"] as const) {
    const [alone] = await valuesOn(backend, compute(1));
    const [together] = await valuesOn(backend, compute(7));
    assert.deepEqual(together.slice(0, alone.length), alone);
  }
});

/** Losses of 20 steps of two convolutions, each with batch norm and ReLU, then the answers. */
function losses(tf: Tf, { fused }: { readonly fused: boolean }): Tensor[] {
  const layers = [8, 16].flatMap((filters, i) => [
    tf.layers.conv2d({
      ...{ filters, kernelSize: 3, padding: "same", useBias: false },
      ...(i === 0 ? { inputShape: [16, 16, 8] } : {}),
      kernelInitializer: tf.initializers.heNormal({ seed: i + 1 }),
    }),
    tf.layers.batchNormalization(),
    tf.layers.reLU(),
    tf.layers.maxPooling2d({ poolSize: 2 }),
  ]);
  const dense = tf.layers.dense({
    units: 4,
    kernelInitializer: tf.initializers.heNormal({ seed: 3 }),
  });
  const model = tf.sequential({ layers: [...layers, tf.layers.globalAveragePooling2d({}), dense] });
  const x = tensor4d(tf, [8, 16, 16, 8], "images");
  const labels = tf.oneHot(tf.tensor1d([0, 1, 2, 3, 0, 1, 2, 3], "int32"), 4);
  const optimizer = tf.train.adam(0.01);
  const training = { training: true };
  const found = Array.from({ length: 20 }, () =>
    optimizer.minimize(() => {
      const logits = fused
        ? runLayers(model, x, training).outputs[0]
        : model.apply(x, training) as Tensor;
      return tf.losses.softmaxCrossEntropy(labels, logits).asScalar();
    }, true)!);
  const result = tf.stack(found);
  model.dispose();
  optimizer.dispose();
  return [result];
}

Deno.test("20 steps with Winograd's way have the losses of direct convolutions", async () => {
  for (const fused of [false, true]) {
    const compute = (tf: Tf) => losses(tf, { fused });
    const [wanted] = await directly(() => valuesOn("wasm", compute));
    assert.ok(wanted[19] < 0.5 * wanted[0], `it learns: ${wanted}`);
    for (const backend of ["wasm", "plain wasm"] as const) {
      const [found] = await valuesOn(backend, compute);
      assert.notDeepEqual(found, wanted, "other code computed them");
      assertClose(found, wanted, `fused ${fused}, ${backend}`, 1e-3);
    }
  }
});
