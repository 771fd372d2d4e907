import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { loadHybridModel } from "../model/hybrid_files.ts";
import type { HybridModel } from "../model/hybrid_model.ts";
import type { Run } from "../runs/run.ts";
import type { EpochRow } from "./callback.ts";
import { readWeights } from "./named_tensors.ts";

/** A run folder that does not hold what the training did. */
export class IncompleteRunError extends Error {
  /** Tells it from other errors. */
  override name = "IncompleteRunError";
}

/**
 * Looks whether the run folder holds the training, before it counts as complete: a row of metrics
 * for each that was made, and a model that loads and is the trained one, to the bit.
 *
 * @throws {IncompleteRunError} with everything that is wrong
 */
export async function verifyTraining(
  run: Run,
  { model, history }: { readonly model: HybridModel; readonly history: readonly EpochRow[] },
): Promise<void> {
  const faults = [...await rowFaults(run, history), ...await modelFaults(run, model)];
  if (faults.length === 0) return;
  throw new IncompleteRunError(
    `The run folder ${run.folder} does not hold the training: ${
      faults.join("; ")
    }. Something else ` +
      `has changed it, or the disk has lost it; the checkpoints may still be whole`,
  );
}

async function rowFaults(run: Run, history: readonly EpochRow[]): Promise<string[]> {
  // Without rows `fit()` was not given the run, which is its user's choice.
  const text = await readFile(join(run.folder, "metrics.jsonl"), "utf8").catch(() => undefined);
  if (text === undefined || text === "") return [];
  const lines = text.split("\n").filter((line) => line !== "");
  const at = lines.findIndex((line) => {
    try {
      JSON.parse(line);
      return false;
    } catch {
      return true;
    }
  });
  if (at >= 0) return [`line ${at + 1} of metrics.jsonl is not JSON`];
  // A notebook may have appended rows of its own.
  if (lines.length >= history.length) return [];
  return [`metrics.jsonl has ${lines.length} rows, ${history.length} were made`];
}

async function modelFaults(run: Run, model: HybridModel): Promise<string[]> {
  let loaded: HybridModel;
  try {
    loaded = await loadHybridModel(join(run.folder, "model"));
  } catch (error) {
    return [`the model does not load (${(error as Error).message})`];
  }
  try {
    const [ours, theirs] = [await readWeights(model.network), await readWeights(loaded.network)];
    const values = new Map(theirs.map((tensor) => [tensor.name, tensor.values]));
    const other = ours.find(({ name, values: own }) => {
      const found = values.get(name);
      return found === undefined || own.some((value, i) => !Object.is(value, found[i]));
    });
    return other === undefined ? [] : [`${other.name} of the saved model is not the trained one`];
  } finally {
    loaded.network.dispose();
  }
}
