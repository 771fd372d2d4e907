import type { GraphModel } from "../tensors/layer_graph.ts";
import { loadTfjs, type Tf } from "../tensors/tf.ts";
import { type Cam, type ExplainMethod, judgeRawMap, type RawMap, type Verdict } from "./cam.ts";
import { type CamTarget, type ChosenTargets, targetOfBatch } from "./cam_target.ts";
import { checkExplainOptions, type ExplainOptions, METHODS } from "./explain_options.ts";
import { findHead, type Head } from "./find_head.ts";
import { type Candidate, findLayers, type FoundLayers } from "./find_layer.ts";
import { gradientMethods } from "./gradient_methods.ts";
import {
  checkCount,
  type ImagesLike,
  inputSize,
  type Pixels,
  readImages,
  toRgb,
} from "./image_batch.ts";
import { computeMaps } from "./methods/compute_maps.ts";
import { openSubject } from "./methods/open_subject.ts";
import { scaleMap } from "./scale_map.ts";

/**
 * Where in an image any tf.layers model finds what speaks for a class, by one of these methods:
 *
 * - `"gradcam"` (Selvaraju et al., 2017), `"gradcam++"` (Chattopadhay et al., 2018), `"hirescam"`
 *   (Draelos and Carin, 2020), `"layercam"` (Jiang et al., 2021): activations of a layer, weighted
 *   by the gradient of the score
 * - `"scorecam"` (Wang et al., 2020), `"eigencam"` (Muhammad and Yeasin, 2020): activations of a
 *   layer without a gradient; Eigen-CAM does not look at the class
 * - `"integrated_gradients"` (Sundararajan et al., 2017), `"smooth_grad"` (Smilkov et al., 2017),
 *   `"occlusion"` (Zeiler and Fergus, 2014): pixels of the input
 * - `"random"`: numbers that know nothing, for comparison
 *
 * The score is that before a softmax, in inference mode, for each image on its own; layers that the
 * chosen head does not need never run. The model stays as it is, frozen or not, and no tensor
 * remains. A blank map is no error: its `status` is not "ok" and `diagnosis` says why.
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
 * import { explain } from "@qsight/qsight/explain";
 * const model = tf.sequential({
 *   layers: [
 *     tf.layers.conv2d({ filters: 4, kernelSize: 3, inputShape: [8, 8, 3], name: "conv" }),
 *     tf.layers.flatten({}),
 *     tf.layers.dense({ units: 2, name: "head" }),
 *   ],
 * });
 * const image = tf.randomUniform([1, 8, 8, 3], 0, 1, "float32", 1) as tf.Tensor4D;
 * const [cam] = await explain(model, image, { method: "integrated_gradients", target: 1 });
 * assert.deepEqual([cam.method, cam.target, cam.raw.length], ["integrated_gradients", 1, 64]);
 * ```
 */
export async function explain(
  model: GraphModel,
  images: ImagesLike,
  options: ExplainOptions = {},
): Promise<Cam[]> {
  checkExplainOptions("explain()", options);
  const { batchSize = 32, target = "predicted", labels, method = "gradcam" } = options;
  if (model.inputs.length !== 1) {
    throw new TypeError(
      `explain(): found a model with ${model.inputs.length} inputs, wanted one that takes images. ` +
        `Wrap it in a model with one input`,
    );
  }
  const tf = await loadTfjs();
  const head = findHead(tf, model, options.head);
  const pixels = await readImages(images);
  const wanted = pixels.length;
  checkCount("explain()", labels, { what: "labels", wanted });
  if (typeof target === "object") checkCount("explain()", target, { what: "target", wanted });
  let found = METHODS[method].layer ? findLayers(model, head.output, options.layer) : NO_LAYER;
  const cams: Cam[] = [];
  for (let start = 0; start < pixels.length; start += batchSize) {
    const batch = pixels.slice(start, start + batchSize);
    const chosen = targetOfBatch(target, start, batchSize);
    const plan = { options, target: chosen, method, head, start, batchSize };
    if (found.candidates.length > 1) {
      found = await firstReached(tf, model, { images: batch.slice(0, 1), found, plan });
    }
    const explained = await explainBatch(tf, model, { images: batch, found, plan });
    explained.forEach((cam, i) => cams.push({ ...cam, label: labels?.[start + i] ?? null }));
  }
  return cams;
}

const NO_LAYER: FoundLayers = { candidates: [], path: "" };

interface BatchPlan {
  readonly options: ExplainOptions;
  readonly target: CamTarget;
  readonly head: Head;
  readonly method: ExplainMethod;
  readonly batchSize: number;
  /** Index of the first image of the batch. */
  readonly start: number;
}

interface Batch {
  readonly images: readonly Pixels[];
  readonly found: FoundLayers;
  readonly plan: BatchPlan;
}

