import { discardTape } from "../tensors/discard_tape.ts";
import type { GraphModel } from "../tensors/layer_graph.ts";
import { runLayers } from "../tensors/run_layers.ts";
import type { Tensor, Tf } from "../tensors/tf.ts";
import type { RawMap } from "./cam.ts";
import type { ChosenTargets } from "./cam_target.ts";
import type { Head } from "./find_head.ts";

/** A batch of images as far as the layer to explain. */
export interface Activations {
  readonly model: GraphModel;
  /** The model's input. */
  readonly x: Tensor;
  /** Path of the layer. */
  readonly layer: string;
  /** Output of the layer, `[batch, height, width, channels]`. */
  readonly activation: Tensor;
  readonly head: Head;
}

/** One map for each image, or why there is no gradient. */
export type WeightedSums = readonly Omit<RawMap, "scores">[] | string;

/** Channels weighted by the mean gradient of the target's total, summed at each position. */
export async function weightedSums(
  tf: Tf,
  { model, x, layer, activation, head }: Activations,
  total: ChosenTargets["total"],
): Promise<WeightedSums> {
  const score = (replacement: Tensor) => {
    const options = { outputs: [head.source], replace: { [layer]: replacement } };
    return total(tf, head.scores(runLayers(model, x, options).outputs[0]));
  };
  let tensors: Tensor[];
  try {
    tensors = tf.tidy(() => {
      const weights = tf.grad(score)(activation).mean([1, 2], true);
      return [weights.squeeze([1, 2]), activation.mul(weights).sum(-1)];
    });
  } catch (error) {
    discardTape(tf);
    // tfjs has no type for this; both of its messages begin so.
    const message = error instanceof Error ? error.message : String(error);
    if (!message.startsWith("Cannot compute gradient")) throw error;
    return `the path from layer "${layer}" to head "${head.name}" has no gradient: ` +
      message.replace(/\s+/g, " ");
  }
  try {
    const [weights, sums] = await Promise.all(
      tensors.map((t) => t.data() as Promise<Float32Array>),
    );
    const [count, height, width] = activation.shape;
    const maps = splitRows(sums, count), channels = splitRows(weights, count);
    const grid = { height, width };
    return maps.map((raw, i) => ({ raw, grid, weights: channels[i] }));
  } finally {
    tf.dispose(tensors);
  }
}

/** Equal parts of an array, copied. */
export function splitRows(values: Float32Array, rows: number): Float32Array[] {
  const size = values.length / rows;
  return Array.from({ length: rows }, (_, i) => values.slice(i * size, (i + 1) * size));
}
