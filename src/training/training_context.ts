import type { TrainingData } from "../data/image_files.ts";
import type { HybridModel } from "../model/hybrid_model.ts";
import type { EpochRow } from "./callback.ts";
import type { Evaluation } from "./evaluate.ts";
import type { FitOptions } from "./fit_options.ts";
import type { FitResult } from "./fit_result.ts";
import type { FitSettings } from "./fit_settings.ts";
import type { TrainingReplicas } from "./replicas/training_replicas.ts";
import type { StopSignals } from "./stop_signals.ts";
import type { TrainingBatches } from "./training_batches.ts";
import type { TrainingPace } from "./training_pace.ts";

/** What stays the same over the stages of one call of fit, and what grows over them. */
export interface TrainingContext {
  readonly model: HybridModel;
  readonly data: TrainingData;
  readonly options: FitOptions;
  readonly settings: FitSettings;
  /** What must be the same to go on with this training later. */
  readonly plan: Readonly<Record<string, unknown>>;
  readonly now: () => number;
  readonly stops: StopSignals;
  readonly pace: TrainingPace;
  readonly replicas: TrainingReplicas;
  readonly batches: TrainingBatches;
  readonly history: EpochRow[];
  readonly collapses: FitResult["collapses"][number][];
  /** The model on the validation split after the last whole epoch. */
  validation: Evaluation | null;
}