type BatchCam = Omit<Cam, "label">;

/**
 * Of several candidates, the first that the gradient of one image reaches: behind the last
 * attention of a transformer only the class token does something.
 */
async function firstReached(tf: Tf, model: GraphModel, batch: Batch): Promise<FoundLayers> {
  const { found, plan, images } = batch;
  const alone = { images, plan: { ...plan, target: targetOfBatch(plan.target, 0, 1) } };
  for (const candidate of found.candidates) {
    const only: FoundLayers = { candidates: [candidate], path: candidate.path };
    const { maps, rows } = await computeBatch(tf, model, { ...alone, found: only }, "gradcam");
    // NaN or a gradient that is missing would be the same further up.
    const isFinite = [...rows[0], ...isVerdict(maps) ? [] : maps[0].raw].every(Number.isFinite);
    if (isVerdict(maps) || maps[0].reached !== false || !isFinite) return only;
  }
  return { candidates: [found.candidates[0]], path: found.path };
}

interface ComputedBatch {
  readonly maps: readonly RawMap[] | Verdict;
  /** Scores, one row an image. */
  readonly rows: readonly Float32Array[];
  readonly chosen: ChosenTargets;
}

async function computeBatch(
  tf: Tf,
  model: GraphModel,
  { images, plan, found }: Batch,
  method: ExplainMethod,
): Promise<ComputedBatch> {
  const { options, start, ...rest } = plan;
  const layer: Candidate | undefined = found.candidates[0];
  const capture = layer === undefined ? [] : [layer.path];
  const { preprocess } = options;
  const opened = await openSubject(tf, model, { ...rest, images, preprocess, capture });
  try {
    const { subject, captured, rows } = opened;
    const activation = layer && { ...layer, activation: captured[layer.path] };
    const request = { layer: activation, options, start, images, size: inputSize(model) };
    const maps = found.missing ?? await computeMaps(method, subject, request);
    return { maps, rows, chosen: subject.chosen };
  } finally {
    opened.dispose();
  }
}

async function explainBatch(tf: Tf, model: GraphModel, batch: Batch): Promise<BatchCam[]> {
  const { images, plan: { head, method }, found } = batch;
  const layer: Candidate | undefined = found.candidates[0];
  const { maps, rows, chosen } = await computeBatch(tf, model, batch, method);
  const place = layer === undefined ? "the image" : `layer "${layer.path}"`;
  const common = {
    layer: found.path === "" ? "" : layer?.path ?? found.path,
    head: head.name,
    method,
    scoreKind: head.scoreKind ?? kindOf(rows),
    gradients: METHODS[method].gradient && found.missing === undefined
      ? gradientMethods(model, head.output, layer?.path.split("/").at(-1))
      : [],
  };
  return images.map((image, i) => ({
    ...mapOf(image, maps, { index: i, scores: rows[i], place, goal: goalOf(chosen.explained[i]) }),
    ...common,
    target: chosen.explained[i],
    predicted: chosen.predicted[i],
    scores: rows[i],
    image: toRgb(image),
  }));
}

function isVerdict(maps: readonly RawMap[] | Verdict): maps is Verdict {
  return !Array.isArray(maps);
}

/** The map of one image out of a batch, blank with the reason where there is nothing to see. */
function mapOf(
  { height, width }: Pixels,
  maps: readonly RawMap[] | Verdict,
  { index, ...about }: {
    readonly index: number;
    readonly scores: Float32Array;
    readonly place: string;
    readonly goal: string;
  },
): Pick<Cam, "map" | "raw" | "grid" | "height" | "width" | "peak" | "status" | "diagnosis"> {
  const blank = { map: new Float32Array(height * width), height, width, peak: 0 };
  if (isVerdict(maps)) {
    const { status, diagnosis } = maps;
    return { ...blank, raw: new Float32Array(0), grid: { height: 0, width: 0 }, status, diagnosis };
  }
  const { raw, grid } = maps[index];
  const verdict = judgeRawMap(maps[index], about);
  if (verdict.status === "nonfinite") {
    return { ...blank, raw: new Float32Array(raw.length), grid, ...verdict };
  }
  if (verdict.status !== "ok") return { ...blank, raw, grid, ...verdict };
  return { ...blank, ...scaleMap({ raw, grid }, { height, width }), raw, grid, ...verdict };
}

function goalOf(target: number): string {
  return target < 0 ? "the target" : `class ${target}`;
}

/** Rows that are all distributions can only be probabilities. */
function kindOf(rows: readonly Float32Array[]): Cam["scoreKind"] {
  const distribution = (row: Float32Array) =>
    row.every((value) => value >= 0 && value <= 1) &&
    Math.abs(row.reduce((a, b) => a + b, 0) - 1) < 1e-3;
  return rows.every(distribution) ? "probabilities" : "logits";
}
