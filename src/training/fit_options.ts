import { checkOptions } from "../_internal/check_options.ts";
import type { DataSplits } from "../data/image_set.ts";
import type { HybridModel } from "../model/hybrid_model.ts";
import type { Run } from "../runs/run.ts";
import type { Stage } from "../stages/stage.ts";
import type { EpochRow, TrainingCallback } from "./callback.ts";
import type { Evaluation } from "./evaluate.ts";
import type { LossName } from "./losses.ts";
import type { Progress } from "./progress.ts";

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
  /** Whether training images are rotated, flipped, scaled, shifted and re-coloured. @default {true} */
  readonly augment?: boolean;
  /** Epochs of linear warm-up at the start of each stage; a fifth of the stage at most. @default {2} */
  readonly warmupEpochs?: number;
  /** Seed of data order, augmentation and dropout. @default {0} */
  readonly seed?: number;
  /** Where rows and checkpoints go; without it nothing is written. */
  readonly run?: Run;
  /** Called in this order after the rows are on disk. */
  readonly callbacks?: readonly TrainingCallback[];
  /** Called after every batch; `false` shows nothing, the default shows one updating line. */
  readonly progress?: false | ((progress: Progress) => void);
  /** Ends the training after the current batch. */
  readonly signal?: AbortSignal;
  /** Clock in milliseconds. @default {performance.now} */
  readonly now?: () => number;
}

/** What a training left. */
export interface FitResult {
  /** All rows of metrics.jsonl. */
  readonly history: readonly EpochRow[];
  /** The deployed model on the validation split, after the last epoch. */
  readonly validation: Evaluation;
  /** Duration. */
  readonly seconds: number;
  /** What the duration was estimated to be after the first epoch. */
  readonly estimatedSeconds: number;
}

const OPTION_NAMES = [
  "stages",
  "batchSize",
  "loss",
  "labelSmoothing",
  "augment",
  "warmupEpochs",
  "seed",
  "run",
  "callbacks",
  "progress",
  "signal",
  "now",
];

/** Checks what a cell may get wrong before the first step. */
export function checkFit(model: HybridModel, data: DataSplits, options: FitOptions): void {
  checkOptions("fit", options, OPTION_NAMES);
  if (!Array.isArray(options.stages) || options.stages.length === 0) {
    throw new TypeError("fit: stages must be a non-empty array; make it with defineStages([...])");
  }
  if (data.train.width !== model.imageSize || data.train.height !== model.imageSize) {
    throw new RangeError(
      `fit: images are ${data.train.width}x${data.train.height}, the model takes ` +
        `${model.imageSize}x${model.imageSize}; load the data with imageSize: ${model.imageSize}`,
    );
  }
  if (data.classes.length !== model.classes.length) {
    throw new RangeError(
      `fit: the data has ${data.classes.length} classes, the model ${model.classes.length}; ` +
        `build the model with classes: data.classes`,
    );
  }
}
