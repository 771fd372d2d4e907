import { checkOptions } from "../../_internal/check_options.ts";
import { checkSeed } from "../../_internal/check_seed.ts";
import type { GraphModel } from "../../tensors/layer_graph.ts";
import { loadTfjs, type Tensor, type Tensor4D, type Tf } from "../../tensors/tf.ts";
import type { CamStatus, ExplainMethod } from "../cam.ts";
import { explain } from "../explain.ts";
import { checkExplainOptions } from "../explain_options.ts";
import { findHead } from "../find_head.ts";
import type { LayerChoice } from "../find_layer.ts";
import { checkCount, type ImagesLike, type Pixels, readImages } from "../image_batch.ts";
import {
  asImages,
  CASCADE_OPTIONS,
  type CascadeOptions,
  checkCascade,
  definedOnly,
  runCascade,
} from "./check_randomization.ts";
import type { ExplainedImage, Explainer, ExplainerOptions } from "./explainer.ts";
import type { ExplanationCheck, MethodCheck } from "./explanation_check.ts";
import { explanationVerdict } from "./explanation_verdict.ts";
import { type MeasuredImage, measureImage } from "./measure_images.ts";
import { summarizeMeasures } from "./summarize_measures.ts";

/** Options of {@linkcode checkExplanations}. */
export interface CheckExplanationsOptions {
  /** Methods of `explain()`. @default {["gradcam"], or none where there are explainers} */
  readonly methods?: readonly ExplainMethod[];
  /** Your own methods, by name. @default {{}} */
  readonly explainers?: Readonly<Record<string, Explainer>>;
  /** Name of the output layer. @default {the first output} */
  readonly head?: string;
  /** The layer to explain. @default {that of the method} */
  readonly layer?: LayerChoice;
  /** The class to explain: predicted, one, or one for each image. @default {"predicted"} */
  readonly target?: "predicted" | number | ArrayLike<number>;
  /** True classes, for the count of right predictions. @default {none} */
  readonly labels?: ArrayLike<number>;
  /** For each image a mask of its size, not 0 in the lesion, or null. @default {none} */
  readonly masks?: readonly (ArrayLike<number> | null)[];
  /** Images computed at a time. @default {32} */
  readonly batchSize?: number;
  /**
   * From images of the model's size, bytes as 0..255, to what the model takes.
   * @default {bytes divided by 255, floats as they are}
   */
  readonly preprocess?: (batch: Tensor4D) => Tensor;
  /** Whether the weights are randomised, and in which steps. @default {{ steps: 6 }} */
  readonly randomization?: boolean | CascadeOptions;
  /** At most so many images, the first ones. @default {32} */
  readonly limit?: number;
  /** Fewer maps than these decide nothing. @default {4} */
  readonly minimum?: number;
  /** Equal seeds give equal results. @default {0} */
  readonly seed?: number;
}

const OPTIONS = ["methods", "explainers", "head", "layer", "target", "labels", "masks"];
const MORE_OPTIONS = ["batchSize", "preprocess", "randomization", "limit", "minimum", "seed"];
const WHERE = "checkExplanations()";

/**
 * Is the explanation true? Measures maps against random maps of the same grid on the same images:
 * deletion and insertion, ROAD, drop and increase in confidence, with masks the pointing game and
 * the energy inside; and checks that the maps change when the weights are randomised
 * ({@linkcode checkRandomization}). The result is plain data with a verdict and its reasons; a blank
 * map is counted and left out.
 *
 * For each image and method the model is run on about 100 changed images, and the maps are made about
 * ten times again. While it runs the model must not be used for anything else; afterwards its weights
 * are byte for byte what they were, and no tensor remains.
 *
 * @param model any tf.layers model with one input
 * @param images what `explain()` takes
 * @throws {TypeError} for unknown options, methods, layers and heads
 * @throws {RangeError} for a class that the head does not have, or entries that do not fit the images
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as tf from "@tensorflow/tfjs";
 * import { checkExplanations } from "@qsight/qsight/explain";
 * const model = tf.sequential({
 *   layers: [
 *     tf.layers.conv2d({ filters: 4, kernelSize: 3, inputShape: [8, 8, 3], name: "conv" }),
 *     tf.layers.globalAveragePooling2d({}),
 *     tf.layers.dense({ units: 2, name: "head" }),
 *   ],
 * });
 * const images = tf.randomUniform([3, 8, 8, 3], 0, 1, "float32", 1) as tf.Tensor4D;
 * const check = await checkExplanations(model, images, { methods: ["gradcam", "hirescam"] });
 * assert.deepEqual(check.methods.map((x) => x.method), ["gradcam", "hirescam"]);
 * assert.equal(check.methods[0].verdict, "undecided"); // three images prove nothing
 * ```
 */
