import { existsSync } from "node:fs";
import { checkOptions, unknownName } from "../_internal/check_options.ts";
import { checkSeed } from "../_internal/check_seed.ts";
import { checkAugment } from "../data/augment_image.ts";
import type { TrainingData } from "../data/image_files.ts";
import { checkPipeline } from "../data/pipeline/open_batches.ts";
import type { HybridModel } from "../model/hybrid_model.ts";
import { factorsByLayer, modelParts } from "../stages/stage_model.ts";
import { checkImbalance } from "./check_imbalance.ts";
import { checkSet } from "./check_set.ts";
import { FIT_OPTIONS, fitSettings } from "./fit_settings.ts";
import { QUANTUM, StageLoss, teacherOf } from "./stage_loss.ts";
import { BATCH_NORM_MODES } from "./replicas/batch_norm.ts";
import type { FitOptions, OnExisting } from "./fit_options.ts";

const ON_EXISTING: readonly OnExisting[] = ["error", "resume", "restart"];

/** Checks what a cell may get wrong before the first step. */
export function checkFit(model: HybridModel, data: TrainingData, options: FitOptions): void {
  checkOptions("fit", options, FIT_OPTIONS);
  const { stages } = options;
  const { batchSize, warmupEpochs, labelSmoothing, seed, augment, replicas, batchNorm, mixup } =
    fitSettings(options);
  if (!Array.isArray(stages) || stages.length === 0 || !stages.every(Object.isFrozen)) {
    throw new TypeError("fit: stages must be what defineStages([...]) returned; call it first");
  }
  for (const stage of stages) factorsByLayer(stage, modelParts(model.network));
  checkSeed("fit", seed);
  if (typeof augment !== "boolean") checkAugment(augment);
  checkRange("batchSize", batchSize, Number.isInteger(batchSize) && batchSize >= 2, "2 or more");
  checkRange("warmupEpochs", warmupEpochs, warmupEpochs >= 0, "0 or more");
  checkRange("replicas", replicas, Number.isInteger(replicas) && replicas >= 1, "1 or more");
  const { dataWorkers = 0, prefetch = 1 } = options;
  checkPipeline("fit", { dataWorkers, prefetch });
  if (!BATCH_NORM_MODES.includes(batchNorm)) {
    throw new TypeError(unknownName("fit", "batchNorm", String(batchNorm), BATCH_NORM_MODES));
  }
  if (mixup !== null) {
    checkRange("mixup", mixup, mixup > 0 && mixup < Infinity, "above 0, or null");
    if (replicas > 1) {
      throw new RangeError(
        `fit: found mixup with ${replicas} replicas, wanted one of them: images are mixed across the ` +
          `whole batch, of which a replica has a part. Leave one out`,
      );
    }
  }
  const smooth = labelSmoothing >= 0 && labelSmoothing < 1;
  checkRange("labelSmoothing", labelSmoothing, smooth, "at least 0 and below 1");
  for (const set of [data.train, data.val]) checkSet("fit", model, set);
  checkLosses(model, data, options);
  checkStart(options);
}

function checkLosses(model: HybridModel, { train }: TrainingData, options: FitOptions): void {
  const settings = fitSettings(options);
  const { loss, imbalance, quantumLoss } = settings;
  checkImbalance({ loss, imbalance, allowSeveral: options.allowSeveral });
  checkOptions("fit quantumLoss", quantumLoss ?? {}, ["entropyFloor", "distillation"]);
  const { teacher } = quantumLoss?.distillation ?? {};
  checkOptions("fit distillation", quantumLoss?.distillation, ["weight", "temperature", "teacher"]);
  if (teacher !== undefined && !model.heads.includes(teacher)) {
    throw new TypeError(unknownName("fit distillation", "head", teacher, model.heads));
  }
  const taught = options.stages.some((stage) => teacherOf(settings, stage) !== undefined);
  if (quantumLoss?.distillation !== undefined && !taught) {
    throw new TypeError(
      `fit: distillation would do nothing: no stage has both "${QUANTUM}" and ` +
        `${teacher ?? "another head"} active; add a head to the stage, or leave distillation out`,
    );
  }
  for (const stage of options.stages) {
    // Loss and detector check their numbers when they are made.
    void new StageLoss(settings, { stage, train }).loss;
  }
}

function checkStart({ onExisting = "error", run, checkpointEverySteps, stopFile }: FitOptions) {
  if (!ON_EXISTING.includes(onExisting)) {
    throw new TypeError(unknownName("fit", "onExisting", String(onExisting), ON_EXISTING));
  }
  if (run === undefined && onExisting === "resume") {
    throw new TypeError("fit: found nothing to resume from; pass the run that holds the training");
  }
  const every = checkpointEverySteps ?? 1;
  checkRange("checkpointEverySteps", every, Number.isInteger(every) && every >= 1, "1 or more");
  if (stopFile !== undefined && existsSync(stopFile)) {
    throw new Error(
      `fit: the stop file "${stopFile}" is there already and would end the training at once; ` +
        `delete it`,
    );
  }
}

function checkRange(name: string, value: number, ok: boolean, wanted: string): void {
  if (!ok) throw new RangeError(`fit: ${name} must be ${wanted}, found ${value}; leave it out`);
}
