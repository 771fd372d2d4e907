import { checkOptions } from "../_internal/check_options.ts";
import type { GraphModel } from "../tensors/layer_graph.ts";
import { runLayers } from "../tensors/run_layers.ts";
import { loadTfjs, type Tensor, type Tensor4D, type Tf } from "../tensors/tf.ts";
import { type Cam, judgeRawMap } from "./cam.ts";
import { type CamTarget, chooseTargets } from "./cam_target.ts";
import { findHead, type Head } from "./find_head.ts";
import { findLayer, type FoundLayer } from "./find_layer.ts";
import { type ImagesLike, type Pixels, readImages, stackImages, toRgb } from "./image_batch.ts";
import { scaleMap } from "./scale_map.ts";
import { splitRows, type WeightedSums, weightedSums } from "./weighted_sums.ts";

/** Options of {@linkcode gradCam}. */
export interface GradCamOptions {
  /**
   * The layer whose channels are weighted, by name or path ("base/conv_5").
   * @default {the last layer before the head with an output larger than 1x1}
   */
  readonly layer?: string;
  /**
   * What is explained: the predicted class, one class, one class for each image (-1 for the
   * predicted one), or a function from scores `[batch, classes]` to one number an image.
   * @default {"predicted"}
   */
  readonly target?: CamTarget;
  /** Name of the output layer. @default {the first output} */
  readonly head?: string;
  /** Images explained at a time. @default {32} */
  readonly batchSize?: number;
  /**
   * From images of the model's size, bytes as 0..255, to what the model takes.
   * @default {bytes divided by 255, floats as they are}
   */
  readonly preprocess?: (batch: Tensor4D) => Tensor;
  /** True classes, kept in the result and not used. @default {none} */
  readonly labels?: ArrayLike<number>;
}

const OPTIONS = ["layer", "target", "head", "batchSize", "preprocess", "labels"];

/**
 * Grad-CAM (Selvaraju et al., 2017): where in an image a layer of any tf.layers model speaks for a
 * class. The gradient is taken of the score before the softmax, in inference mode, for each image
 * on its own; layers that the chosen head does not need never run. The model stays as it is, frozen
 * or not, and no tensor remains.
 *
 * A blank map is no error: its `status` is not "ok" and `diagnosis` says why.
 *
 * @param images RGB images, numbers with a shape, tensors, or paths; resized to the model's input
 * @returns one map for each image, in order
 * @throws {TypeError} for unknown options, layers and heads
 * @throws {RangeError} for a class that the head does not have, or images that do not fit
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as tf from "@tensorflow/tfjs";
 * import { gradCam } from "@qsight/qsight/explain";
 * const model = tf.sequential({
 *   layers: [
 *     tf.layers.conv2d({ filters: 4, kernelSize: 3, inputShape: [8, 8, 3], name: "conv" }),
 *     tf.layers.globalAveragePooling2d({}),
 *     tf.layers.dense({ units: 2, activation: "softmax", name: "head" }),
 *   ],
 * });
 * const [cam] = await gradCam(model, tf.ones([1, 8, 8, 3]) as tf.Tensor4D, { target: 1 });
 * assert.deepEqual([cam.layer, cam.head, cam.target, cam.map.length], ["conv", "head", 1, 64]);
 * ```
 */
export async function gradCam(
  model: GraphModel,
  images: ImagesLike,
  options: GradCamOptions = {},
): Promise<Cam[]> {
  checkOptions("gradCam()", options, OPTIONS);
  const { batchSize = 32, target = "predicted", labels } = options;
  if (!Number.isInteger(batchSize) || batchSize < 1) {
    throw new RangeError(
      `gradCam(): batchSize must be a positive whole number, found ${batchSize}`,
    );
  }
  if (model.inputs.length !== 1) {
    throw new TypeError(
      `gradCam(): found a model with ${model.inputs.length} inputs, wanted one that takes images. ` +
        `Wrap it in a model with one input`,
    );
  }
  const tf = await loadTfjs();
  const head = findHead(tf, model, options.head);
  const layer = findLayer(model, head.output, options.layer);
  const pixels = await readImages(images);
  checkCount("labels", labels, pixels.length);
  if (typeof target === "object") checkCount("target", target, pixels.length);
  const cams: Cam[] = [];
  for (let start = 0; start < pixels.length; start += batchSize) {
    const batch = pixels.slice(start, start + batchSize);
    const chosen = typeof target === "object"
      ? Array.from(target).slice(start, start + batchSize)
      : target;
    const { preprocess } = options;
    const source = { model, images: batch };
    const explained = await explainBatch(tf, source, { head, layer, target: chosen, preprocess });
    explained.forEach((cam, i) => cams.push({ ...cam, label: labels?.[start + i] ?? null }));
  }
  return cams;
}

