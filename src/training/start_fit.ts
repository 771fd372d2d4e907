import type { TrainingData } from "../data/image_files.ts";
import type { HybridModel } from "../model/hybrid_model.ts";
import { runFit } from "./fit.ts";
import type { FitOptions } from "./fit_options.ts";
import type { FitResult } from "./fit_result.ts";
import { StopSignals } from "./stop_signals.ts";

/** A training that runs while other cells do. */
export interface FitHandle {
  /** Ends the training within one batch, its last checkpoint whole; `done` says where. */
  stop(): void;
  /** As `fit()` resolves. An error waits here until somebody looks. */
  readonly done: Promise<FitResult>;
}

/**
 * `fit()` for a cell that should not wait for it: the training goes on while other cells run.
 * Whatever else uses its simulator meanwhile must share its `lock`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { loadData } from "@qsight/qsight/data";
 * import { hybridModel } from "@qsight/qsight/model";
 * import { defineStages } from "@qsight/qsight/stages";
 * import { openTensors } from "@qsight/qsight/tensors";
 * import { startFit } from "@qsight/qsight/training";
 * await openTensors({ prefer: "wasm" });
 * const data = await loadData("synthetic", { count: 20, imageSize: 16, seed: 1 });
 * const model = hybridModel({ classes: data.classes, imageSize: 16, filters: [4, 4] });
 * const stages = defineStages([
 *   { name: "a", epochs: 9, train: ["encoder*", "classical_a*"], heads: ["classical_a"] },
 * ]);
 * const training = startFit(model, data, { stages, progress: false });
 * training.stop();
 * const { stopped } = await training.done;
 * assert.equal(stopped?.by, "handle");
 * ```
 */
export function startFit(model: HybridModel, data: TrainingData, options: FitOptions): FitHandle {
  const stops = new StopSignals();
  const done = runFit({ model, data, options, stops });
  // Whoever awaits `done` gets the error; nobody awaiting it must not end a kernel.
  done.catch(() => {});
  return { stop: () => stops.ask("handle"), done };
}
