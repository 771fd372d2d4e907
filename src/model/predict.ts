import { checkOptions } from "../_internal/check_options.ts";
import { dihedralView, VIEWS } from "../data/dihedral_views.ts";
import { checkRgbImage, type RgbImage } from "../images/rgb_image.ts";
import { runLayers } from "../tensors/run_layers.ts";
import { type Tensor, type Tensor2D, tfjs } from "../tensors/tf.ts";
import { ENSEMBLE, fusionOf, type HybridModel } from "./hybrid_model.ts";
import { partOutputs } from "./part_outputs.ts";
import { checkTestTime, type TestTime } from "./test_time.ts";

/** The answer for one image. */
export interface Prediction {
  /** Index of the class with the highest probability of the ensemble. */
  readonly class: number;
  /** Its name. */
  readonly label: string;
  /** Probability of each class, from the ensemble; calibrated where the model is. */
  readonly probabilities: Float32Array;
  /** Probability of each class by head; null for a head that does not vote. */
  readonly heads: Readonly<Record<string, Float32Array | null>>;
  /** Weight of each head in the ensemble for this image; null for a head that does not vote. */
  readonly fusionWeights: Readonly<Record<string, number | null>>;
  /**
   * Entropy of the probabilities over its highest value, 0 (certain) to 1 (all classes alike), of
   * each head and of `ensemble`; null for a head that does not vote.
   */
  readonly uncertainty: Readonly<Record<string, number | null>>;
  /**
   * Milliseconds by part for all images of the call together, null for a part that was not needed;
   * null as a whole without a clock.
   */
  readonly latency: Readonly<Record<string, number | null>> | null;
}

/** Options of {@linkcode predict}. */
export interface PredictOptions {
  /**
   * A clock in milliseconds, such as `() => performance.now()`. With it the parts are computed one
   * after the other, and each prediction says how long they took. @default {no clock}
   */
  readonly now?: () => number;
  /**
   * `"dihedral"`: the mean of the probabilities over the eight turns by quarters and mirror images of
   * each image; the weights of the fusion are means too, the times sums. @default {"none"}
   */
  readonly testTime?: TestTime;
}

/**
 * Classifies images of the model's size. Heads that do not vote are not evaluated and answer null.
 *
 * @throws {TypeError} when an image is none, or for an unknown option
 * @throws {RangeError} when an image has another size
 */
export async function predict(
  model: HybridModel,
  images: readonly RgbImage[],
  options: PredictOptions = {},
): Promise<Prediction[]> {
  checkOptions("predict", options, ["now", "testTime"]);
  checkTestTime("predict", options.testTime);
  if (images.length === 0) return [];
  const { heads: all, activeHeads } = fusionOf(model);
  const voting = all.filter((head) => activeHeads.includes(head));
  const count = images.length, side = model.imageSize, x = toBatch(model, images);
  const seen: Answers[] = [];
  for (let view = 0; view < (options.testTime === "dihedral" ? VIEWS : 1); view++) {
    const turned = dihedralView(x, { count, side, view });
    seen.push(await answers(model, turned, { voting, count, now: options.now }));
  }
  const { values, latency } = together(seen);
  const classes = model.classes.length;
  const gate = values[voting.length + 1];
  const gated = gate.length / images.length;
  return images.map((_, row) => {
    const part = (all: Float32Array) => all.slice(row * classes, (row + 1) * classes);
    const probabilities = part(values[voting.length]);
    const best = probabilities.indexOf(Math.max(...probabilities));
    const heads: Record<string, Float32Array | null> = {};
    const fusionWeights: Record<string, number | null> = {};
    const uncertainty: Record<string, number | null> = {};
    for (const head of model.heads) {
      const at = voting.indexOf(head);
      const own = at === -1 ? null : part(values[at]);
      heads[head] = own;
      fusionWeights[head] = at === -1 ? null : gate[row * gated + at];
      uncertainty[head] = own === null ? null : relativeEntropy(own);
    }
    uncertainty[ENSEMBLE] = relativeEntropy(probabilities);
    const label = model.classes[best];
    return { class: best, label, probabilities, heads, fusionWeights, uncertainty, latency };
  });
}

/** What a model said of one view of the images. */
interface Answers {
  readonly values: Float32Array[];
  readonly latency: Prediction["latency"];
}

/** Means of the values, sums of the times. */
function together(seen: readonly Answers[]): Answers {
  const [first] = seen;
  if (seen.length === 1) return first;
  const values = first.values.map((own, i) =>
    own.map((_, k) => seen.reduce((sum, { values }) => sum + values[i][k], 0) / seen.length)
  );
  const latency = first.latency && Object.fromEntries(
    Object.keys(first.latency).map((part) => {
      const times = seen.map(({ latency }) => latency![part]);
      return [part, times.some((time) => time === null) ? null : times.reduce((a, b) => a! + b!)];
    }),
  );
  return { values, latency };
}

/** Probabilities of the voting heads and of the ensemble, then the gate. */
async function answers(
  model: HybridModel,
  x: Float32Array,
  { voting, count, now }: {
    readonly voting: readonly string[];
    readonly count: number;
    readonly now: PredictOptions["now"];
  },
): Promise<Answers> {
  const tf = tfjs();
  const wanted = [...voting, ENSEMBLE];
  const batch = tf.tensor4d(x, [count, model.imageSize, model.imageSize, 3]);
  const held: Tensor[] = [batch];
  try {
    const timed = now && await partOutputs(model, batch, { wanted, now });
    held.push(...Object.values(timed?.tensors ?? {}));
    const tensors = tf.tidy(() => {
      const outputs = timed
        ? wanted.map((name) => timed.tensors[name])
        : runLayers(model.network, batch, { outputs: wanted }).outputs;
      return readable(model, outputs, voting);
    });
    held.push(...tensors);
    const values = await Promise.all(tensors.map((x) => x.data() as Promise<Float32Array>));
    return { values, latency: timed?.latency ?? null };
  } finally {
    tf.dispose(held);
  }
}

function readable(
  model: HybridModel,
  outputs: readonly Tensor[],
  voting: readonly string[],
): Tensor[] {
  const tf = tfjs();
  const fusion = fusionOf(model);
  const gate = fusion.gate(fusion.heads.map((head) => outputs[voting.indexOf(head)]));
  const probabilities = outputs.map((logits, i) => {
    const temperature = model.calibration?.[voting[i] ?? ENSEMBLE];
    return tf.softmax((temperature === undefined ? logits : logits.div(temperature)) as Tensor2D);
  });
  return [...probabilities, gate];
}

function relativeEntropy(probabilities: Float32Array): number {
  let entropy = 0;
  // Not `p > 0`: NaN must come out as NaN, not as certainty.
  for (const p of probabilities) if (p !== 0) entropy -= p * Math.log(p);
  return Math.min(1, entropy / Math.log(probabilities.length));
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
