import { checkRgbImage, type RgbImage } from "../images/rgb_image.ts";
import { runLayers } from "../tensors/run_layers.ts";
import { type Tensor2D, tfjs } from "../tensors/tf.ts";
import { ENSEMBLE, fusionOf, type HybridModel } from "./hybrid_model.ts";

/** The answer for one image. */
export interface Prediction {
  /** Index of the class with the highest probability of the ensemble. */
  readonly class: number;
  /** Its name. */
  readonly label: string;
  /** Probability of each class, from the ensemble. */
  readonly probabilities: Float32Array;
  /** Probability of each class by head; null for a head that does not vote. */
  readonly heads: Readonly<Record<string, Float32Array | null>>;
  /** Weight of each head in the ensemble for this image; null for a head that does not vote. */
  readonly fusionWeights: Readonly<Record<string, number | null>>;
}

/**
 * Classifies images of the model's size. Heads that do not vote are not evaluated and answer null.
 *
 * @throws {TypeError} when an image is none
 * @throws {RangeError} when an image has another size
 */
export async function predict(
  model: HybridModel,
  images: readonly RgbImage[],
): Promise<Prediction[]> {
  if (images.length === 0) return [];
  const tf = tfjs();
  const x = toBatch(model, images);
  const fusion = fusionOf(model);
  const voting = fusion.heads.filter((head) => fusion.activeHeads.includes(head));
  const tensors = tf.tidy(() => {
    const batch = tf.tensor4d(x, [images.length, model.imageSize, model.imageSize, 3]);
    const { outputs } = runLayers(model.network, batch, { outputs: [...voting, ENSEMBLE] });
    const byHead = fusion.heads.map((head) => outputs[voting.indexOf(head)]);
    return [...outputs.map((logits) => tf.softmax(logits as Tensor2D)), fusion.gate(byHead)];
  });
  const values = await Promise.all(tensors.map((tensor) => tensor.data() as Promise<Float32Array>));
  tf.dispose(tensors);
  const gate = values[voting.length + 1];
  const classes = model.classes.length;
  return images.map((_, row) => {
    const part = (all: Float32Array) => all.slice(row * classes, (row + 1) * classes);
    const probabilities = part(values[voting.length]);
    const best = probabilities.indexOf(Math.max(...probabilities));
    const heads: Record<string, Float32Array | null> = {};
    const fusionWeights: Record<string, number | null> = {};
    for (const head of model.heads) {
      const at = voting.indexOf(head);
      heads[head] = at === -1 ? null : part(values[at]);
      fusionWeights[head] = at === -1 ? null : gate[row * voting.length + at];
    }
    return { class: best, label: model.classes[best], probabilities, heads, fusionWeights };
  });
}

function toBatch(model: HybridModel, images: readonly RgbImage[]): Float32Array {
  const side = model.imageSize;
  const out = new Float32Array(images.length * side * side * 3);
  images.forEach((image, i) => {
    checkRgbImage("predict()", image);
    if (image.width !== side || image.height !== side) {
      throw new RangeError(
        `predict: image ${i} is ${image.width}x${image.height}, the model takes ${side}x${side}; ` +
          `resize it with resizeImage(image, { width: ${side}, height: ${side} })`,
      );
    }
    const offset = i * side * side * 3;
    for (let k = 0; k < image.data.length; k++) out[offset + k] = image.data[k] / 255;
  });
  return out;
}
