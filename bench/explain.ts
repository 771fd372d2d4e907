// Grad-CAM of a batch against one forward pass of the same batch.
import * as tf from "@tensorflow/tfjs";
import { gradCam } from "../src/explain/mod.ts";
import { openTensors } from "../src/tensors/mod.ts";
import { type BenchOptions, type BenchRow, compare } from "./measure.ts";

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

/** One row a size; times are per batch of 32, so that the ratio is also that of one image. */
export async function bench({ quick }: BenchOptions): Promise<BenchRow[]> {
  await openTensors();
  const rows: BenchRow[] = [];
  for (const side of quick ? [28] : [28, 64]) {
    const model = classifier(side);
    const x = tf.randomUniform([BATCH, side, side, 3], 0, 1, "float32", 1) as tf.Tensor4D;
    const forward = async () => {
      const scores = model.predict(x, { batchSize: BATCH }) as tf.Tensor;
      await scores.data();
      scores.dispose();
    };
    const cams = async () => void await gradCam(model, x, { batchSize: BATCH });
    const what = { name: "Grad-CAM, batch", n: side, batch: BATCH, against: "forward" };
    rows.push(await compare(cams, forward, { ...what, rounds: quick ? 7 : 15 }));
    x.dispose();
    model.dispose();
  }
  return rows;
}
