import type { StoppedAt } from "./stop_signals.ts";

/** Ends a training from within; `fit` turns it into its result. */
export class TrainingStopped extends Error {
  /** Tells it from other errors. */
  override name = "TrainingStopped";
  readonly at: StoppedAt;

  constructor(at: StoppedAt) {
    super(`Training stopped by ${at.by} in stage "${at.stage}" after epoch ${at.epoch}`);
    this.at = at;
  }
}
