// What holds for every encoder.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EncoderOption } from "../../../src/model/encoders/encoder.ts";
import { loadHybridModel, saveHybridModel } from "../../../src/model/hybrid_files.ts";
import { type HybridModel, hybridModel } from "../../../src/model/hybrid_model.ts";
import type { HybridModelOptions } from "../../../src/model/hybrid_options.ts";
import { applyStage } from "../../../src/stages/apply_stage.ts";
import { defaultStages } from "../../../src/stages/built_in_stages.ts";
import { defineStages } from "../../../src/stages/define_stages.ts";
import { openTensors } from "../../../src/tensors/open_tensors.ts";
import { runLayers } from "../../../src/tensors/run_layers.ts";
import { type Scalar, type Tensor2D, tfjs, type Variable } from "../../../src/tensors/tf.ts";
import { noiseImages } from "../_small.ts";

const SIZE = 16;
const CLASSES = ["none", "mild", "severe"];

/** Each encoder, small; the saved model is built anew every time, with weights from a seed. */
const ENCODERS: Readonly<Record<string, (seed: number) => EncoderOption>> = {
  convnet: () => "convnet",
  resnet18: () => ({ name: "resnet18", width: 4, blocks: [1, 1] }),
  resnet50: () => ({ name: "resnet50", width: 4, blocks: [1, 1] }),
  vit_b_16: () => ({ name: "vit_b_16", patch: 4, depth: 2, width: 16, heads: 2 }),
  from_saved: (seed) => {
    const tf = tfjs();
    const kernelInitializer = tf.initializers.heNormal({ seed });
    const model = tf.sequential({
      layers: [
        tf.layers.conv2d({
          filters: 4,
          kernelSize: 3,
          strides: 2,
          name: "conv",
          activation: "relu",
          kernelInitializer,
          inputShape: [SIZE, SIZE, 3],
        }),
        tf.layers.flatten({ name: "flat" }),
        tf.layers.dense({ units: 7, activation: "softmax" }),
      ],
    });
    return { name: "from_saved", model };
  },
};

async function small(
  encoder: string,
  { seed = 1, ...options }: Partial<HybridModelOptions> = {},
): Promise<HybridModel> {
  await openTensors({ require: "wasm" });
  return hybridModel({
    classes: CLASSES,
    imageSize: SIZE,
    encoder: ENCODERS[encoder](seed),
    normalization: "symmetric",
    compressed: 6,
    wires: 2,
    layers: 1,
    seed,
    ...options,
  });
}

for (const name of Object.keys(ENCODERS)) {
  Deno.test(`${name}: same seed gives the same bytes, another seed others`, async () => {
    const bytes = async (seed: number) =>
      (await small(name, { seed })).network.getWeights()
        .flatMap((weight) => Array.from(weight.dataSync()));
    assert.deepEqual(await bytes(3), await bytes(3));
    assert.notDeepEqual(await bytes(3), await bytes(4));
  });

  Deno.test(`${name}: names the layer for Grad-CAM, and its positions are as said`, async () => {
    const { network, cam, encoder } = await small(name);
    assert.equal(encoder, name);
    assert.ok(cam !== null);
    const shape = network.getLayer(cam.layer).outputShape as number[];
    if (cam.kind === "map") assert.equal(shape.length, 4);
    else {
      assert.deepEqual([cam.classToken, cam.grid], [true, [4, 4]]);
      assert.deepEqual(shape, [null, 17, 16]);
    }
  });

  Deno.test(`${name}: comes back from its files as it was`, async () => {
    const model = await small(name);
    const folder = await mkdtemp(join(tmpdir(), "qsight-encoder-"));
    try {
      await saveHybridModel(model, folder);
      const loaded = await loadHybridModel(folder);
      assert.deepEqual([loaded.encoder, loaded.cam], [model.encoder, model.cam]);
      assert.deepEqual(answers(loaded), answers(model));
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  Deno.test(`${name}: the stages of the default plan find its layers`, async () => {
    const { network } = await small(name);
    const [classical, quantum] = defineStages(defaultStages());
    const trained = applyStage(network, classical);
    const own = network.layers.map((layer) => layer.name).filter((x) => x.startsWith("encoder_"));
    assert.deepEqual(trained.trainable.filter((x) => x.startsWith("encoder")), own);
    // What has not the prefix is no part of the encoder: nothing of it is left over.
    const parts = /^(image|encoder|compression|classical|quantum|ensemble)/;
    assert.deepEqual(network.layers.filter((layer) => !parts.test(layer.name)), []);
    trained.restore();
    const frozen = applyStage(network, quantum);
    assert.ok(own.every((layer) => frozen.frozen.includes(layer)));
    frozen.restore();
  });

  Deno.test(`${name}: three steps lower the loss and leave no tensor`, async () => {
    const { network } = await small(name, { dropout: 0 });
    const tf = tfjs();
    const x = tf.tensor4d(noiseImages(6, SIZE), [6, SIZE, SIZE, 3]);
    const y = tf.oneHot(tf.tensor1d([0, 1, 2, 0, 1, 2], "int32"), 3) as Tensor2D;
    const variables = network.trainableWeights
      .filter((weight) => /^(encoder|classical_a)/.test(weight.originalName))
      .map((weight) => weight.read() as Variable);
    const optimizer = tf.train.adam(5e-3);
    const step = () => {
      const outputs = ["classical_a"];
      const loss = () => {
        const [logits] = runLayers(network, x, { outputs, training: true }).outputs;
        return tf.losses.softmaxCrossEntropy(y, logits) as Scalar;
      };
      const value = optimizer.minimize(loss, true, variables)!;
      const number = value.dataSync()[0];
      value.dispose();
      return number;
    };
    const losses = [step()];
    const before = tf.memory().numTensors;
    for (let i = 0; i < 3; i++) losses.push(step());
    assert.equal(tf.memory().numTensors, before);
    assert.ok(losses[3] < losses[0], losses.join(", "));
    tf.dispose([x, y]);
  });
}

Deno.test("planEncoder() names the nearest encoder, and options that belong to others", async () => {
  await openTensors({ require: "wasm" });
  const build = (options: unknown) => () =>
    hybridModel({ classes: CLASSES, imageSize: 32, ...options as object });
  assert.throws(build({ encoder: "resnet19" }), /unknown encoder "resnet19".*"resnet18"/);
  assert.throws(build({ encoder: null }), /unknown encoder "undefined".*Known: convnet/);
  assert.throws(build({ encoder: "resnet18", filters: [4] }), /filters are those of the convnet/);
  assert.throws(build({ encoder: { name: "convnet", width: 3 } }), /unknown option "width"/);
  assert.throws(build({ normalization: "symetric" }), /Did you mean "symmetric".*\{ mean, sd \}/);
});

function answers({ network }: HybridModel): number[][] {
  const tf = tfjs();
  return tf.tidy(() => {
    const x = tf.tensor4d(noiseImages(2, SIZE), [2, SIZE, SIZE, 3]);
    return runLayers(network, x).outputs.map((output) => Array.from(output.dataSync()));
  });
}