function checkCount(what: string, given: ArrayLike<number> | undefined, wanted: number): void {
  if (given === undefined || given.length === wanted) return;
  throw new RangeError(
    `gradCam(): found ${given.length} entries in ${what} for ${wanted} images. Pass one for each`,
  );
}

interface BatchOptions {
  readonly head: Head;
  readonly layer: FoundLayer;
  readonly target: CamTarget;
  readonly preprocess?: (batch: Tensor4D) => Tensor;
}

type BatchCam = Omit<Cam, "label">;

async function explainBatch(
  tf: Tf,
  { model, images }: { readonly model: GraphModel; readonly images: readonly Pixels[] },
  { head, layer, target, preprocess }: BatchOptions,
): Promise<BatchCam[]> {
  const [, height, width, channels] = model.inputs[0].shape;
  const kept = tf.tidy(() => {
    const x = stackImages(tf, images, { size: { height, width, channels }, preprocess });
    const capture = layer.missing === undefined ? [layer.path] : [];
    const run = runLayers(model, x, { outputs: [head.source], capture });
    return { x, scores: head.scores(run.outputs[0]), activation: run.captured[layer.path] ?? null };
  });
  try {
    const rows = splitRows(await kept.scores.data() as Float32Array, images.length);
    const { binary } = head;
    const chosen = chooseTargets(rows, { target, binary, rank: kept.scores.rank });
    const sums = kept.activation === null
      ? layer.missing ?? ""
      : await weightedSums(tf, { model, head, layer: layer.path, ...kept }, chosen.total);
    const scoreKind = head.scoreKind ?? kindOf(rows);
    const common = { layer: layer.path, head: head.name, scoreKind };
    return images.map((image, i) => ({
      ...mapOf(image, { sums, index: i, scores: rows[i] }, goalOf(layer, chosen.explained[i])),
      ...common,
      target: chosen.explained[i],
      predicted: chosen.predicted[i],
      scores: rows[i],
      image: toRgb(image),
    }));
  } finally {
    tf.dispose(kept);
  }
}

/** The map of one image out of a batch, blank with the reason where there is nothing to see. */
function mapOf(
  { height, width }: Pixels,
  { sums, index, scores }: { sums: WeightedSums; index: number; scores: Float32Array },
  about: { readonly layer: string; readonly goal: string },
): Pick<Cam, "map" | "raw" | "grid" | "height" | "width" | "status" | "diagnosis"> {
  const blank = { map: new Float32Array(height * width), height, width };
  if (typeof sums === "string") {
    const grid = { height: 0, width: 0 };
    return { ...blank, raw: new Float32Array(0), grid, status: "no_gradient", diagnosis: sums };
  }
  const { raw, grid } = sums[index];
  const verdict = judgeRawMap({ ...sums[index], scores }, about);
  if (verdict.status === "nonfinite") {
    return { ...blank, raw: new Float32Array(raw.length), grid, ...verdict };
  }
  if (verdict.status === "zero") return { ...blank, raw, grid, ...verdict };
  return { ...blank, map: scaleMap({ raw, grid }, { height, width }), raw, grid, ...verdict };
}

function goalOf({ path }: FoundLayer, target: number): { layer: string; goal: string } {
  return { layer: path, goal: target < 0 ? "the target" : `class ${target}` };
}

/** Rows that are all distributions can only be probabilities. */
function kindOf(rows: readonly Float32Array[]): Cam["scoreKind"] {
  const distribution = (row: Float32Array) =>
    row.every((value) => value >= 0 && value <= 1) &&
    Math.abs(row.reduce((a, b) => a + b, 0) - 1) < 1e-3;
  return rows.every(distribution) ? "probabilities" : "logits";
}
