import type { HybridModel } from "../model/hybrid_model.ts";
import type { Stage } from "../stages/stage.ts";
import type { Evaluation } from "./evaluate.ts";

/** One row of metrics.jsonl: the figures of one head on one split after one epoch. No times. */
export type EpochRow = {
  readonly stage: string;
  /** From 1. */
  readonly epoch: number;
  readonly split: "train" | "val";
  /** A head's name or `ensemble`. */
  readonly head: string;
  /** The training loss, mean over the samples (not over the batches). */
  readonly loss: number;
  readonly accuracy: number;
  readonly balancedAccuracy: number | null;
  readonly quadraticWeightedKappa: number | null;
  readonly macroAuc: number | null;
};

/** Where the training is. */
export interface TrainingState {
  /** The model as it is now. */
  readonly model: HybridModel;
  /** The plan of the stage. */
  readonly stage: Stage;
  /** From 0. */
  readonly stageIndex: number;
  /** From 1; 0 before the first epoch of a stage. */
  readonly epoch: number;
}

/** What an epoch left. */
export interface EpochLogs {
  /** Rows of both splits, a head each. */
  readonly rows: readonly EpochRow[];
  /** Probabilities of the active heads and the ensemble on the validation split. */
  readonly validation: Evaluation;
  /** How long the epoch took. */
  readonly seconds: number;
}

/** Hooks with Keras's names and two for stages; each is awaited, in the order of the list. */
export interface TrainingCallback {
  /** Before the first epoch of a stage, with its mask applied. */
  onStageBegin?(state: TrainingState): void | Promise<void>;
  /** Before an epoch. */
  onEpochBegin?(state: TrainingState): void | Promise<void>;
  /** After the rows of an epoch are on disk. */
  onEpochEnd?(state: TrainingState, logs: EpochLogs): void | Promise<void>;
  /** After the last epoch of a stage and its checkpoint. */
  onStageEnd?(state: TrainingState, logs: EpochLogs): void | Promise<void>;
}
