import { setAnnealing } from "../model/annealing.ts";
import { type HybridModel, setActiveHeads, setSkipEnsemble } from "../model/hybrid_model.ts";
import { annealedValue, annealingProgress } from "../stages/annealing.ts";
import type { AppliedStage, MaskedPass } from "../stages/apply_stage.ts";

/** Before each pass again: a flag or a head that somebody set by hand in between does not last. */
export function maskPass(model: HybridModel, applied: AppliedStage, pass: MaskedPass): void {
  setActiveHeads(model, applied.stage.heads);
  setSkipEnsemble(model, applied.stage.skipEnsemble);
  applied.apply(pass);
}

/** Temperature and noise of the quantum head for an epoch, from 1, where the stage moves them. */
export function annealEpoch(model: HybridModel, { stage }: AppliedStage, epoch: number): void {
  const { annealing, epochs } = stage;
  if (annealing === null) return;
  const progress = annealingProgress(epoch, epochs);
  const { temperature, noise } = annealing;
  setAnnealing(model, {
    ...temperature && { temperature: annealedValue(temperature, progress) },
    ...noise && { noise: annealedValue(noise, progress) },
  });
}
