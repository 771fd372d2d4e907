import { batches } from "../data/batches.ts";
import type { ImageSet } from "../data/image_set.ts";
import { selectImages } from "../data/select_images.ts";
import { fusionOf, type HybridModel } from "../model/hybrid_model.ts";
import { runLayers } from "../tensors/run_layers.ts";
import { tfjs } from "../tensors/tf.ts";

/** How the fusion weighs its heads. */
export interface FusionWeights {
  /** Class index of each image. */
  readonly yTrue: Int32Array;
  /** Heads that vote, in the order of the weights. */
  readonly heads: readonly string[];
  /** `images * heads`, row by row; each row sums to 1. */
  readonly weights: Float32Array;
}

/** Images that are weighed; more would cost a forward pass each and change no picture. */
const MOST_IMAGES = 256;

/** The weights of the voting heads on a set, or on images evenly spread over a large one. */
export async function fusionWeights(model: HybridModel, set: ImageSet): Promise<FusionWeights> {
  const tf = tfjs(), fusion = fusionOf(model);
  const step = Math.max(1, set.count / MOST_IMAGES);
  const count = Math.min(set.count, MOST_IMAGES);
  const some = selectImages(set, Array.from({ length: count }, (_, i) => Math.floor(i * step)));
  const heads = fusion.heads.filter((head) => fusion.activeHeads.includes(head));
  const weights = new Float32Array(count * heads.length);
  let at = 0;
  for (const { x, y } of batches(some, { batchSize: 64, shuffle: false })) {
    const gate = tf.tidy(() => {
      const batch = tf.tensor4d(x, [y.length, set.height, set.width, 3]);
      const { outputs } = runLayers(model.network, batch, { outputs: heads, training: false });
      // A head that does not vote is not read, so it needs no logits of its own.
      return fusion.gate(fusion.heads.map((head) => outputs[Math.max(0, heads.indexOf(head))]));
    });
    weights.set(await gate.data() as Float32Array, at);
    gate.dispose();
    at += y.length * heads.length;
  }
  return { yTrue: some.labels, heads, weights };
}
