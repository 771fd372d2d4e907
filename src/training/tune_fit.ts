import { checkOptions } from "../_internal/check_options.ts";
import { planBatches } from "../data/batch_plan.ts";
import { labelsOf } from "../data/batches.ts";
import { fillFrom, sourceOf } from "../data/pipeline/batch_source.ts";
import type { TrainingData } from "../data/image_files.ts";
import type { HybridModel } from "../model/hybrid_model.ts";
import { applyStage } from "../stages/apply_stage.ts";
import { checkFit } from "./check_fit.ts";
import type { FitOptions } from "./fit_options.ts";
import { FIT_OPTIONS, fitSettings } from "./fit_settings.ts";
import { readWeights, writeWeights } from "./named_tensors.ts";
import { optimizerOf } from "./optimizer_of.ts";
import { StageLoss } from "./stage_loss.ts";
import { alone } from "./train_epoch.ts";
import { trainStep } from "./train_step.ts";
import {
  tuneBatchSize,
  type TuneBatchSizeOptions,
  type TunedBatchSize,
} from "./tune_batch_size.ts";

/** Options of {@linkcode tuneFit}: those of `fit()`, and limits of the search. */
export interface TuneFitOptions extends FitOptions {
  /** Name of the stage to try. @default {the first} */
  readonly stage?: string;
  /** Limits of the search. @default {up to four times `batchSize`, a minute in all} */
  readonly tune?: Pick<
    TuneBatchSizeOptions<unknown>,
    "largest" | "smallest" | "memory" | "memoryLimit" | "maxSeconds" | "rounds"
  >;
}

/**
 * Finds the batch size with the least time per image by real training steps of a stage, beginning at
 * `batchSize`. The model is afterwards as it was, to the byte: weights, moving statistics, mask. It
 * is a step of its own and not part of `fit()`, whose results must not depend on a clock.
 *
 * @throws {RangeError} for an unknown stage, or when not even the smallest batch fits
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { loadData } from "@qsight/qsight/data";
 * import { hybridModel } from "@qsight/qsight/model";
 * import { defineStages } from "@qsight/qsight/stages";
 * import { openTensors } from "@qsight/qsight/tensors";
 * import { tuneFit } from "@qsight/qsight/training";
 * await openTensors({ prefer: "wasm" });
 * const data = await loadData("synthetic", { count: 40, imageSize: 16, seed: 1 });
 * const model = hybridModel({ classes: data.classes, imageSize: 16, filters: [4, 4] });
 * const stages = defineStages([
 *   { name: "classical", epochs: 1, train: ["encoder*", "classical_a*"], heads: ["classical_a"] },
 * ]);
 * const { batchSize } = await tuneFit(model, data, { stages, batchSize: 4 });
 * assert(batchSize >= 2 && batchSize <= 16);
 * ```
 */
export async function tuneFit(
  model: HybridModel,
  data: TrainingData,
  options: TuneFitOptions,
): Promise<TunedBatchSize> {
  checkOptions("tuneFit", options, [...FIT_OPTIONS, "stage", "tune"]);
  const { stage: name, tune = {}, ...fitOptions } = options;
  checkFit(model, data, fitOptions);
  const settings = fitSettings(fitOptions);
  const stage = name === undefined
    ? options.stages[0]
    : options.stages.find((one) => one.name === name);
  if (stage === undefined) {
    const names = options.stages.map((one) => one.name).join(", ");
    throw new RangeError(`tuneFit: found no stage "${name}", wanted one of ${names}`);
  }
  const { train } = data;
  const loss = new StageLoss(settings, { stage, train });
  const applied = applyStage(model.network, stage);
  let optimizer = optimizerOf(stage);
  /** The first images, again and again: only their number matters. */
  const step = async (batchSize: number) => {
    const { augment, seed } = settings;
    const order = { batchSize, augment, seed, minBatch: Math.min(2, batchSize) };
    const { plans, ...change } = planBatches(train.count, order);
    const [plan] = plans;
    const x = await fillFrom(sourceOf(train), plan, change);
    const batch = { x, y: labelsOf(train, plan.indices) };
    await alone(options.lock, () =>
      trainStep(model, batch, {
        ...{ stage, optimizer, learningRate: stage.learningRate, maskKey: "tune", last: true },
        loss: loss.loss,
        terms: (logits) => loss.terms(logits),
      }));
  };
  try {
    return await tuneBatchSize({
      ...tune,
      base: Math.min(stage.batchSize ?? settings.batchSize, train.count),
      largest: Math.min(tune.largest ?? 4 * settings.batchSize, train.count),
      step,
      now: options.now ?? (() => performance.now()),
      save: () => readWeights(model.network),
      restore: (weights) => {
        writeWeights(model.network, weights);
        optimizer.dispose();
        optimizer = optimizerOf(stage);
      },
    });
  } finally {
    optimizer.dispose();
    applied.restore();
  }
}
