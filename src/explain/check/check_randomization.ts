import { checkOptions } from "../../_internal/check_options.ts";
import { checkSeed } from "../../_internal/check_seed.ts";
import type { GraphModel } from "../../tensors/layer_graph.ts";
import { loadTfjs, type Tensor, type Tensor4D, type Tf } from "../../tensors/tf.ts";
import { explain } from "../explain.ts";
import { findHead } from "../find_head.ts";
import type { LayerChoice } from "../find_layer.ts";
import { type ImagesLike, type Pixels, readImages } from "../image_batch.ts";
import type { ExplainedImage, Explainer, ExplainerOptions } from "./explainer.ts";
import { layersDownward, type WeightedLayer } from "./layers_downward.ts";
import { RememberedWeights, shuffleWeights } from "./remembered_weights.ts";
import {
  compareMaps,
  type MapComparison,
  type RandomizationCheck,
  type RandomizationStep,
  randomizationVerdict,
} from "./randomization_verdict.ts";

/** Options of {@linkcode checkRandomization}, the steps alone. */
export interface CascadeOptions {
  /**
   * At most so many steps, each a group of neighbouring layers of about the same number.
   * @default {one layer a step}
   */
  readonly steps?: number;
  /** How often all weights are exchanged for the verdict, each time otherwise. @default {3} */
  readonly draws?: number;
  /** Mean rank correlation from which maps count as unchanged. @default {0.5} */
  readonly threshold?: number;
  /** Fewer maps than these decide nothing. @default {4} */
  readonly minimum?: number;
}

/** Options of {@linkcode checkRandomization}. */
export interface RandomizationOptions extends CascadeOptions {
  /** How to explain. @default {explain(), that is Grad-CAM} */
  readonly explainer?: Explainer;
  /** Name of the output layer. @default {the first output} */
  readonly head?: string;
  /** The layer to explain. @default {that of the method} */
  readonly layer?: LayerChoice;
  /** Class to explain; the same before and after. @default {"predicted"} */
  readonly target?: "predicted" | number | readonly number[];
  /** Images computed at a time. @default {32} */
  readonly batchSize?: number;
  /** From images of the model's size, bytes as 0..255, to what the model takes. */
  readonly preprocess?: (batch: Tensor4D) => Tensor;
  /** Equal seeds give equal results. @default {0} */
  readonly seed?: number;
}

export const CASCADE_OPTIONS = ["steps", "draws", "threshold", "minimum"];

/**
 * Do the maps depend on what the model learnt? The weights are exchanged layer by layer, from the
 * head down to the image, each step on top of those before; the maps of the same class are computed
 * again and compared with those before (cascading randomisation; Adebayo et al., "Sanity Checks for
 * Saliency Maps", 2018, arXiv:1810.03292). A method whose maps stay the same shows the image, not
 * the model.
 *
 * Entries change places within their own weight, so that no layer gets numbers that it could not
 * have learnt. All weights are put back, also when something throws; until then the model must not
 * be used for anything else. Layers that the head does not need stay as they are.
 *
 * The verdict is "failed" when the mean rank correlation after all layers is at least `threshold`.
 * It is 0.5 by default: both maps still come from one image through one architecture, so that 0 is
 * not to be expected, while a method that ignores the weights has exactly 1; at 0.5 a quarter of the
 * variance of the ranks is shared. One draw of weights can come near to the old map by luck, hence
 * the mean over several.
 *
 * @param model any tf.layers model with one input
 * @param images what `explain()` takes
 * @throws {TypeError} for unknown options, layers and heads
 * @throws {RangeError} for a target or a number out of range
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as tf from "@tensorflow/tfjs";
 * import { checkRandomization } from "@qsight/qsight/explain";
 * const model = tf.sequential({
 *   layers: [
 *     tf.layers.conv2d({ filters: 4, kernelSize: 3, inputShape: [8, 8, 3], name: "conv" }),
 *     tf.layers.globalAveragePooling2d({}),
 *     tf.layers.dense({ units: 2, name: "head" }),
 *   ],
 * });
 * const images = tf.randomUniform([6, 8, 8, 3], 0, 1, "float32", 1) as tf.Tensor4D;
 * const check = await checkRandomization(model, images, { seed: 1 });
 * assert.deepEqual(check.steps.map((step) => step.layers), [["head"], ["conv"]]);
 * ```
 */
export async function checkRandomization(
  model: GraphModel,
  images: ImagesLike,
  options: RandomizationOptions = {},
): Promise<RandomizationCheck> {
  const where = "checkRandomization()";
  const own = ["explainer", "head", "layer", "target", "batchSize", "preprocess", "seed"];
  checkOptions(where, options, [...CASCADE_OPTIONS, ...own]);
  const { explainer = explain, target = "predicted", batchSize = 32, seed = 0 } = options;
  checkSeed(where, seed);
  const { head, layer, preprocess, steps, draws, threshold, minimum } = options;
  const pixels = await readImages(images);
  const given = { target, head, layer, batchSize, preprocess, seed };
  const original = await explainer(model, asImages(pixels), definedOnly(given));
  const cascade = { steps, draws, threshold, minimum };
  return await runCascade(model, { pixels, original, explainer, given, cascade, where });
}