export async function checkExplanations(
  model: GraphModel,
  images: ImagesLike,
  options: CheckExplanationsOptions = {},
): Promise<ExplanationCheck> {
  const { minimum, limit } = checkAll(options);
  const { target = "predicted", head, layer, preprocess, seed = 0, batchSize = 32 } = options;
  const { labels, masks, randomization = true } = options;
  const all = await readImages(images);
  for (const [name, given] of Object.entries({ labels, masks, target })) {
    if (typeof given === "object") checkCount(WHERE, given, { what: name, wanted: all.length });
  }
  const tf = await loadTfjs();
  const pixels = all.slice(0, limit);
  const classes = typeof target === "object" ? Array.from(target).slice(0, limit) : target;
  const given = definedOnly({ target: classes, head, layer, batchSize, preprocess, seed });
  const chosen = randomization === true ? {} : randomization;
  const cascade = chosen === false ? null : { steps: 6, minimum, ...chosen };
  const subject = { tf, model, pixels, masks, given, cascade, minimum };
  const checked: CheckedMethod[] = [];
  for (const [name, explainer] of explainersOf(options)) {
    checked.push(await checkMethod(name, explainer, subject));
  }
  const [first] = checked;
  return {
    head: findHead(tf, model, head).name,
    images: pixels.length,
    given: all.length,
    correct: labels === undefined || first === undefined
      ? null
      : first.cams.filter((cam, i) => cam.predicted === labels[i]).length,
    seed,
    methods: checked.map(({ check }) => check),
  };
}

interface CheckSubject {
  readonly tf: Tf;
  readonly model: GraphModel;
  readonly pixels: readonly Pixels[];
  readonly masks: CheckExplanationsOptions["masks"];
  readonly given: ExplainerOptions;
  readonly cascade: CascadeOptions | null;
  readonly minimum: number;
}

interface CheckedMethod {
  readonly check: MethodCheck;
  readonly cams: readonly ExplainedImage[];
}

async function checkMethod(
  method: string,
  explainer: Explainer,
  { tf, model, pixels, masks, given, cascade, minimum }: CheckSubject,
): Promise<CheckedMethod> {
  const { head, batchSize, preprocess, seed } = given;
  const cams = await explainer(model, asImages(pixels), given);
  const measured: MeasuredImage[] = [];
  const blank: Partial<Record<CamStatus, number>> = {};
  for (const [index, cam] of cams.entries()) {
    if (cam.status !== "ok") {
      blank[cam.status] = (blank[cam.status] ?? 0) + 1;
      continue;
    }
    const subject = { pixels: pixels[index], cam, mask: masks?.[index] ?? null, index };
    const how = { model: { model, head, batchSize }, preprocess, seed };
    measured.push(await measureImage(tf, subject, how));
  }
  const randomization = cascade === null
    ? null
    : await runCascade(model, { pixels, original: cams, explainer, given, cascade, where: WHERE });
  const all = {
    method,
    images: cams.length,
    ok: measured.length,
    blank,
    ...summarizeMeasures(measured, { seed }),
    randomization,
  };
  return { check: { ...all, ...explanationVerdict(all, { minimum }) }, cams };
}

function explainersOf(
  { methods, explainers = {} }: CheckExplanationsOptions,
): [name: string, explainer: Explainer][] {
  const own = Object.entries(explainers);
  const named = methods ?? (own.length > 0 ? [] : ["gradcam"] as const);
  return [
    ...named.map((method): [string, Explainer] => [
      method,
      (model, images, options) => explain(model, images, { ...options, method }),
    ]),
    ...own,
  ];
}

/** Checks names and numbers before anything is computed; the defaults of those that it needs. */
function checkAll(options: CheckExplanationsOptions): { minimum: number; limit: number } {
  checkOptions(WHERE, options, [...OPTIONS, ...MORE_OPTIONS]);
  const { methods = [], randomization, seed = 0, batchSize, target } = options;
  checkSeed(WHERE, seed);
  for (const method of methods) checkExplainOptions(WHERE, { method });
  if (batchSize !== undefined) checkExplainOptions(WHERE, { batchSize });
  if (typeof target === "function") {
    throw new TypeError(
      `${WHERE}: found a function as target, wanted classes: only they have a probability to ` +
        `follow. Pass "predicted", a class, or one for each image`,
    );
  }
  if (typeof randomization === "object") {
    checkOptions(`${WHERE} randomization`, randomization, CASCADE_OPTIONS);
    checkCascade(`${WHERE} randomization`, randomization);
  }
  const { minimum = 4, limit = 32 } = options;
  for (const [name, value] of Object.entries({ minimum, limit })) {
    if (Number.isInteger(value) && value >= 1) continue;
    throw new RangeError(`${WHERE}: found ${name} ${value}, wanted a whole number from 1, e.g. 16`);
  }
  return { minimum, limit };
}
