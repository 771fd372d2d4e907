// What torchvision publishes of its models, and what its options would refuse.
import assert from "node:assert/strict";
import type { EncoderOption } from "../../../src/model/encoders/encoder.ts";
import { type HybridModel, hybridModel } from "../../../src/model/hybrid_model.ts";
import { parameterCounts } from "../../../src/model/parameter_counts.ts";
import { openTensors } from "../../../src/tensors/open_tensors.ts";
import { type Tensor, tfjs } from "../../../src/tensors/tf.ts";

const CLASSES = ["a", "b"];

async function build(encoder: EncoderOption, imageSize: number): Promise<HybridModel> {
  await openTensors({ require: "wasm" });
  return hybridModel({ classes: CLASSES, imageSize, encoder });
}

function shapeOf({ network }: HybridModel, layer: string): unknown {
  return network.getLayer(layer).outputShape;
}

// Of the whole models, less the head: 11,689,512 - 513,000, 25,557,032 - 2,049,000 and
// 86,567,656 - 769,000.
const COUNTS = { resnet18: 11_176_512, resnet50: 23_508_032, vit_b_16: 85_798_656 } as const;

for (const [name, count] of Object.entries(COUNTS)) {
  Deno.test(`${name}: has the parameters of torchvision's`, async () => {
    const model = await build(name as keyof typeof COUNTS, 224);
    assert.equal(parameterCounts(model)[0].classical, count);
    model.network.dispose();
  });
}

for (const [name, expansion] of [["resnet18", 1], ["resnet50", 4]] as const) {
  Deno.test(`${name}: halves like PyTorch at odd and even sizes`, async () => {
    const blocks = [1, 1, 1, 1];
    for (
      const [imageSize, sides] of [[32, [16, 8, 1]], [33, [17, 9, 2]], [63, [32, 16, 2]]] as const
    ) {
      const model = await build({ name, width: 4, blocks }, imageSize);
      const [conv1, pool, last] = sides;
      assert.deepEqual(shapeOf(model, "encoder_conv1"), [null, conv1, conv1, 4]);
      assert.deepEqual(shapeOf(model, "encoder_maxpool"), [null, pool, pool, 4]);
      const channels = 32 * expansion;
      assert.deepEqual(shapeOf(model, "encoder_layer4_0_relu"), [null, last, last, channels]);
      assert.deepEqual(shapeOf(model, "encoder_features"), [null, channels]);
    }
  });

  Deno.test(`${name}: starts its branches as zero when asked to`, async () => {
    const gammas = async (zeroInitResidual: boolean) => {
      const { network } = await build({ name, width: 4, blocks: [1, 1], zeroInitResidual }, 16);
      return network.layers.filter((layer) =>
        layer.getClassName() === "BatchNormalization" && layer.name.startsWith("encoder") &&
        layer.getWeights()[0].dataSync()[0] === 0
      ).map((layer) => layer.name);
    };
    const last = expansion === 1 ? 2 : 3;
    assert.deepEqual(await gammas(false), []);
    assert.deepEqual(await gammas(true), [
      `encoder_layer1_0_bn${last}`,
      `encoder_layer2_0_bn${last}`,
    ]);
  });
}

Deno.test("vit_b_16: has as many positions as patches, and one for the class", async () => {
  const encoder = { name: "vit_b_16", patch: 4, depth: 1, width: 8, heads: 2 } as const;
  for (const imageSize of [4, 12, 20]) {
    const model = await build(encoder, imageSize);
    const side = imageSize / 4;
    assert.deepEqual(shapeOf(model, "encoder_ln"), [null, side * side + 1, 8]);
    assert.deepEqual(shapeOf(model, "encoder_features"), [null, 8]);
    assert.deepEqual(model.cam, {
      layer: "encoder_layer_0_ln_1",
      kind: "tokens",
      classToken: true,
      grid: [side, side],
    });
  }
});

Deno.test("resnets and vit_b_16 say which number they cannot take, and which they could", async () => {
  await openTensors({ require: "wasm" });
  const refused = (encoder: unknown, imageSize: unknown, message: RegExp) =>
    assert.throws(
      () => hybridModel({ classes: CLASSES, imageSize, encoder } as never),
      message,
    );
  refused("resnet18", 31, /resnet18: imageSize must be an integer of at least 32.*found 31/);
  refused("resnet50", undefined, /resnet50: imageSize must be .* found undefined/);
  refused({ name: "resnet18", blocks: [2, 0] }, 32, /blocks must be .*found \[2,0\]/);
  refused({ name: "resnet18", width: 1.5 }, 32, /width must be a positive whole number, found 1.5/);
  refused({ name: "resnet50", wdth: 4 }, 32, /unknown option "wdth".*"width"/);
  refused("vit_b_16", 100, /multiple of the patch of 16 pixels, found 100; .*imageSize: 96/);
  refused("vit_b_16", undefined, /found undefined; .*imageSize: 224/);
  refused(
    { name: "vit_b_16", heads: 5 },
    32,
    /multiple of heads, found 768 and 5; use a width of 770/,
  );
  refused({ name: "vit_b_16", depth: 0 }, 32, /depth must be a positive whole number, found 0/);
  refused({ name: "vit_b_16", layers: 3 }, 32, /unknown option "layers"/);
});

Deno.test("the layers of vit_b_16 leave no tensor in prediction", async () => {
  const encoder = { name: "vit_b_16", patch: 4, depth: 1, width: 8, heads: 2 } as const;
  const { network } = await build(encoder, 8);
  const tf = tfjs();
  const x = tf.ones([2, 8, 8, 3]);
  const layers = network.layers.filter((layer) => layer.name.startsWith("encoder"));
  for (const layer of layers.slice(1)) {
    const shape = (layer.input as { shape?: number[] }).shape;
    if (shape === undefined) continue;
    const input = tf.ones([2, ...shape.slice(1)]);
    const before = tf.memory().numTensors;
    tf.dispose(layer.apply(input) as Tensor);
    assert.equal(tf.memory().numTensors, before, layer.name);
    input.dispose();
  }
  tf.dispose(network.predict(x));
  const before = tf.memory().numTensors;
  tf.dispose(network.predict(x));
  assert.equal(tf.memory().numTensors, before);
  x.dispose();
});
