import { ENSEMBLE, fusionOf, type HybridModel } from "../model/hybrid_model.ts";
import { partOf, PARTS } from "../stages/parts.ts";
import type { Stage } from "../stages/stage.ts";
import {
  factorsByLayer,
  type ModelParts,
  modelParts,
  type PlacedLayer,
  trainedLayers,
} from "../stages/stage_model.ts";
import {
  readTrainableFlags,
  setTrainable,
  writeTrainableFlags,
} from "../stages/trainable_flags.ts";
import { caught, type PreflightFinding } from "./preflight_finding.ts";

/** Whether a stage trains something, and each of its entries too. */
export function stageFindings(model: HybridModel, stage: Stage): PreflightFinding[] {
  const parts = modelParts(model.network);
  const unknown = caught(() => {
    trainedLayers(stage, parts);
    factorsByLayer(stage, parts);
  });
  if (unknown.length > 0) return unknown;
  const moving = (train: readonly string[]) => weightsThatMove(model, { ...stage, train }, parts);
  const idle = stage.train.filter((entry) => moving([entry]) === 0);
  if (idle.length === 0) return [];
  const nothing = idle.length === stage.train.length;
  return [{
    level: nothing ? "error" : "warning",
    message: nothing
      ? `stage "${stage.name}" trains nothing: ${reason(model, stage, parts)}`
      : `stage "${stage.name}": ${idle.join(", ")} in train has no weight that could move`,
    fix: nothing
      ? `leave the stage out, or name in train what feeds its heads ${stage.heads.join(", ")}`
      : `leave it out of train, or make a head active that it feeds`,
  }];
}

/** Weights that the entries of a stage name and that some loss of it depends on. */
function weightsThatMove(model: HybridModel, stage: Stage, parts: ModelParts): number {
  const trained = trainedLayers({ ...stage, annealing: null }, parts);
  const flags = readTrainableFlags(parts);
  setTrainable(parts, trained);
  try {
    const fed = parts.layers.filter((placed) =>
      trained.has(placed.layer) && isFed(model, stage, placed)
    );
    return fed.reduce((sum, { layer }) => sum + layer.trainableWeights.length, 0);
  } finally {
    writeTrainableFlags(parts, flags);
  }
}

/** Whether a loss of the stage depends on a layer; of layers outside all parts that is not known. */
function isFed(
  model: HybridModel,
  { heads, lossWeights, skipEnsemble }: Stage,
  layer: PlacedLayer,
) {
  const fused = (lossWeights[ENSEMBLE] ?? 0) > 0;
  // The first active head answers alone where the fusion is skipped.
  const first = model.heads.find((head) => heads.includes(head));
  const alone = answersAlone(model, skipEnsemble);
  const counts = (head: string) =>
    heads.includes(head) &&
    ((lossWeights[head] ?? 0) > 0 || (fused && (!alone || head === first)));
  switch (partOf(layer.paths[0], new Set([...PARTS, ...model.heads]))) {
    case "encoder":
      return heads.some(counts);
    case "compression":
      return counts("classical_b") || counts("quantum");
    case ENSEMBLE:
      // The weights of one head are always 1.
      return fused && !alone &&
        (heads.length > 1 || fusionOf(model).fusion === "mlp");
    default: {
      const head = partOf(layer.paths[0], model.heads);
      return head === undefined || counts(head);
    }
  }
}

function reason(model: HybridModel, stage: Stage, parts: ModelParts): string {
  const trained = trainedLayers({ ...stage, annealing: null }, parts);
  const weights = [...trained].reduce((sum, { weights }) => sum + weights.length, 0);
  const train = stage.train.join(", ");
  if (weights === 0) return `${train} has no weights`;
  const onlyFusion = parts.layers.every(({ layer, paths }) =>
    !trained.has(layer) || partOf(paths[0], PARTS) === ENSEMBLE
  );
  if (!onlyFusion) return `no active head with a loss depends on ${train}`;
  return answersAlone(model, stage.skipEnsemble)
    ? "the fusion is skipped"
    : stage.heads.length === 1
    ? "a fusion of one head has nothing to weigh"
    : `the loss weight of "${ENSEMBLE}" is 0`;
}

/** Whether the first active head answers in place of the fusion. */
function answersAlone(model: HybridModel, skipEnsemble: boolean): boolean {
  return skipEnsemble || fusionOf(model).fusion === "skip_ensemble";
}
