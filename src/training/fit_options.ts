import type { AugmentOptions } from "../data/augment_image.ts";
import type { Run } from "../runs/run.ts";
import type { SamplerLock } from "../sampler_lock/lock_contract.ts";
import type { Stage } from "../stages/stage.ts";
import type { TrainingCallback } from "./callback.ts";
import type { Imbalance } from "./check_imbalance.ts";
import type { CollapseOptions } from "./collapse_detector.ts";
import type { LossName } from "./loss_names.ts";
import type { Progress } from "./progress.ts";
import type { DistillationOptions, EntropyFloorOptions } from "./quantum_losses.ts";
import type { BatchNormMode } from "./replicas/batch_norm.ts";
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

/** What a training does with one that its run folder holds already. */
export type OnExisting = "error" | "resume" | "restart";

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
  /**
   * Whether a training may be resumed on another backend, or another build of its kernels, than it
   * began with: its last digits are then others than those of a training without a stop.
   * @default {false}
   */
  readonly allowOtherBackend?: boolean;
  /** Checkpoints within an epoch, every so many batches. @default at the end of each epoch only */
  readonly checkpointEverySteps?: number;
  /** Weights to begin with, before the first stage. @default those of the model */
  readonly initFrom?: WarmStartOptions;
  /** Clock in milliseconds. @default {performance.now} */
  readonly now?: () => number;
}
