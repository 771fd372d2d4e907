import type { AnnealingCurve, StageAnnealing } from "./stage_annealing.ts";

/** How the learning rate moves within a stage. */
export interface StageSchedule {
  /**
   * Cosine decay, a constant rate, a factor every few epochs, or a factor whenever the monitored
   * metric stands still. Only one of them acts at a time. @default {"cosine"}
   */
  readonly policy?: "cosine" | "constant" | "step" | "plateau";
  /** Epochs of linear warm-up; null for that of `fit()`. @default {null} */
  readonly warmupEpochs?: number | null;
  /** What the rate is multiplied by at each step or plateau, between 0 and 1. @default {0.5} */
  readonly factor?: number;
  /** Epochs without improvement that make a plateau. @default {2} */
  readonly patience?: number;
  /** Epochs from one step to the next. @default {5} */
  readonly every?: number;
  /** The rate never falls below this. @default {0} */
  readonly minimum?: number;
}

/** Exponential moving average of the trained weights. */
export interface StageAveraging {
  /** Share of the old average kept at each update, between 0 and 1. @default {0.999} */
  readonly decay?: number;
  /** Steps before the average begins. @default {100} */
  readonly afterSteps?: number;
  /** Steps from one update to the next. @default {1} */
  readonly every?: number;
}

/** What a person writes down for one stage of training. */
export interface StageDeclaration {
  /** Unique in its plan. */
  readonly name: string;
  /** A positive whole number. */
  readonly epochs: number;
  /**
   * What trains, all other layers are frozen: parts of a hybrid model (see {@linkcode PARTS}), or
   * names of layers with `*` for any letters.
   */
  readonly train: readonly string[];
  /** The active heads: output layers whose loss counts. */
  readonly heads: readonly string[];
  /** How weights follow gradients. @default {"adamw"} */
  readonly optimizer?: "adamw" | "adam" | "sgd";
  /** Of the optimizer. @default {1e-4} */
  readonly learningRate?: number;
  /**
   * What the learning rate is multiplied by for some layers, named as in `train`; the first name that
   * fits counts. A circuit may want another rate than the encoder before it. The toolkit's own
   * `fit()` obeys it; a tf.layers model's `fit` has one rate for all. @default {1 for every layer}
   */
  readonly rateFactors?: Readonly<Record<string, number>>;
  /** Decoupled weight decay (AdamW). @default {1e-5} */
  readonly weightDecay?: number;
  /**
   * Weight of each active head's loss, and of the fused output `"ensemble"`.
   * @default {1 for each active head, 0.5 for "ensemble"}
   */
  readonly lossWeights?: Readonly<Record<string, number>>;
  /**
   * Epochs without improvement after which the stage ends early, with the weights of its best epoch;
   * null for never. @default {5}
   */
  readonly patience?: number | null;
  /** What is improvement: `<head>/<metric>` of the validation split. @default {"ensemble/quadratic_weighted_kappa"} */
  readonly monitor?: string;
  /** How the learning rate moves. @default {cosine decay} */
  readonly schedule?: StageSchedule;
  /** Batches whose gradients make one step. @default {1} */
  readonly gradientAccumulation?: number;
  /** Images in a training batch, 2 or more; null for that of `fit()`. @default {null} */
  readonly batchSize?: number | null;
  /** Images in a validation batch; null for that of `fit()`. @default {null} */
  readonly valBatchSize?: number | null;
  /** Longest gradient, all weights taken together; null for any. @default {null} */
  readonly clipNorm?: number | null;
  /** Average of the weights over the steps; null for none. @default {null} */
  readonly ema?: StageAveraging | null;
  /** How the quantum head's temperature and noise move; null for not at all. @default {null} */
  readonly annealing?: StageAnnealing | null;
  /** Copies of the model that run at once; "auto" leaves it to the policy. @default {"auto"} */
  readonly replicas?: "auto" | number;
  /** Whether the first active head answers alone, in place of the fusion. @default {false} */
  readonly skipEnsemble?: boolean;
  /** Folder of the stage's figures; unique in its plan. @default {name} */
  readonly logAlias?: string;
}

/** A validated stage: complete, and frozen all the way down. */
export interface Stage extends Required<StageDeclaration> {
  /** How the learning rate moves. */
  readonly schedule: Required<StageSchedule>;
  /** Average of the weights over the steps; null for none. */
  readonly ema: Required<StageAveraging> | null;
}

/** The output that fuses the active heads. It is not a head, so no mask switches it. */
export const ENSEMBLE = "ensemble";

/** What a declaration leaves out. */
export interface StageDefaults extends
  Required<
    Omit<
      StageDeclaration,
      "name" | "epochs" | "train" | "heads" | "lossWeights" | "rateFactors" | "logAlias"
    >
  > {
  /** How the learning rate moves. */
  readonly schedule: Required<StageSchedule>;
  /** Loss weight of an active head. */
  readonly headLossWeight: number;
  /** Loss weight of the fused output; 0 where a stage skips the fusion. */
  readonly ensembleLossWeight: number;
  /** What `ema` leaves out. */
  readonly averaging: Required<StageAveraging>;
  /** What `annealing` leaves out. */
  readonly curve: AnnealingCurve;
}

/** The one place of the defaults, for code and configuration files alike. */
export const STAGE_DEFAULTS: StageDefaults = Object.freeze({
  optimizer: "adamw",
  learningRate: 1e-4,
  weightDecay: 1e-5,
  patience: 5,
  monitor: `${ENSEMBLE}/quadratic_weighted_kappa`,
  schedule: Object.freeze({
    policy: "cosine",
    warmupEpochs: null,
    factor: 0.5,
    patience: 2,
    every: 5,
    minimum: 0,
  }),
  gradientAccumulation: 1,
  batchSize: null,
  valBatchSize: null,
  clipNorm: null,
  ema: null,
  annealing: null,
  replicas: "auto",
  skipEnsemble: false,
  headLossWeight: 1,
  ensembleLossWeight: 0.5,
  averaging: Object.freeze({ decay: 0.999, afterSteps: 100, every: 1 }),
  curve: "cosine",
});
