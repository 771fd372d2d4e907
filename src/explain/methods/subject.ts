import { discardTape } from "../../tensors/discard_tape.ts";
import type { GraphModel } from "../../tensors/layer_graph.ts";
import { runLayers } from "../../tensors/run_layers.ts";
import type { Tensor, Tf } from "../../tensors/tf.ts";
import type { RawMap } from "../cam.ts";
import type { ChosenTargets } from "../cam_target.ts";
import type { Head } from "../find_head.ts";
import type { Candidate } from "../find_layer.ts";

/** A batch of images, and what is asked about it. */
export interface Subject {
  readonly tf: Tf;
  readonly model: GraphModel;
  readonly head: Head;
  /** The model's input, `[batch, height, width, channels]`. */
  readonly x: Tensor;
  readonly chosen: ChosenTargets;
  /** Rows that are computed at a time. */
  readonly batchSize: number;
}

/** The output of the layer to explain. */
export interface Captured extends Candidate {
  /** `[batch, height, width, channels]` or `[batch, tokens, channels]`. */
  readonly activation: Tensor;
}

/** One map for each image, or why there is no gradient. */
export type RawMaps = readonly RawMap[] | string;

/** Scores from the model's input, or from the output of a layer in its place. */
export function scoresOf(
  { model, head, x }: Subject,
  { input = x, replace }: { readonly input?: Tensor; readonly replace?: Record<string, Tensor> },
): Tensor {
  const options = { outputs: [head.source], ...replace && { replace } };
  return head.scores(runLayers(model, input, options).outputs[0]);
}

/**
 * Calls a function that takes gradients, and leaves no tape behind when it throws.
 *
 * @returns what the function returned, or why `place` has no gradient
 */
export function orNoGradient<T>(
  { tf, head }: Subject,
  { place, take }: { readonly place: string; readonly take: () => T },
): T | string {
  try {
    return take();
  } catch (error) {
    discardTape(tf);
    // tfjs has no type for this; both of its messages begin so.
    const message = error instanceof Error ? error.message : String(error);
    if (!message.startsWith("Cannot compute gradient")) throw error;
    return `the path from ${place} to head "${head.name}" has no gradient: ` +
      message.replace(/\s+/g, " ");
  }
}
