import type { ImportedWeights } from "../tensors/files/named_weights.ts";
import type { EpochRow } from "./callback.ts";
import type { CollapseEvent } from "./collapse_detector.ts";
import type { Evaluation } from "./evaluate.ts";
import type { StageDecision } from "./replicas/decide_replicas.ts";
import type { StoppedAt } from "./stop_signals.ts";

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
