import { fusionOf, type HybridModel } from "../../src/model/hybrid_model.ts";
import { fusionLayer, type FusionOption } from "../../src/model/fusion_option.ts";
import { openTensors } from "../../src/tensors/open_tensors.ts";
import { type SymbolicTensor, type Tensor2D, tfjs } from "../../src/tensors/tf.ts";

/** The three fusions, the second small enough for a test. */
export const FUSIONS: readonly FusionOption[] = [
  "dynamic",
  { name: "mlp", hidden: [12, 8] },
  "skip_ensemble",
];

/** Its name. */
export function nameOf(fusion: FusionOption): string {
  return typeof fusion === "string" ? fusion : fusion.name;
}

/** A model of one's own: four linear heads on a 4x4 image, and a fusion. */
export async function fourHeads(fusion: FusionOption): Promise<HybridModel> {
  const { tf } = await openTensors({ prefer: "wasm" });
  const heads = ["one", "two", "one_more", "four"];
  const image = tf.input({ shape: [4, 4, 3], name: "image" });
  const features = tf.layers.flatten({ name: "encoder_flat" }).apply(image) as SymbolicTensor;
  const logits = heads.map((name, i) => {
    const kernelInitializer = tf.initializers.glorotNormal({ seed: i + 1 });
    return tf.layers.dense({ name, units: 5, kernelInitializer }).apply(features);
  }) as SymbolicTensor[];
  const ensemble = fusionLayer({ heads, fusion, seed: 3 }).apply(logits) as SymbolicTensor;
  return {
    network: tf.model({ inputs: image, outputs: [...logits, ensemble], name: "own" }),
    heads,
    classes: ["none", "mild", "moderate", "severe", "proliferative"],
    imageSize: 4,
    encoder: "own",
    cam: null,
  };
}

/** Gives the fusion weights that matter; its first values let all heads vote alike. */
export function randomize(model: HybridModel, deviation = 1): void {
  const tf = tfjs();
  const layer = fusionOf(model);
  const random = (shape: number[], seed: number) =>
    tf.randomNormal(shape, 0, deviation, "float32", seed);
  layer.setWeights(layer.getWeights().map((weight, i) => random(weight.shape, 31 + i)));
}

/** Logits of five classes. */
export function randomLogits(batch: number, seed: number): Tensor2D {
  return tfjs().randomNormal([batch, 5], 0, 2, "float32", seed + 1);
}
