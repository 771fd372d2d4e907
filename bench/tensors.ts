// One training step of a small image classifier: the wasm backend with this project's kernels
// against what TensorFlow.js gives without them, and against PyTorch where it is installed.
//
// CNN: three times convolution 3x3 (16, 32, 64 filters, no bias), batch norm, relu, max pool 2;
// then global average pooling and a dense layer of 5; cross entropy; Adam; batch 32.
import "@tensorflow/tfjs-backend-wasm";
import type { GradConfig, KernelConfig, Tensor, Tensor4D } from "@tensorflow/tfjs";
import { replaceKernel, wasmKernels } from "../src/tensors/kernels/install_wasm_kernels.ts";
import { openTensors } from "../src/tensors/open_tensors.ts";
import { runLayers } from "../src/tensors/run_layers.ts";
import { loadTfjs, type Tf } from "../src/tensors/tf.ts";
import { SeededRandom } from "../src/_internal/seeded_random.ts";
import { type BenchOptions, type BenchRow, compare, type Work } from "./measure.ts";
import { findPytorch } from "./pytorch.ts";
import { benchKernels } from "./tensors_kernels.ts";
import { benchPasses, withOnednn } from "./tensors_onednn.ts";
import { startPytorchNetwork } from "./tensors_pytorch.ts";
import { benchWinograd } from "./tensors_winograd.ts";

/** Measures training steps at 28x28 and 64x64 pixels. */
export async function bench({ quick }: BenchOptions): Promise<BenchRow[]> {
  const tf = await loadTfjs();
  const shipped = packOf(tf, shippedKernels(tf));
  await openTensors({ require: "wasm" });
  const own = packOf(tf, wasmKernels(tf).map(({ kernelName }) => tf.getKernel(kernelName, "wasm")));
  shipped.kernels.forEach((kernel) => kernel.setupFunc?.(tf.backend()));
  const rows: BenchRow[] = [];
  const rounds = quick ? 7 : 21;
  const python = await findPytorch();
  for (const n of [28, 64]) {
    const sizes = { n, batch: 32 };
    const plain = network(tf, { ...sizes, fused: false });
    const naive = network(tf, { ...sizes, fused: false });
    rows.push(
      await compare(
        () => withPack(tf, own, plain.step),
        () => withPack(tf, shipped, naive.step),
        {
          ...{ name: "CNN training step", ...sizes, rounds: quick ? 3 : 7 },
          against: "TensorFlow.js wasm, naive filter gradient",
        },
      ),
    );
    naive.dispose();
    withPack(tf, own, () => {});
    const fused = network(tf, { ...sizes, fused: true });
    const works: [string, Work, boolean][] = [
      ["CNN training step", plain.step, false],
      ["CNN training step, fused", fused.step, false],
      ["CNN inference", plain.infer, true],
    ];
    for (const [name, work, inference] of python === undefined ? [] : works) {
      for (const against of ["PyTorch", "PyTorch channels_last"]) {
        const channelsLast = against !== "PyTorch";
        const theirs = { ...sizes, channelsLast, inference };
        const pytorch = await startPytorchNetwork(python ?? "", theirs);
        const compared = (what: string) =>
          compare(work, () => pytorch.step(), { name: what, ...sizes, rounds, against });
        rows.push(await compared(name));
        rows.push(...await withOnednn(async () => [await compared(`${name}, oneDNN`)]));
        pytorch.stop();
      }
    }
    plain.dispose();
    fused.dispose();
  }
  rows.push(await againstCpu(tf, quick ? { batch: 2, rounds: 1 } : { batch: 32, rounds: 3 }));
  rows.push(...await benchPasses(tf, rounds));
  rows.push(...await benchWinograd(tf, rounds));
  // Last, since it leaves the plain kernels in place.
  rows.push(...await benchKernels(tf, { shipped: shipped.kernels, rounds: quick ? 3 : 7 }));
  return rows;
}

/** The plain JavaScript backend takes about 10 s for a step, hence few rounds. */
async function againstCpu(
  tf: Tf,
  { batch, rounds }: { readonly batch: number; readonly rounds: number },
): Promise<BenchRow> {
  const n = 28;
  const wasm = network(tf, { n, batch, fused: false });
  await tf.setBackend("cpu");
  const cpu = network(tf, { n, batch, fused: false });
  const row = await compare(
    () => on(tf, "wasm", wasm.step),
    () => on(tf, "cpu", cpu.step),
    { name: "CNN training step", n, batch, rounds, against: "TensorFlow.js cpu as shipped" },
  );
  cpu.dispose();
  await tf.setBackend("wasm");
  wasm.dispose();
  return row;
}

async function on(tf: Tf, backend: string, work: Work): Promise<void> {
  await tf.setBackend(backend);
  await work();
}

/**
 * A model with its optimizer and one batch; `step` trains once and waits for its loss, `infer`
 * waits for the answer. `fused` runs the layers as the training of this project does.
 */
