// The encoders at their full size: one image of 224 pixels, as PyTorch answers it.
import assert from "node:assert/strict";
import { hybridModel } from "../../src/model/hybrid_model.ts";
import { openTensors } from "../../src/tensors/open_tensors.ts";
import { runLayers } from "../../src/tensors/run_layers.ts";
import { askTorch, missingTorch, randomize } from "../model/encoders/_torch.ts";
import { assertClose, normals } from "../tensors/_on_backends.ts";
import { testOrSkip } from "../_tools/test_or_skip.ts";

const SHAPE = [1, 224, 224, 3];
const FULL = {
  resnet18: { features: 512, compute: ["resnet"], blocks: [2, 2, 2, 2] },
  resnet50: { features: 2048, compute: ["resnet"], blocks: [3, 4, 6, 3] },
  vit_b_16: { features: 768, compute: ["vit"], depth: 12, heads: 12 },
} as const;

const missing = await missingTorch();

for (const [name, { features, ...request }] of Object.entries(FULL)) {
  testOrSkip(`${name} at 224 pixels answers as PyTorch and leaves no tensor`, missing, async () => {
    const { tf } = await openTensors({ require: "wasm" });
    const { network } = hybridModel({
      classes: ["a", "b"],
      imageSize: 224,
      encoder: name as keyof typeof FULL,
      normalization: "unit",
    });
    randomize(network, 1);
    const x = { shape: SHAPE, data: normals(SHAPE, 2) };
    const predict = () =>
      tf.tidy(() => {
        const image = tf.tensor(x.data, SHAPE);
        const [output] = runLayers(network, image, { outputs: ["encoder_features"] }).outputs;
        return Float32Array.from(output.dataSync());
      });
    const found = predict();
    const before = tf.memory().numTensors;
    assert.deepEqual(predict(), found);
    assert.equal(tf.memory().numTensors, before);
    const dy = new Float32Array(features).fill(1);
    const { output } = await askTorch(network, { ...request, x, dy });
    assertClose(found, output, name, 1e-4);
    network.dispose();
  });
}
