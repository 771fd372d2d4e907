import { classCounts, type ImageSet } from "../data/image_set.ts";
import { argMaxRows } from "../metrics/arg_max.ts";
import { ENSEMBLE } from "../model/hybrid_model.ts";
import type { Stage } from "../stages/stage.ts";
import type { Scalar, Tensor2D } from "../tensors/tf.ts";
import { effectiveNumberWeights, imageWeights, inverseFrequencyWeights } from "./class_weights.ts";
import { CollapseDetector, type CollapseEvent, type CollapseState } from "./collapse_detector.ts";
import type { Evaluation } from "./evaluate.ts";
import type { FitSettings } from "./fit_options.ts";
import { isClassBalanced, type Loss, lossNamed } from "./losses.ts";
import { distillation, entropyFloor } from "./quantum_losses.ts";

/** The head that the extra terms are for. */
export const QUANTUM = "quantum";

/** What the images of each class count, for a loss. */
function baseWeights(
  { loss, imbalance }: FitSettings,
  counts: readonly number[],
): readonly number[] | undefined {
  const weights = [
    ...isClassBalanced(loss) ? [effectiveNumberWeights(counts)] : [],
    ...imbalance === "class_weights" ? [inverseFrequencyWeights(counts)] : [],
  ];
  if (weights.length === 0) return undefined;
  return weights.reduce((product, x) => product.map((weight, c) => weight * x[c]));
}

/** How often each image is drawn; undefined where each comes once. */
export function drawWeights(
  train: ImageSet,
  { imbalance }: FitSettings,
): Float64Array | undefined {
  if (imbalance !== "sampler") return undefined;
  return imageWeights(train.labels, inverseFrequencyWeights(classCounts(train)));
}

/** What a stage minimises, and how that changes when the model collapses onto one class. */
export class StageLoss {
  readonly #settings: FitSettings;
  readonly #stage: Stage;
  readonly #base: readonly number[] | undefined;
  readonly #counts: readonly number[];
  readonly #detector: CollapseDetector | undefined;

  constructor(
    settings: FitSettings,
    { stage, train }: { readonly stage: Stage; readonly train: ImageSet },
  ) {
    this.#settings = settings;
    this.#stage = stage;
    this.#counts = classCounts(train);
    this.#base = baseWeights(settings, this.#counts);
    const { collapse } = settings;
    this.#detector = collapse === null
      ? undefined
      : new CollapseDetector({ ...collapse, classes: train.classes.length });
  }

  /** The loss of every output, with the class weights of now. */
  get loss(): Loss {
    const { loss, labelSmoothing, gamma } = this.#settings;
    const classWeights = this.#detector?.weights(this.#base) ?? this.#base;
    return lossNamed(loss, { labelSmoothing, gamma, classCounts: this.#counts, classWeights });
  }

  /** What the quantum head's answers cost besides; null where nothing was asked for. */
  terms(logits: ReadonlyMap<string, Tensor2D>): Scalar | null {
    const { quantumLoss } = this.#settings;
    const student = logits.get(QUANTUM);
    if (quantumLoss === null || student === undefined) return null;
    const { entropyFloor: floor, distillation: distilled } = quantumLoss;
    const teacher = logits.get(teacherOf(this.#settings, this.#stage) ?? "");
    const parts: Scalar[] = [];
    if (floor !== undefined) parts.push(entropyFloor(student, floor));
    if (distilled !== undefined && teacher !== undefined) {
      const { weight, temperature } = distilled;
      parts.push(distillation({ student, teacher }, { weight, temperature }));
    }
    return parts.length === 0 ? null : parts.reduce((sum, part) => sum.add(part));
  }

  /** Looks at the deployed answer after an epoch. */
  observe(epoch: number, { yTrue, heads, classes }: Evaluation): readonly CollapseEvent[] {
    const yPred = argMaxRows(heads[ENSEMBLE]!, classes.length);
    return this.#detector?.observe(epoch, { yTrue, yPred }) ?? [];
  }

  /** What to keep in a checkpoint; null without collapse detection. */
  state(): CollapseState | null {
    return this.#detector?.state() ?? null;
  }

  /** Goes on from a kept state. */
  restore(state: CollapseState | null): void {
    if (state !== null) this.#detector?.restore(state);
  }
}

/** The head that the quantum head learns from in a stage, if both are active there. */
export function teacherOf({ quantumLoss }: FitSettings, { heads }: Stage): string | undefined {
  const { teacher } = quantumLoss?.distillation ?? {};
  if (!heads.includes(QUANTUM)) return undefined;
  if (teacher === undefined) return heads.find((head) => head !== QUANTUM);
  return heads.includes(teacher) ? teacher : undefined;
}
