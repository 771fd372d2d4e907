// Prints loss and gradients of every encoder on a backend, as JSON. A process of its own, because a
// GPU device cannot be closed again: deno run -A _gradients.ts <backend> [<adapter>]
import process from "node:process";
import type { EncoderOption } from "../../../src/model/encoders/encoder.ts";
import { hybridModel } from "../../../src/model/hybrid_model.ts";
import { openTensors } from "../../../src/tensors/open_tensors.ts";
import { runLayers } from "../../../src/tensors/run_layers.ts";
import type { BackendName } from "../../../src/tensors/select_backend.ts";
import type { Scalar, Tensor, Variable } from "../../../src/tensors/tf.ts";
import { noiseImages } from "../_small.ts";

const SIDE = 16;
const ENCODERS: Readonly<Record<string, EncoderOption>> = {
  convnet: "convnet",
  resnet18: { name: "resnet18", width: 4, blocks: [1, 1] },
  resnet50: { name: "resnet50", width: 4, blocks: [1, 1] },
  vit_b_16: { name: "vit_b_16", patch: 4, depth: 2, width: 16, heads: 2 },
};

const [backend, adapter] = process.argv.slice(2);
const { tf } = await openTensors({ require: backend as BackendName, adapter });
const found: Record<string, number[][]> = {};
for (const [name, encoder] of Object.entries(ENCODERS)) {
  const { network } = hybridModel({ classes: ["a", "b"], imageSize: SIDE, encoder, dropout: 0 });
  const variables = network.trainableWeights
    .filter((weight) => weight.originalName.startsWith("encoder"))
    .map((weight) => weight.read() as Variable);
  const x = tf.tensor4d(noiseImages(3, SIDE), [3, SIDE, SIDE, 3]);
  const { value, grads } = tf.variableGrads(() => {
    const run = runLayers(network, x, { outputs: ["classical_a"], training: true });
    return run.outputs[0].square().mean() as Scalar;
  }, variables);
  const tensors: Tensor[] = [value, ...variables.map((variable) => grads[variable.name])];
  found[name] = await Promise.all(
    tensors.map(async (tensor) => Array.from(await tensor.data() as Float32Array)),
  );
}
// Drivers print on their own: the answer is the last line.
process.stdout.write(`\n${JSON.stringify(found)}\n`, () => process.exit(0));
