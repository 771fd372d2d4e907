import { existsSync } from "node:fs";
import { checkOptions, unknownName } from "../_internal/check_options.ts";
import { checkSeed } from "../_internal/check_seed.ts";
import { type AugmentOptions, checkAugment } from "../data/augment_image.ts";
import type { TrainingData } from "../data/image_files.ts";
import { checkPipeline } from "../data/pipeline/open_batches.ts";
import type { HybridModel } from "../model/hybrid_model.ts";
import type { Run } from "../runs/run.ts";
import type { SamplerLock } from "../sampler_lock/lock_contract.ts";
import type { Stage } from "../stages/stage.ts";
import { factorsByLayer, modelParts } from "../stages/stage_model.ts";
import type { ImportedWeights } from "../tensors/files/named_weights.ts";
import type { EpochRow, TrainingCallback } from "./callback.ts";
import { checkImbalance, type Imbalance } from "./check_imbalance.ts";
import { checkSet } from "./check_set.ts";
import type { CollapseEvent, CollapseOptions } from "./collapse_detector.ts";
import type { Evaluation } from "./evaluate.ts";
import { FIT_OPTIONS, fitSettings } from "./fit_settings.ts";
import type { LossName } from "./loss_names.ts";
import type { Progress } from "./progress.ts";
import type { DistillationOptions, EntropyFloorOptions } from "./quantum_losses.ts";
import { QUANTUM, StageLoss, teacherOf } from "./stage_loss.ts";
import { BATCH_NORM_MODES, type BatchNormMode } from "./replicas/batch_norm.ts";
import type { StageDecision } from "./replicas/decide_replicas.ts";
import type { OnExisting } from "./start_training.ts";
import type { StoppedAt } from "./stop_signals.ts";
import type { WarmStartOptions } from "./warm_start.ts";

/** What the quantum head's answers cost besides the loss. */
export interface QuantumLossOptions {
  /** Keeps it from being certain too early. */
  readonly entropyFloor?: EntropyFloorOptions;
  /** Lets it learn from another head, in stages where both are active. */
  readonly distillation?: DistillationOptions & {
    /** Name of that head. @default the first other active head of each stage */
    readonly teacher?: string;
  };
}

/** Options of `fit()`. */
export interface FitOptions {
  /** The schedule, from `defineStages`. */
  readonly stages: readonly Stage[];
  /** Images in a step. @default {32} */
  readonly batchSize?: number;
  /** What is minimised. @default {"cross_entropy"} */
  readonly loss?: LossName;
  /** Label smoothing of the cross-entropy. @default {0} */
  readonly labelSmoothing?: number;
  /** Exponent of the loss `focal_class_balanced`. @default {2} */
  readonly gamma?: number;
  /** How rare classes are made to count more, besides a class-balanced loss. @default {"none"} */
  readonly imbalance?: Imbalance;
  /** Whether several such corrections at once are meant: together they multiply. @default {false} */
  readonly allowSeveral?: boolean;
  /** Lowers the weight of a class that the model answers almost always; null for never. @default {null} */
  readonly collapse?: Omit<CollapseOptions, "classes"> | null;
  /** Terms for the quantum head alone; they are not in the losses of the rows. @default {null} */
  readonly quantumLoss?: QuantumLossOptions | null;
  /**
   * Whether training images are rotated, flipped, scaled, shifted and re-coloured, or how far: the
   * options of `augmentImage()`. @default {true}
   */
  readonly augment?: boolean | AugmentOptions;
  /**
   * Parameter of the beta distribution by which images of a batch and their labels are mixed (see
   * `mixup()`), such as 0.2; null for none. Training figures are then of mixtures, each counted for
   * its own label. @default {null}
   */
  readonly mixup?: number | null;
  /** Epochs of linear warm-up at the start of each stage; a fifth of the stage at most. @default {2} */
  readonly warmupEpochs?: number;
  /** Seed of data order, augmentation and dropout. @default {0} */
  readonly seed?: number;
  /**
   * Copies of the model that train together, each in a thread of its own on its part of every batch:
   * gradients are averaged, so that all stay equal (Li et al., arXiv:2006.15704). Same seed and number,
   * same bytes. A stage with `replicas` of its own, and one whose sampler is not re-entrant, differ.
   * @default {1}
   */
  readonly replicas?: number;
  /**
   * What batch normalisation takes its statistics of in training: each replica's own part of a batch
   * (`"replica"`; the moving statistics are then those of the model handed over, the first replica),
   * the whole batch (`"synchronized"`), or nothing, moving statistics staying as they are
   * (`"frozen"`). With the last two, and nothing that looks at a batch as a whole (`entropyFloor`), any
   * number of replicas trains as one does, up to rounding. @default {"replica"}
   */
  readonly batchNorm?: BatchNormMode;
  /**
   * Threads that read, decode and augment training images ahead; the batches are the same with any
   * number. With 0 a batch is filled when its turn comes, by each replica its own part. @default {0}
   */
  readonly dataWorkers?: number;
  /** Batches that the data workers are ahead at most: the memory that they take. @default {2 a worker} */
  readonly prefetch?: number;
  /** Where rows and checkpoints go; without it nothing is written. */
  readonly run?: Run;
  /**
   * Held for each step and each evaluation. Others who share the simulator behind it then wait their
   * turn, and the training never finds it busy.
   */
  readonly lock?: SamplerLock;
  /** Called in this order after the rows are on disk. */
  readonly callbacks?: readonly TrainingCallback[];
  /** Called after every batch; `false` shows nothing, the default shows one updating line. */
  readonly progress?: false | ((progress: Progress) => void);
  /** Ends the training after the current batch, with an AbortError. */
  readonly signal?: AbortSignal;
  /** Path of a file that ends the training after the current batch when it appears. */
  readonly stopFile?: string;
  /** Whether SIGINT ends the training after the current batch. @default {true} */
  readonly stopOnInterrupt?: boolean;
  /**
   * What happens when `run` holds a training already, as when a cell runs twice: `resume` goes on
   * from its last checkpoint, `restart` begins again with the weights that it began with.
   * @default {"error"}
   */
  readonly onExisting?: OnExisting;
  /** Checkpoints within an epoch, every so many batches. @default at the end of each epoch only */
  readonly checkpointEverySteps?: number;
  /** Weights to begin with, before the first stage. @default those of the model */
  readonly initFrom?: WarmStartOptions;
  /** Clock in milliseconds. @default {performance.now} */
  readonly now?: () => number;
}

/** What a training left. */
export interface FitResult {
  /** All rows of metrics.jsonl. */
  readonly history: readonly EpochRow[];
  /**
   * The model on the validation split as the training left it. Of a training that was stopped: after
   * its last whole epoch; without one, no images and no answers.
   */
  readonly validation: Evaluation;
  /** Who ended the training before its end, and where; null when it is complete. */
  readonly stopped: StoppedAt | null;
  /** What collapse detection noticed. */
  readonly collapses: readonly (CollapseEvent & { readonly stage: string })[];
  /** What the warm start did; null without one. */
  readonly warmStart: ImportedWeights | null;
  /** How many copies of the model each stage asked for, was allowed, used, and why. */
  readonly replicas: readonly StageDecision[];
  /** Duration. */
  readonly seconds: number;
  /** What the duration was estimated to be after the first epoch. */
  readonly estimatedSeconds: number;
}

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
