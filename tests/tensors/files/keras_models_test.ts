import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { joinBytes } from "../../../src/_internal/join_bytes.ts";
import { loadModel } from "../../../src/tensors/files/load_model.ts";
import { saveModel } from "../../../src/tensors/files/save_model.ts";
import { openTensors } from "../../../src/tensors/open_tensors.ts";
import type { LayersModel, Tensor, Tf } from "../../../src/tensors/tf.ts";
import { assertClose, normals } from "../_on_backends.ts";
import { inFolder } from "./_in_folder.ts";
import { SAMPLES } from "./_keras_models.ts";
import { sampleValues, writeKeras } from "./_render_keras.ts";

const SHAPE = [6, 8, 8, 3];

function images(tf: Tf): Tensor {
  return tf.tensor(normals(SHAPE, "images"), SHAPE);
}

function outputs(tf: Tf, model: LayersModel): Float32Array {
  return tf.tidy(() => (model.predict(images(tf)) as Tensor).dataSync() as Float32Array);
}

/** Losses before three steps of gradient descent and after them. */
async function train(tf: Tf, model: LayersModel): Promise<number[]> {
  const y = tf.tidy(() => tf.oneHot(tf.tensor1d([0, 1, 2, 0, 1, 2], "int32"), 3).toFloat());
  const x = images(tf);
  const optimizer = tf.train.sgd(0.03);
  model.compile({
    optimizer,
    loss: (labels, logits) => tf.losses.softmaxCrossEntropy(labels, logits),
  });
  const losses: number[] = [];
  for (let step = 0; step < 4; step++) {
    losses.push([await model.trainOnBatch(x, y)].flat()[0] as number);
  }
  [x, y, optimizer].forEach((thing) => thing.dispose());
  return losses;
}

for (const keras of [2, 3] as const) {
  for (const sample of SAMPLES) {
    Deno.test(`loadModel() reads Keras ${keras}: ${sample.name} predicts and trains`, async () => {
      const { tf } = await openTensors({ require: "wasm" });
      const reference = sample.reference(tf);
      const values = sampleValues(sample);
      for (const weight of reference.weights) {
        const value = values.get(weight.originalName)!;
        tf.tidy(() => void weight.write(tf.tensor(value, weight.shape as number[])));
      }
      const wanted = outputs(tf, reference);
      reference.dispose();
      await inFolder(async (folder) => {
        await writeKeras(folder, sample, keras);
        const before = tf.memory().numTensors;
        const model = await loadModel(folder);
        assertClose(outputs(tf, model), wanted, sample.name, 1e-6);
        // Saved again it stands in the form of TensorFlow.js, which needs no mending.
        await saveModel(model, join(folder, "again"));
        const again = await loadModel(join(folder, "again"));
        assert.deepEqual(outputs(tf, again), outputs(tf, model));
        again.dispose();
        const losses = await train(tf, model);
        losses.slice(1).forEach((loss, i) => assert.ok(loss < losses[i], `losses ${losses}`));
        model.dispose();
        assert.equal(tf.memory().numTensors, before);
      });
    });
  }
}

/** Changes the text of a model.json. */
async function edit(folder: string, change: (text: string) => string): Promise<void> {
  const path = join(folder, "model.json");
  const text = await readFile(path, "utf8");
  const changed = change(text);
  assert.notEqual(changed, text, "the change does nothing");
  await writeFile(path, changed);
}

const [flatten, residual, depthwise, nested] = SAMPLES;

Deno.test("loadModel() reads weights quantized to 8 and 16 bits", async () => {
  const { tf } = await openTensors({ require: "wasm" });
  await inFolder(async (folder) => {
    await writeKeras(folder, residual, 2);
    const plain = await loadModel(folder);
    const wanted = outputs(tf, plain);
    plain.dispose();
    const values = Array.from(sampleValues(residual).values());
    for (const dtype of ["uint8", "uint16", "float16"] as const) {
      const most = dtype === "uint8" ? 255 : 65535;
      const parts: Uint8Array[] = [];
      const json = JSON.parse(await readFile(join(folder, "model.json"), "utf8"));
      json.weightsManifest[0].weights.forEach((spec: Record<string, unknown>, i: number) => {
        const min = Math.min(...values[i]);
        const scale = (Math.max(...values[i]) - min) / most || 1;
        const quantized = values[i].map((value) => Math.round((value - min) / scale));
        const [bits, kind] = dtype === "float16"
          ? [Uint16Array.from(values[i], half), { dtype }]
          : [(dtype === "uint8" ? Uint8Array : Uint16Array).from(quantized), { dtype, min, scale }];
        spec.quantization = kind;
        parts.push(new Uint8Array(bits.buffer));
      });
      await writeFile(join(folder, "group1-shard1of1.bin"), joinBytes(parts));
      await writeFile(join(folder, "model.json"), JSON.stringify(json));
      const model = await loadModel(folder);
      assertClose(outputs(tf, model), wanted, dtype, dtype === "uint8" ? 0.05 : 1e-2);
      model.dispose();
    }
  });
});

/** Bits of the half precision number below, for numbers that have one. */
function half(value: number): number {
  const [bits] = new Uint32Array(Float32Array.of(value).buffer);
  const exponent = ((bits >> 23) & 0xff) - 127 + 15;
  const sign = (bits >>> 16) & 0x8000;
  return exponent <= 0 ? sign : sign | (exponent << 10) | ((bits >> 13) & 0x3ff);
}

