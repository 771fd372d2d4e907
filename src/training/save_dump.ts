import type { ImageSet } from "../data/image_set.ts";
import type { Run } from "../runs/run.ts";
import type { TrainingState } from "./callback.ts";
import type { NonFiniteLossError } from "./non_finite_loss.ts";

/** The batch in which a loss was no number. */
export interface BrokenBatch {
  readonly state: TrainingState;
  /** From 1, in its epoch. */
  readonly step: number;
  readonly learningRate: number;
  /** Positions in the training split. */
  readonly indices: Int32Array;
  readonly train: Pick<ImageSet, "ids" | "labels" | "classes">;
}

/**
 * Writes `dumps/<stage>_epoch_NN_step_NNNN.json`: the losses, the rate, and which images were in the
 * batch, to look at them or to run that batch alone. Resolves to its path.
 */
export async function saveDump(
  run: Run,
  error: NonFiniteLossError,
  { state, step, learningRate, indices, train }: BrokenBatch,
): Promise<string> {
  const { stage, epoch } = state;
  const place = `epoch_${String(epoch).padStart(2, "0")}_step_${String(step).padStart(4, "0")}`;
  const images = Array.from(indices, (index) => ({
    index,
    id: train.ids[index],
    label: train.classes[train.labels[index]],
  }));
  return await run.saveJson(`dumps/${stage.name}_${place}.json`, {
    schema: "qsight.dump/1",
    message: error.message,
    losses: error.losses,
    stage: stage.name,
    epoch,
    step,
    learningRate,
    images,
  });
}
