// One training step of a small image classifier: the wasm backend with this project's kernels
// against what TensorFlow.js gives without them, and against PyTorch where it is installed.
//
// CNN: three times convolution 3x3 (16, 32, 64 filters, no bias), batch norm, relu, max pool 2;
// then global average pooling and a dense layer of 5; cross entropy; Adam; batch 32.
import "@tensorflow/tfjs-backend-wasm";
import type { GradConfig, KernelConfig, Tensor, Tensor4D } from "@tensorflow/tfjs";
import { batchNormGradient } from "../src/tensors/kernels/batch_norm_gradient.ts";
import { wasmKernels } from "../src/tensors/kernels/install_wasm_kernels.ts";
import { openTensors } from "../src/tensors/open_tensors.ts";
import { loadTfjs, type Tf } from "../src/tensors/tf.ts";
import { SeededRandom } from "../src/_internal/seeded_random.ts";
import { type BenchOptions, type BenchRow, compare, type Work } from "./measure.ts";
import { findPytorch } from "./pytorch.ts";
import { benchKernels } from "./tensors_kernels.ts";
import { benchPasses, withOnednn } from "./tensors_onednn.ts";
import { startPytorchTraining } from "./tensors_pytorch.ts";

/** Measures training steps at 28x28 and 64x64 pixels. */
export async function bench({ quick }: BenchOptions): Promise<BenchRow[]> {
  const tf = await loadTfjs();
  const shipped: Pack = {
    kernels: shippedKernels(tf),
    gradient: tf.getGradient("FusedBatchNorm"),
  };
  const own: Pack = { kernels: wasmKernels(tf), gradient: batchNormGradient(tf) };
  await openTensors({ require: "wasm" });
  shipped.kernels.forEach((kernel) => kernel.setupFunc?.(tf.backend()));
  const rows: BenchRow[] = [];
  const rounds = quick ? 3 : 7;
  const python = await findPytorch();
  for (const n of [28, 64]) {
    const step = trainingStep(tf, { n, batch: 32 });
    const naive = trainingStep(tf, { n, batch: 32 });
    const facts = { name: "CNN training step", n, batch: 32, rounds };
    rows.push(
      await compare(
        () => withPack(tf, own, step.run),
        () => withPack(tf, shipped, naive.run),
        {
          ...facts,
          against: "TensorFlow.js wasm, naive filter gradient",
        },
      ),
    );
    naive.dispose();
    withPack(tf, own, () => {});
    for (const layout of python === undefined ? [] : ["PyTorch", "PyTorch channels_last"]) {
      const channelsLast = layout !== "PyTorch";
      const pytorch = await startPytorchTraining(python ?? "", { n, batch: 32, channelsLast });
      rows.push(await compare(step.run, () => pytorch.step(), { ...facts, against: layout }));
      const native = { ...facts, name: `${facts.name}, oneDNN`, against: layout };
      rows.push(
        ...await withOnednn(async () => [await compare(step.run, () => pytorch.step(), native)]),
      );
      pytorch.stop();
    }
    step.dispose();
  }
  rows.push(await againstCpu(tf, quick ? { batch: 2, rounds: 1 } : { batch: 32, rounds: 3 }));
  rows.push(...await benchPasses(tf, rounds));
  // Last, since it leaves the plain kernels in place.
  rows.push(...await benchKernels(tf, { shipped: shipped.kernels, rounds }));
  return rows;
}

/** The plain JavaScript backend takes about 10 s for a step, hence few rounds. */
async function againstCpu(
  tf: Tf,
  { batch, rounds }: { readonly batch: number; readonly rounds: number },
): Promise<BenchRow> {
  const n = 28;
  const wasm = trainingStep(tf, { n, batch });
  await tf.setBackend("cpu");
  const cpu = trainingStep(tf, { n, batch });
  const row = await compare(
    () => on(tf, "wasm", wasm.run),
    () => on(tf, "cpu", cpu.run),
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

/** A model with its optimizer and one batch; `run` does one step and waits for its loss. */
function trainingStep(tf: Tf, { n, batch }: { readonly n: number; readonly batch: number }) {
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
  const run = () => {
    const loss = optimizer.minimize(() => {
      const logits = model.apply(x, { training: true }) as Tensor;
      return tf.losses.softmaxCrossEntropy(labels, logits).asScalar();
    }, true);
    if (!Number.isFinite(loss?.dataSync()[0])) throw new Error("bench tensors: the loss diverged");
    loss?.dispose();
  };
  const dispose = () => {
    model.dispose();
    optimizer.dispose();
    x.dispose();
    labels.dispose();
  };
  return { run, dispose };
}

/** What a step runs with, where the two sides differ. */
interface Pack {
  readonly kernels: readonly KernelConfig[];
  readonly gradient: GradConfig;
}

/** What the wasm backend brings, plus the usual hand-written filter gradient that it lacks. */
function shippedKernels(tf: Tf): KernelConfig[] {
  const brought = ["Conv2DBackpropInput", "MaxPoolGrad", "Sum", "Mean"];
  return [...brought.map((name) => tf.getKernel(name, "wasm")), naiveFilterGradient(tf)];
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
function withPack(tf: Tf, { kernels, gradient }: Pack, work: Work): void | Promise<void> {
  for (const kernel of kernels) {
    if (tf.getKernel(kernel.kernelName, "wasm")) tf.unregisterKernel(kernel.kernelName, "wasm");
    tf.registerKernel(kernel);
  }
  tf.unregisterGradient(gradient.kernelName);
  tf.registerGradient(gradient);
  return work();
}