/** Maps of a model as it is, and how to make them again. */
export interface CascadeSubject {
  readonly pixels: readonly Pixels[];
  readonly original: readonly ExplainedImage[];
  readonly explainer: Explainer;
  readonly given: ExplainerOptions;
  readonly cascade: CascadeOptions;
  /** For messages. */
  readonly where: string;
}

/** {@linkcode checkRandomization} on maps that have been made already. */
export async function runCascade(
  model: GraphModel,
  { pixels, original, explainer, given, cascade, where }: CascadeSubject,
): Promise<RandomizationCheck> {
  const plan = checkCascade(where, cascade);
  const tf = await loadTfjs();
  const layers = layersDownward(findHead(tf, model, given.head).output);
  const ok = original.flatMap((cam, i) => cam.status === "ok" ? [i] : []);
  const maps = ok.map((i) => original[i]);
  if (maps.length < plan.minimum) return randomizationVerdict([], [], { ...plan, maps: ok.length });
  const images = asImages(ok.map((i) => pixels[i]));
  const { layer = layerOf(maps[0]) } = given;
  const target = maps.map((cam) => cam.target);
  const again = async () => {
    const now = await explainer(model, images, definedOnly({ ...given, layer, target }));
    return compareMaps(maps, now);
  };
  const groups = evenGroups(layers, plan.steps);
  const { seed } = given;
  const { steps, final } = await shuffled(tf, layers, { groups, again, draws: plan.draws, seed });
  return randomizationVerdict(steps, final, { ...plan, maps: maps.length });
}

interface Shuffling {
  readonly groups: readonly (readonly WeightedLayer[])[];
  readonly again: () => Promise<MapComparison>;
  readonly draws: number;
  readonly seed: number;
}

/** Exchanges the weights, first step by step, then all at once; they are back at the end. */
async function shuffled(
  tf: Tf,
  layers: readonly WeightedLayer[],
  { groups, again, draws, seed }: Shuffling,
): Promise<{ steps: RandomizationStep[]; final: MapComparison[] }> {
  const steps: RandomizationStep[] = [], final: MapComparison[] = [];
  const weights = new RememberedWeights(tf, layers);
  try {
    for (const group of groups) {
      let moved = 0;
      for (const layer of group) moved += await shuffleWeights(tf, layer, { seed: `${seed}/0` });
      const comparison = await again();
      const paths = group.map((layer) => layer.path);
      const layer = paths.length === 1 ? paths[0] : `${paths[0]} to ${paths.at(-1)}`;
      steps.push({ layer, layers: paths, moved, ...comparison });
    }
    if (steps.length > 0) final.push(steps[steps.length - 1]);
    for (let draw = 1; draw < draws && steps.length > 0; draw++) {
      weights.restore();
      for (const layer of layers) await shuffleWeights(tf, layer, { seed: `${seed}/${draw}` });
      final.push(await again());
    }
  } finally {
    weights.restore();
    weights.dispose();
  }
  return { steps, final };
}

function evenGroups<T>(items: readonly T[], most: number): T[][] {
  const count = Math.min(most, items.length);
  const bound = (i: number) => Math.round(items.length * i / count);
  return Array.from({ length: count }, (_, i) => items.slice(bound(i), bound(i + 1)));
}

/** A method that chooses its own layer might choose another one for other weights. */
function layerOf(cam: ExplainedImage): string | undefined {
  const { layer } = cam as { readonly layer?: string };
  return layer === "" ? undefined : layer;
}

/** Images that have been read, as a method takes them. */
export function asImages(pixels: readonly Pixels[]): ImagesLike {
  return pixels.map(({ data, height, width, channels }) => ({
    data,
    shape: [height, width, channels],
  }));
}

/** A method may tell an option that is undefined from one that is missing. */
export function definedOnly(options: ExplainerOptions): ExplainerOptions {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as unknown as ExplainerOptions;
}

/** Checks the numbers of a cascade and fills in the defaults. */
export function checkCascade(where: string, cascade: CascadeOptions): Required<CascadeOptions> {
  const { steps = Number.MAX_SAFE_INTEGER, draws = 3, threshold = 0.5, minimum = 4 } = cascade;
  for (const [name, value] of Object.entries({ steps, draws, minimum })) {
    if (Number.isInteger(value) && value >= 1) continue;
    throw new RangeError(`${where}: found ${name} ${value}, wanted a whole number from 1, e.g. 4`);
  }
  if (!(threshold > 0 && threshold <= 1)) {
    throw new RangeError(
      `${where}: found threshold ${threshold}, wanted a correlation above 0 and up to 1, e.g. 0.5`,
    );
  }
  return { steps, draws, threshold, minimum };
}
