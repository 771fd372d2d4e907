import assert from "node:assert/strict";
import { hybridModel } from "../../../src/model/hybrid_model.ts";
import { openTensors } from "../../../src/tensors/open_tensors.ts";
import { runLayers } from "../../../src/tensors/run_layers.ts";
import type { Variable } from "../../../src/tensors/tf.ts";
import { assertClose, normals } from "../../tensors/_on_backends.ts";

const INSIDE = [1, 2, 3].flatMap((i) => [`encoder_conv${i}`, `encoder_norm${i}`]);

Deno.test("the classifier's trunk trains as blocks, with the numbers of its layers", async () => {
  const { tf } = await openTensors({ require: "wasm" });
  const { network } = hybridModel({ classes: ["a", "b", "c"], imageSize: 20, seed: 1 });
  const x = tf.tensor4d(normals([4, 20, 20, 3], "x"), [4, 20, 20, 3]);
  const weights = network.trainableWeights
    .filter(({ originalName }) => /conv|norm/.test(originalName) && /^encoder/.test(originalName))
    .map((weight) => weight.read() as Variable);
  // Whoever asks for what is inside gets layer by layer.
  const numbers = async (capture: string[]) => {
    const options = { outputs: ["encoder_features"], training: true, capture };
    let found: Float32Array[] = [];
    const { kernelNames } = await tf.profile(() => {
      tf.tidy(() => {
        const { value, grads } = tf.variableGrads(
          () => runLayers(network, x, options).outputs[0].square().sum().asScalar(),
          weights,
        );
        const tensors = [value, ...weights.map(({ name }) => grads[name])];
        found = tensors.map((tensor) => Float32Array.from(tensor.dataSync()));
      });
    });
    return { found, convolves: kernelNames.some((name) => /Conv2D$/.test(name)) };
  };
  const blocks = await numbers([]), layers = await numbers(INSIDE);
  assert.ok(!blocks.convolves && layers.convolves);
  assert.equal(blocks.found.length, 10);
  blocks.found.forEach((values, i) => assertClose(values, layers.found[i], `${i}`, 1e-5));
  network.dispose();
  x.dispose();
});
