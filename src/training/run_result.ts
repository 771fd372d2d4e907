import type { TrainingData } from "../data/image_files.ts";
import type { HybridModel } from "../model/hybrid_model.ts";
import type { FitResult } from "./fit_result.ts";

/** What the figures at the end of a run are of. */
export interface RunResult {
  readonly model: HybridModel;
  readonly data: TrainingData;
  readonly result: FitResult;
  /** Name of the tensor backend. */
  readonly backend: string;
  /** Clock in milliseconds, for the time that each part takes. */
  readonly now: () => number;
}
