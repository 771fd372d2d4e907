import type { EncoderOption } from "../../src/model/encoders/encoder.ts";
import { type HybridModel, hybridModel } from "../../src/model/hybrid_model.ts";
import { openTensors } from "../../src/tensors/open_tensors.ts";
import { runLayers } from "../../src/tensors/run_layers.ts";
import { type Scalar, type Tensor, tfjs } from "../../src/tensors/tf.ts";
import { testOrSkip } from "../_tools/test_or_skip.ts";
import { assertClose, normals } from "../tensors/_on_backends.ts";
import {
  askTorch,
  missingTorch,
  type Numbers,
  randomize,
  type TorchRequest,
} from "../model/encoders/_torch.ts";

const missing = await missingTorch();
const BLOCKS = [1, 2, 1];

/** A network with weights that all matter. */
async function network(
  encoder: EncoderOption,
  imageSize: number,
): Promise<HybridModel["network"]> {
  await openTensors({ require: "wasm" });
  const classes = ["a", "b"];
  const { network } = hybridModel({ classes, imageSize, encoder, normalization: "unit" });
  randomize(network, 5);
  return network;
}

/** Output and input gradient from one layer to another, here and in PyTorch. */
async function compare(
  model: HybridModel["network"],
  { from, to, training = false, ...request }: Omit<TorchRequest, "x" | "dy"> & {
    readonly from: string;
    readonly to: string;
  },
): Promise<void> {
  const tf = tfjs();
  const shapeOf = (
    layer: string,
  ) => [2, ...(model.getLayer(layer).outputShape as number[]).slice(1)];
  const x: Numbers = { shape: shapeOf(from), data: normals(shapeOf(from), 1) };
  const dy = normals(shapeOf(to), 2);
  const here = tf.tidy(() => {
    const at = (z: Tensor) =>
      runLayers(model, [], { outputs: [to], replace: { [from]: z }, training }).outputs[0];
    let output: Float32Array | undefined;
    const gradient = tf.grad((z) => {
      const y = at(z);
      output = Float32Array.from(y.dataSync());
      return y.mul(tf.tensor(dy, y.shape)).sum() as Scalar;
    })(tf.tensor(x.data, x.shape as number[]));
    return { output: output!, gradient: Float32Array.from(gradient.dataSync()) };
  });
  const there = await askTorch(model, { ...request, x, dy, training });
  assertClose(here.output, there.output, `${to}, output`, 1e-4);
  assertClose(here.gradient, there.gradient, `${to}, input gradient`, 1e-4);
}

for (const name of ["resnet18", "resnet50"] as const) {
  for (const imageSize of [32, 45]) {
    testOrSkip(`${name} equals PyTorch at ${imageSize} pixels`, missing, async () => {
      const model = await network({ name, width: 8, blocks: BLOCKS }, imageSize);
      const request = { from: "encoder_normalize", to: "encoder_features", blocks: BLOCKS };
      await compare(model, { ...request, compute: ["resnet"] });
    });
  }

  testOrSkip(`a block of ${name} equals PyTorch, training and not`, missing, async () => {
    const model = await network({ name, width: 8, blocks: BLOCKS }, 44);
    for (const training of [false, true]) {
      await compare(model, {
        from: "encoder_layer1_0_relu",
        to: "encoder_layer2_0_relu",
        compute: ["residual_block", "layer2.0", 2],
        training,
      });
    }
  });
}

testOrSkip("vit_b_16 equals PyTorch", missing, async () => {
  const encoder = { name: "vit_b_16", patch: 8, depth: 2, width: 24, heads: 3 } as const;
  const model = await network(encoder, 24);
  const request = { from: "encoder_normalize", to: "encoder_features", depth: 2, heads: 3 };
  await compare(model, { ...request, compute: ["vit"] });
});

testOrSkip("a block of vit_b_16 equals PyTorch", missing, async () => {
  const encoder = { name: "vit_b_16", patch: 8, depth: 1, width: 24, heads: 3, mlp: 20 } as const;
  const model = await network(encoder, 32);
  const request = { from: "encoder_embedding", to: "encoder_layer_0_add_2", heads: 3 };
  const compute = ["transformer_block", "encoder.layers.encoder_layer_0"];
  await compare(model, { ...request, compute });
});

testOrSkip(
  "running statistics move as in PyTorch, up to its unbiased variance",
  missing,
  async () => {
    const model = await network({ name: "resnet18", width: 4, blocks: [1] }, 16);
    const tf = tfjs();
    const shape = [4, 8, 8, 4];
    const x: Numbers = { shape, data: normals(shape, 3) };
    const block = { compute: ["residual_block", "layer1.0", 1], x, dy: normals(shape, 4) };
    const { statistics } = await askTorch(model, { ...block, training: true });
    const layer = model.getLayer("encoder_layer1_0_bn1");
    const before = Float32Array.from(layer.getWeights()[3].dataSync());
    tf.tidy(() => {
      const replace = { encoder_maxpool: tf.tensor(x.data, shape) };
      runLayers(model, [], { outputs: ["encoder_layer1_0_relu"], replace, training: true });
    });
    const [, , mean, variance] = layer.getWeights();
    assertClose(mean.dataSync(), statistics["layer1.0.bn1.running_mean"], "mean", 1e-5);
    // tfjs, like Keras, divides by the count; PyTorch's running variance by one less.
    const count = shape[0] * shape[1] * shape[2];
    const wanted = statistics["layer1.0.bn1.running_var"].map((value, i) =>
      0.9 * before[i] + (value - 0.9 * before[i]) * (count - 1) / count
    );
    assertClose(variance.dataSync(), wanted, "variance", 1e-5);
  },
);
