// Explanations of a batch against one forward pass of the same batch, against Grad-CAM in PyTorch
// where it is installed, and the time of a first plot that needs no network at all.
import * as tf from "@tensorflow/tfjs";
import { explain, gradCam } from "../src/explain/mod.ts";
import { EXPLAIN_METHODS } from "../src/explain/explain_options.ts";
import { openTensors } from "../src/tensors/mod.ts";
import { benchFirstPlot } from "./explain_first_plot.ts";
import { type PytorchSetting, startPytorchCam } from "./explain_pytorch.ts";
import { type BenchOptions, type BenchRow, compare, type Work } from "./measure.ts";
import { findPytorch } from "./pytorch.ts";

const BATCH = 32;

/** Conv, batch normalisation, relu, pool, three times; then average pooling and five classes. */
function classifier(side: number): tf.LayersModel {
  const model = tf.sequential();
  [16, 32, 64].forEach((filters, i) => {
    const inputShape = i === 0 ? [side, side, 3] : undefined;
    model.add(tf.layers.conv2d({ filters, kernelSize: 3, padding: "same", inputShape }));
    model.add(tf.layers.batchNormalization());
    model.add(tf.layers.activation({ activation: "relu" }));
    model.add(tf.layers.maxPooling2d({ poolSize: 2 }));
  });
  model.add(tf.layers.globalAveragePooling2d({}));
  model.add(tf.layers.dense({ units: 5, activation: "softmax" }));
  return model;
}

/** What the rows of one size share. */
interface Setting {
  readonly model: tf.LayersModel;
  readonly x: tf.Tensor4D;
  readonly forward: Work;
  readonly facts: { readonly n: number; readonly batch: number; readonly rounds: number };
}

/** Times are per batch of 32, so that a ratio is also that of one image. */
export async function bench({ quick }: BenchOptions): Promise<BenchRow[]> {
  await openTensors();
  const python = await findPytorch();
  if (python === undefined) console.error("PyTorch: skipped, no python3 can import torch");
  const rows: BenchRow[] = [];
  const rounds = quick ? 3 : 15;
  for (const side of quick ? [28] : [28, 64, 128]) {
    const setting = settingOf(side, rounds);
    rows.push(...await againstForward(setting));
    if (python !== undefined) rows.push(...await againstPytorch(setting, python));
    if (side === 28) rows.push(...await methods(setting, quick ? 1 : 7));
    setting.x.dispose();
    setting.model.dispose();
  }
  rows.push(...await benchFirstPlot(quick ? 3 : 15));
  return rows;
}

function settingOf(side: number, rounds: number): Setting {
  const model = classifier(side);
  const x = tf.randomUniform([BATCH, side, side, 3], 0, 1, "float32", 1) as tf.Tensor4D;
  const forward = async () => {
    const scores = model.predict(x, { batchSize: BATCH }) as tf.Tensor;
    await scores.data();
    scores.dispose();
  };
  return { model, x, forward, facts: { n: side, batch: BATCH, rounds } };
}

/** At the last layer with positions, as by default, and at the one that is furthest from the head. */
async function againstForward({ model, x, forward, facts }: Setting): Promise<BenchRow[]> {
  const last = async () => void await gradCam(model, x, { batchSize: BATCH });
  const layer = model.layers[0].name;
  const first = async () => void await gradCam(model, x, { batchSize: BATCH, layer });
  const against = "forward";
  return [
    await compare(last, forward, { name: "Grad-CAM, batch", against, ...facts }),
    await compare(first, forward, {
      name: "Grad-CAM of the first layer, batch",
      against,
      ...facts,
    }),
  ];
}

/** As it comes, and as fast as it gets; at its fastest also its own Grad-CAM and forward pass. */
const PYTORCH: Readonly<Record<string, PytorchSetting>> = {
  "PyTorch": { channelsLast: false, keepMemory: false },
  "PyTorch, memory kept": { channelsLast: false, keepMemory: true },
  "PyTorch channels_last, memory kept": { channelsLast: true, keepMemory: true },
};

async function againstPytorch({ model, x, facts }: Setting, python: string): Promise<BenchRow[]> {
  const ours = async () => void await gradCam(model, x, { batchSize: BATCH });
  const rows: BenchRow[] = [];
  for (const [against, how] of Object.entries(PYTORCH)) {
    const pytorch = await startPytorchCam(python, { ...facts, ...how });
    const step = (work: string) => () => pytorch.step(work);
    rows.push(await compare(ours, step("cam"), { name: "Grad-CAM, batch", against, ...facts }));
    if (how.channelsLast) {
      const itself = { against: "its forward, channels_last", ...facts };
      const name = "PyTorch: Grad-CAM";
      rows.push(await compare(step("cam"), step("forward"), { name, ...itself }));
      rows.push(
        await compare(step("backward"), step("forward"), {
          name: `${name}, backward through all`,
          ...itself,
        }),
      );
    }
    pytorch.stop();
  }
  return rows;
}

/** Grad-CAM among them, so that the column has something to compare with. */
async function methods(
  { model, x, forward, facts }: Setting,
  rounds: number,
): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const method of EXPLAIN_METHODS) {
    const ours = async () => void await explain(model, x, { batchSize: BATCH, method });
    const what = { ...facts, name: `${method}, batch`, against: "forward", rounds };
    rows.push(await compare(ours, forward, what));
  }
  return rows;
}
