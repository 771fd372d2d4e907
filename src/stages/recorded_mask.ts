import { checkOptions, unknownName } from "../_internal/check_options.ts";
import { ENSEMBLE, type Stage } from "./stage.ts";
import type { StageModel } from "./stage_model.ts";

/** A mask as it stands in a checkpoint: plain JSON. */
export interface RecordedMask {
  /** Form of this record. */
  readonly schema: "qsight.mask/1";
  /** Name of the stage. */
  readonly stage: string;
  /** All heads of the model, in the order of its outputs. */
  readonly heads: readonly string[];
  /** Those that counted and voted. */
  readonly activeHeads: readonly string[];
  /** Whether the first active head answered alone. */
  readonly skipEnsemble: boolean;
  /** Layers that trained. */
  readonly trainable: readonly string[];
  /** Layers that kept every byte. */
  readonly frozen: readonly string[];
}

const KEYS = Object.keys(
  {
    schema: 1,
    stage: 1,
    heads: 1,
    activeHeads: 1,
    skipEnsemble: 1,
    trainable: 1,
    frozen: 1,
  } satisfies Record<keyof RecordedMask, 1>,
);

/** The record of a stage in force. */
export function recordMask(
  model: StageModel,
  stage: Stage,
  { trainable, frozen }: Pick<RecordedMask, "trainable" | "frozen">,
): RecordedMask {
  const heads = headsOf(model);
  return {
    schema: "qsight.mask/1",
    stage: stage.name,
    heads,
    activeHeads: heads.filter((head) => stage.heads.includes(head)),
    skipEnsemble: stage.skipEnsemble,
    trainable: [...trainable],
    frozen: [...frozen],
  };
}

/** The outputs of a model that are heads: all but the fused one. */
export function headsOf(model: StageModel): string[] {
  return model.outputs.map(({ sourceLayer }) => sourceLayer.name).filter((x) => x !== ENSEMBLE);
}

/**
 * Throws unless a value read from a file is a mask, and one for this model.
 *
 * @throws {TypeError} for something else than a record, or heads that are not the model's
 * @throws {RangeError} for a record without an active head
 */
export function checkMask(model: StageModel, mask: RecordedMask): void {
  const where = "applyMask()";
  checkOptions(where, mask, KEYS);
  if (mask?.schema !== "qsight.mask/1") {
    throw new TypeError(
      `${where}: found schema ${JSON.stringify(mask?.schema)}, wanted "qsight.mask/1". ` +
        `Pass what toJSON() of an applied stage returned`,
    );
  }
  for (const key of ["heads", "activeHeads"] as const) {
    if (!Array.isArray(mask[key]) || mask[key].some((head) => typeof head !== "string")) {
      throw new TypeError(
        `${where}: ${key} must be an array of texts, found ${JSON.stringify(mask[key])}`,
      );
    }
  }
  if (typeof mask.skipEnsemble !== "boolean") {
    throw new TypeError(
      `${where}: skipEnsemble must be true or false, found ${JSON.stringify(mask.skipEnsemble)}`,
    );
  }
  const ours = headsOf(model);
  const [missing, unexpected] = [without(ours, mask.heads), without(mask.heads, ours)];
  if (missing.length > 0 || unexpected.length > 0) {
    throw new TypeError(
      `${where}: the mask of stage "${mask.stage}" is for other heads: missing ` +
        `${missing.join(", ") || "none"}, unexpected ${unexpected.join(", ") || "none"}. ` +
        `Use the model that it was recorded with`,
    );
  }
  if (mask.activeHeads.length === 0) {
    throw new RangeError(`${where}: the mask of stage "${mask.stage}" leaves no head active`);
  }
  for (const head of mask.activeHeads) {
    if (!ours.includes(head)) throw new TypeError(unknownName(where, "head", head, ours));
  }
}

function without(names: readonly string[], others: readonly string[]): string[] {
  return names.filter((name) => !others.includes(name));
}
