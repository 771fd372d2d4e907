import type { TrainingData } from "../data/image_files.ts";
import type { HybridModel } from "../model/hybrid_model.ts";
import { checkFit } from "./check_fit.ts";
import type { FitOptions } from "./fit_options.ts";
import type { FitResult } from "./fit_result.ts";
import { StopSignals } from "./stop_signals.ts";
import { runTraining, type Training } from "./training_loop.ts";

/**
 * Trains a hybrid model stage by stage. In each stage only the parts that it names train, only its
 * heads are evaluated, and frozen layers run in inference mode, so that not even their moving
 * statistics move. Same seed, same rows.
 *
 * With a `run`, the last checkpoint of each stage holds all that it takes to go on: a run that was
 * stopped or killed at any moment goes on with `onExisting: "resume"` and ends with the same bytes as
 * one that was not. In another process, `openRun({ …, reopen: "<run id>" })` takes up its folder.
 *
 * SIGINT (the stop button of a notebook, Ctrl-C), `stopFile` and `startFit()` end the training within
 * one batch; the result then says where, under `stopped`.
 *
 * @throws {NonFiniteLossError} in the batch where the loss becomes NaN or infinite; no weight has moved
 *   by that batch
 * @throws {DOMException} named AbortError when the signal fires
 * @throws {Error} when the run holds a training already, unless `onExisting` says what to do
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { loadData } from "@qsight/qsight/data";
 * import { hybridModel } from "@qsight/qsight/model";
 * import { defineStages } from "@qsight/qsight/stages";
 * import { openTensors } from "@qsight/qsight/tensors";
 * import { fit } from "@qsight/qsight/training";
 * await openTensors({ prefer: "wasm" });
 * const data = await loadData("synthetic", { count: 20, imageSize: 16, seed: 1 });
 * const model = hybridModel({ classes: data.classes, imageSize: 16, filters: [4, 4] });
 * const stages = defineStages([
 *   { name: "classical", epochs: 1, train: ["encoder*", "classical_a*"], heads: ["classical_a"] },
 * ]);
 * const { history } = await fit(model, data, { stages, progress: false });
 * assert.equal(history.length, 4); // train and val, classical_a and ensemble
 * ```
 */
export async function fit(
  model: HybridModel,
  data: TrainingData,
  options: FitOptions,
): Promise<FitResult> {
  return await runFit({ model, data, options, stops: new StopSignals() });
}

/** {@linkcode fit} that can also be asked to end from outside. */
export async function runFit(training: Training): Promise<FitResult> {
  checkFit(training.model, training.data, training.options);
  return await runTraining(training);
}
