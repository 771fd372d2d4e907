import type { ImageSet } from "../data/image_set.ts";
import { argMaxRows } from "../metrics/arg_max.ts";
import { ENSEMBLE } from "../model/hybrid_model.ts";
import type { Stage } from "../stages/stage.ts";
import type { Scalar, Tensor2D } from "../tensors/tf.ts";
import { CollapseDetector, type CollapseEvent, type CollapseState } from "./collapse_detector.ts";
import { correctImbalance, type ImbalanceCorrection } from "./correct_imbalance.ts";
import type { Evaluation } from "./evaluate.ts";
import type { FitSettings } from "./fit_settings.ts";
import { type Loss, lossNamed } from "./losses.ts";
import { distillation, entropyFloor } from "./quantum_losses.ts";

/** The head that the extra terms are for. */
export const QUANTUM = "quantum";

/** What a stage minimises, and how that changes when the model collapses onto one class. */
export class StageLoss {
  readonly #settings: FitSettings;
  readonly #stage: Stage;
  readonly #correction: ImbalanceCorrection;
  readonly #detector: CollapseDetector | undefined;

  constructor(
    settings: FitSettings,
    { stage, train }: {
      readonly stage: Stage;
      readonly train: Pick<ImageSet, "labels" | "classes">;
    },
  ) {
    this.#settings = settings;
    this.#stage = stage;
    const { loss, imbalance, collapse } = settings;
    const { labels, classes } = train;
    // Whether several are meant has been asked before the first step.
    const asked = { loss, imbalance, allowSeveral: true };
    this.#correction = correctImbalance(asked, { labels, classes: classes.length });
    this.#detector = collapse === null
      ? undefined
      : new CollapseDetector({ ...collapse, classes: classes.length });
  }

  /** Which images come: how often each is drawn, and whether every batch holds as many of each class. */
  get draw(): { readonly weights: Float64Array | undefined; readonly balance: boolean } {
    const { imageWeights: weights, balance } = this.#correction;
    return { weights, balance };
  }

  /** The loss of every output, with the class weights of now. */
  get loss(): Loss {
    const { loss, labelSmoothing, gamma } = this.#settings;
    const { classWeights: base } = this.#correction;
    const classWeights = this.#detector?.weights(base) ?? base;
    return lossNamed(loss, { labelSmoothing, gamma, classWeights });
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
