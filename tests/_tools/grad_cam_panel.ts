// docs/images/grad_cam_panel.png, the picture of the README: Grad-CAM on a plain tf.layers model that
// its own fit() trained on drawn photographs. As a program it writes the file.
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { gradCam, loadData, openTensors, pickClassDiverse, plotCamPanel } from "../../mod.ts";
import type { Figure } from "../../src/_internal/figure.ts";
import type { Tf } from "../../src/tensors/mod.ts";

/** Where the picture stands. */
export const PICTURE = fileURLToPath(
  new URL("../../docs/images/grad_cam_panel.png", import.meta.url),
);

/** Trains for about a minute and draws one image of every class. */
export async function drawPanel(): Promise<Figure> {
  const { tf } = await openTensors({ prefer: "wasm" });
  const side = 64, size = side * side * 3, seed = 0;
  const data = await loadData("synthetic", { seed, count: 800, imageSize: side });
  const { train, val, classes } = data;
  const pixels = (images: Uint8Array) =>
    tf.tensor4d(Float32Array.from(images, (value) => value / 255), [
      images.length / size,
      side,
      side,
      3,
    ]);
  const model = classifier(tf, side, classes.length);
  await model.fit(pixels(train.images), tf.tensor1d([...train.labels], "float32"), {
    epochs: 16,
    batchSize: 32,
    shuffle: false,
    verbose: 0,
  });
  const answers = model.predict(pixels(val.images)) as ReturnType<typeof tf.tensor2d>;
  const yTrue = [...val.labels], yPred = [...await tf.argMax(answers, 1).data()];
  const top = [...await tf.max(answers, 1).data()];
  const picks = pickClassDiverse({ yTrue, yPred, ids: val.ids, perClass: 1, seed, classes });
  const cams = await gradCam(
    model,
    picks.indices.map((i) => ({
      data: Float32Array.from(val.images.subarray(i * size, (i + 1) * size), (v) => v / 255),
      shape: [side, side, 3],
    })),
  );
  return plotCamPanel(cams, {
    ...{ yTrue, yPred, picks, classes, confidences: top },
    columns: 3,
    title: "Where does my own model look? (drawn photographs)",
  });
}

/** What anybody may have: three blocks of convolution, batch norm and ReLU, their mean, a dense layer. */
function classifier(tf: Tf, side: number, classes: number) {
  const { layers, initializers } = tf;
  const block = (filters: number, pool: boolean, input = {}) => [
    layers.conv2d({
      ...{ filters, kernelSize: 3, padding: "same", ...input },
      kernelInitializer: initializers.heNormal({ seed: filters }),
    }),
    layers.batchNormalization({ momentum: 0.9 }),
    layers.activation({ activation: "relu" }),
    ...(pool ? [layers.maxPooling2d({ poolSize: 2 })] : []),
  ];
  const model = tf.sequential({
    layers: [
      ...block(8, true, { inputShape: [side, side, 3] }),
      ...block(16, true),
      ...block(32, false),
      layers.globalAveragePooling2d({}),
      layers.dense({
        units: classes,
        activation: "softmax",
        kernelInitializer: initializers.glorotNormal({ seed: 1 }),
      }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(0.005), loss: "sparseCategoricalCrossentropy" });
  return model;
}

if (import.meta.main) {
  const figure = await drawPanel();
  await mkdir(dirname(PICTURE), { recursive: true });
  // 256 colours: a third of the size, and no difference to the eye.
  await sharp(await figure.png()).png({ palette: true, compressionLevel: 9 }).toFile(PICTURE);
  console.log(`${PICTURE}\n${figure.text}`);
}