function network(
  tf: Tf,
  { n, batch, fused }: { readonly n: number; readonly batch: number; readonly fused: boolean },
) {
  const random = new SeededRandom(1);
  const layers = [16, 32, 64].flatMap((filters, i) => [
    tf.layers.conv2d({
      filters,
      kernelSize: 3,
      padding: "same",
      useBias: false,
      inputShape: i === 0 ? [n, n, 3] : undefined,
      kernelInitializer: tf.initializers.heNormal({ seed: i + 1 }),
    }),
    tf.layers.batchNormalization(),
    tf.layers.reLU(),
    tf.layers.maxPooling2d({ poolSize: 2, padding: "same" }),
  ]);
  const model = tf.sequential({
    layers: [...layers, tf.layers.globalAveragePooling2d({}), tf.layers.dense({ units: 5 })],
  });
  const pixels = Float32Array.from({ length: batch * n * n * 3 }, () => random.normal());
  const x = tf.tensor4d(pixels, [batch, n, n, 3]);
  const labels = tf.tidy(() =>
    tf.oneHot(tf.tensor1d(Array.from({ length: batch }, (_, i) => i % 5), "int32"), 5)
  );
  const optimizer = tf.train.adam(1e-3);
  const training = { training: true };
  const step = () => {
    const loss = optimizer.minimize(() => {
      const logits = fused
        ? runLayers(model, x, training).outputs[0]
        : model.apply(x, training) as Tensor;
      return tf.losses.softmaxCrossEntropy(labels, logits).asScalar();
    }, true);
    if (!Number.isFinite(loss?.dataSync()[0])) throw new Error("bench tensors: the loss diverged");
    loss?.dispose();
  };
  const infer = () => {
    const logits = model.predict(x) as Tensor;
    logits.dataSync();
    logits.dispose();
  };
  const dispose = () => {
    model.dispose();
    optimizer.dispose();
    x.dispose();
    labels.dispose();
  };
  return { step, infer, dispose };
}

/** What a step runs with, where the two sides differ. */
interface Pack {
  readonly kernels: readonly KernelConfig[];
  readonly gradients: readonly GradConfig[];
  readonly applyGradients: Method;
  readonly normalize: Method;
}

type Method = (...given: never[]) => unknown;

/** The pack that is in place now, with these kernels. */
function packOf(tf: Tf, kernels: readonly KernelConfig[]): Pack {
  const { applyGradients } = tf.AdamOptimizer.prototype;
  return {
    kernels,
    gradients: ["FusedBatchNorm", "Relu"].map((name) => tf.getGradient(name)),
    applyGradients,
    normalize: normPrototype(tf).call,
  };
}

function normPrototype(tf: Tf): { call: Method } {
  return Object.getPrototypeOf(tf.layers.batchNormalization({ name: "prototype" }));
}

/** What the wasm backend brings, plus the usual hand-written filter gradient that it lacks. */
function shippedKernels(tf: Tf): KernelConfig[] {
  const brought = wasmKernels(tf).flatMap(({ kernelName }) =>
    tf.getKernel(kernelName, "wasm") ?? []
  );
  return [...brought, naiveFilterGradient(tf)];
}

/** One matrix product of shifted images and output gradients for each tap of the filter. */
function naiveFilterGradient(tf: Tf): KernelConfig {
  return {
    kernelName: "Conv2DBackpropFilter",
    backendName: "wasm",
    kernelFunc: ({ inputs, attrs }) => {
      const { x, dy } = inputs as unknown as { x: Tensor4D; dy: Tensor4D };
      const { filterShape } = attrs as unknown as { filterShape: number[] };
      const [height, width, channels, filters] = filterShape;
      return tf.tidy(() => {
        const [batch, rows, columns] = dy.shape;
        const [top, left] = [height - 1 >> 1, width - 1 >> 1];
        const pads: [number, number][] = [[top, height - 1 - top], [left, width - 1 - left]];
        const padded = tf.pad4d(x, [[0, 0], pads[0], pads[1], [0, 0]]);
        const gradients = tf.reshape(dy, [-1, filters]);
        const taps: Tensor[] = [];
        for (let k = 0; k < height * width; k++) {
          const from: [number, number, number, number] = [0, Math.floor(k / width), k % width, 0];
          const shifted = tf.slice4d(padded, from, [batch, rows, columns, channels]);
          taps.push(tf.matMul(tf.reshape(shifted, [-1, channels]), gradients, true));
        }
        return tf.reshape(tf.stack(taps), filterShape);
      });
    },
  };
}

/** Runs work with a pack in place; TensorFlow.js looks each part up when it needs it. */
function withPack(tf: Tf, pack: Pack, work: Work): void | Promise<void> {
  for (const kernel of pack.kernels) replaceKernel(tf, kernel);
  for (const gradient of pack.gradients) {
    tf.unregisterGradient(gradient.kernelName);
    tf.registerGradient(gradient);
  }
  Object.assign(tf.AdamOptimizer.prototype, { applyGradients: pack.applyGradients });
  normPrototype(tf).call = pack.normalize;
  return work();
}
