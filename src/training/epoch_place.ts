import type { Run } from "../runs/run.ts";
import type { TrainingState } from "./callback.ts";
import type { Evaluation } from "./evaluate.ts";

/** Where a training is, and what the model answers there. */
export interface Moment {
  readonly state: TrainingState;
  readonly validation: Evaluation;
}

/** Folder of the figures of an epoch, inside the run folder. */
export function epochFolder({ stage, epoch }: TrainingState): string {
  return `reports/visualizations/${stage.logAlias}/epoch_${String(epoch).padStart(2, "0")}`;
}

/** Title of a figure of an epoch. */
export function epochTitle(what: string, { stage, epoch }: TrainingState, run: Run): string {
  return runTitle(`${what}, stage ${stage.name}, epoch ${epoch}`, run);
}

/** Drawn images are called so on every figure: no result on them is clinical. */
export function runTitle(what: string, { synthetic }: Run): string {
  return synthetic ? `${what}, synthetic images` : what;
}