Deno.test("loadModel() reads what else Keras writes in another way", async () => {
  const { tf } = await openTensors({ require: "wasm" });
  const cases: [string, typeof flatten, 2 | 3, (text: string) => string][] = [
    [
      "mixed precision",
      residual,
      3,
      (text) => text.replaceAll('"name":"float32"', '"name":"mixed_float16"'),
    ],
    [
      "old policy",
      residual,
      2,
      (text) =>
        text.replace(
          '"dtype":"float32"',
          '"dtype":{"class_name":"Policy","config":{"name":"float32"}}',
        ),
    ],
    [
      "tuples",
      depthwise,
      2,
      (text) =>
        text.replace(
          '"kernel_size":[3,3]',
          '"kernel_size":{"class_name":"__tuple__","items":[3,3]}',
        ),
    ],
    [
      "references without lists",
      residual,
      2,
      (text) =>
        text.replaceAll(/\[\[\[("\w+",0,0,\{\})\]\]\]/g, "[[$1]]")
          .replace('[["image",0,0]]', '["image",0,0]'),
    ],
    [
      "named inputs",
      residual,
      3,
      (text) => text.replace('[["image",0,0]]', '{"picture":["image",0,0]}'),
    ],
    [
      "functions",
      residual,
      3,
      (text) =>
        text.replace(
          '"activation":"linear"',
          '"activation":{"module":"builtins","class_name":"function","config":"linear","registered_name":"function"}',
        ),
    ],
    [
      "initializers",
      flatten,
      2,
      (text) =>
        text.replace(
          '"class_name":"GlorotUniform","config":{',
          '"class_name":"VarianceScaling","config":{"scale":1,"mode":"fan_in","distribution":"untruncated_normal",',
        )
          .replace('"class_name":"LecunNormal"', '"class_name":"OrthogonalInitializer"'),
    ],
  ];
  for (const [what, sample, keras, change] of cases) {
    await inFolder(async (folder) => {
      await writeKeras(folder, sample, keras);
      const plain = await loadModel(folder);
      await edit(folder, change);
      const model = await loadModel(folder);
      assert.deepEqual(outputs(tf, model), outputs(tf, plain), what);
      [plain, model].forEach((loaded) => loaded.dispose());
    });
  }
});

Deno.test("loadModel() computes a ReLU with a slope as Keras does", async () => {
  const { tf } = await openTensors({ require: "wasm" });
  await inFolder(async (folder) => {
    await writeKeras(folder, depthwise, 3);
    const [six, leaky] = [
      '"max_value":6,"negative_slope":0',
      '"max_value":null,"negative_slope":0.25',
    ];
    await edit(folder, (text) => text.replaceAll(six, leaky));
    const model = await loadModel(folder);
    const relu = tf.model({
      inputs: model.inputs,
      outputs: model.getLayer("relu").output as never,
    });
    const bn = tf.model({ inputs: model.inputs, outputs: model.getLayer("bn").output as never });
    const wanted = outputs(tf, bn).map((value) => value < 0 ? value / 4 : value);
    assertClose(outputs(tf, relu), wanted, "leaky", 1e-6);
    model.dispose();
  });
});

Deno.test("loadModel() refuses what TensorFlow.js would compute in another way", async () => {
  await openTensors({ require: "wasm" });
  const cases: [typeof flatten, 2 | 3, (text: string) => string, RegExp][] = [
    [flatten, 2, (text) => text.replace('"groups":1', '"groups":3'), /"conv" .* with groups 3/],
    [
      depthwise,
      3,
      (text) =>
        text.replace(
          '"depth_multiplier":1,"dilation_rate":[1,1]',
          '"depth_multiplier":1,"dilation_rate":[2,2]',
        ),
      /"dw" .* with dilation_rate \[2,2\]/,
    ],
    [residual, 3, (text) => text.replace('"silu"', '"hard_sigmoid"'), /hard_sigmoid of Keras 3/],
    [
      depthwise,
      3,
      (text) => text.replace('"negative_slope":0', '"negative_slope":0.1'),
      /"relu" .* with negative_slope 0.1/,
    ],
    [
      residual,
      3,
      (text) =>
        text.replace(
          '{"mask":null}',
          '{"mask":{"class_name":"__keras_tensor__","config":{"keras_history":["image",0,0]}}}',
        ),
      /"conv" .* takes tensors in order only/,
    ],
    [residual, 3, (text) => text.replace(']}}],"kwargs"', ']}},5],"kwargs"'), /is called with 5/],
    [residual, 3, (text) => text.replace('["conv",0,0]', '["cnov",0,0]'), /no such layer/],
    [residual, 2, (text) => text.replace('["conv",0,0,{}]', '["conv",7,0,{}]'), /no such output/],
    [nested, 3, (text) => text.replace('["neck",0,0]', '["neck",1,0]'), /no such output/],
    [
      residual,
      2,
      (text) => text.replace('"class_name":"Add"', '"class_name":"Foo"'),
      /Unknown layer: Foo.*registerClass.*loadGraphModel/s,
    ],
  ];
  for (const [sample, keras, change, message] of cases) {
    await inFolder(async (folder) => {
      await writeKeras(folder, sample, keras);
      await edit(folder, change);
      await assert.rejects(loadModel(folder), message);
    });
  }
});
