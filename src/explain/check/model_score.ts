import type { GraphModel } from "../../tensors/layer_graph.ts";
import { runLayers } from "../../tensors/run_layers.ts";
import type { Tensor, Tensor4D, Tf } from "../../tensors/tf.ts";
import type { Cam } from "../cam.ts";
import { findHead } from "../find_head.ts";
import { inputSize, type Pixels, stackImages } from "../image_batch.ts";
import { splitRows } from "../split_rows.ts";
import type { FloatImage, ScoreImages } from "./float_image.ts";

/** A model and the head that is asked. */
export interface ScoredModel {
  readonly model: GraphModel;
  readonly head?: string;
  readonly batchSize: number;
}

/** What the scores of a map are, and which of them was explained. */
export type ScoredClass = Pick<Cam, "target" | "scoreKind">;

/** An image as the model takes it: resized and preprocessed. */
export async function modelInput(
  tf: Tf,
  pixels: Pixels,
  { model, preprocess }: {
    readonly model: GraphModel;
    readonly preprocess?: (batch: Tensor4D) => Tensor;
  },
): Promise<FloatImage> {
  const size = inputSize(model);
  const x = tf.tidy(() => stackImages(tf, [pixels], { size, preprocess }).toFloat());
  try {
    const data = Float32Array.from(await x.data());
    if (x.shape.length !== 4) {
      throw new RangeError(
        `checkExplanations(): preprocess() returned shape [${x.shape.join(", ")}], wanted ` +
          `[batch, height, width, channels]. Pixels are taken away from what it returns`,
      );
    }
    return { data, height: x.shape[1]!, width: x.shape[2]!, channels: x.shape[3]! };
  } finally {
    tf.dispose(x);
  }
}

/**
 * The probability of a class for images of one size, in the scale of the model's input. Only the
 * layers that the head needs are run, in inference mode, so many images at a time.
 */
export function modelScore(
  tf: Tf,
  { model, head, batchSize }: ScoredModel,
  { size, explained }: {
    readonly size: Omit<FloatImage, "data">;
    readonly explained: ScoredClass;
  },
): ScoreImages {
  const { height, width, channels } = size;
  return async (images) => {
    const probabilities: number[] = [];
    for (let start = 0; start < images.length; start += batchSize) {
      const batch = images.slice(start, start + batchSize);
      const found = findHead(tf, model, head);
      const scores = tf.tidy(() => {
        const shape: [number, number, number] = [height, width, channels];
        const x = tf.stack(batch.map((image) => tf.tensor3d(image, shape)));
        return found.scores(runLayers(model, x, { outputs: [found.source] }).outputs[0]);
      });
      try {
        const rows = splitRows(await scores.data<"float32">(), batch.length);
        const { binary } = found;
        probabilities.push(...rows.map((row) => probabilityOf(row, { ...explained, binary })));
      } finally {
        tf.dispose(scores);
      }
    }
    return probabilities;
  };
}

/** Softmax of logits, the sigmoid of a single one, or the probability itself. */
export function probabilityOf(
  scores: Float32Array,
  { target, scoreKind, binary }: ScoredClass & {
    /** One logit for two classes. */
    readonly binary: boolean;
  },
): number {
  if (binary) return 1 / (1 + Math.exp(target === 1 ? -scores[0] : scores[0]));
  if (scoreKind === "probabilities") return scores[target];
  const highest = scores.reduce((a, b) => Math.max(a, b));
  const total = scores.reduce((sum, score) => sum + Math.exp(score - highest), 0);
  return Math.exp(scores[target] - highest) / total;
}
