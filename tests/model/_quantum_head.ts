import { type HybridModel, hybridModel } from "../../src/model/hybrid_model.ts";
import type { QuantumHeadOptions } from "../../src/model/head_options.ts";
import { runLayers } from "../../src/tensors/run_layers.ts";
import { tfjs } from "../../src/tensors/tf.ts";
import { noiseImages } from "./_small.ts";

/** What makes a model small. */
export const SMALL = {
  classes: ["none", "mild", "moderate", "severe", "proliferative"],
  imageSize: 12,
  filters: [4, 6],
  compressed: 6,
  wires: 3,
  layers: 2,
};

/** A small model with a quantum head of one's choice. */
export function small(quantumHead?: QuantumHeadOptions): HybridModel {
  return hybridModel({ ...SMALL, quantumHead });
}

/** What a layer answers to four images of noise. */
export function valuesOf(
  { network }: HybridModel,
  { layer = "quantum", training = false }: { layer?: string; training?: boolean },
): number[] {
  const tf = tfjs();
  const outputs = tf.tidy(() => {
    const x = tf.tensor4d(noiseImages(4), [4, 12, 12, 3]);
    const [output] = runLayers(network, x, { outputs: [layer], training }).outputs;
    return output.dataSync();
  });
  return [...outputs];
}
