import { checkOptions, unknownName } from "../_internal/check_options.ts";
import type { Stage } from "./stage.ts";

/**
 * Which heads a stage has switched on, by name.
 *
 * @param heads all heads of the model, in any number
 * @throws {TypeError} when the stage names a head that is not among them
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { defineStages, stageMask } from "@qsight/qsight/stages";
 * const [stage] = defineStages([{ name: "a", epochs: 1, train: ["*"], heads: ["left"] }]);
 * assert.deepEqual({ ...stageMask(stage, ["left", "right"]) }, { left: true, right: false });
 * ```
 */
export function stageMask(
  stage: Stage,
  heads: readonly string[],
): Readonly<Record<string, boolean>> {
  for (const head of stage.heads) {
    if (!heads.includes(head)) {
      throw new TypeError(unknownName(`stage "${stage.name}"`, "head", head, heads));
    }
  }
  return Object.freeze(
    Object.fromEntries(heads.map((head) => [head, stage.heads.includes(head)])),
  );
}

/**
 * The stage with a name.
 *
 * @throws {TypeError} naming the nearest stage when there is none
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { defaultStages, defineStages, stageNamed } from "@qsight/qsight/stages";
 * const stages = defineStages(defaultStages());
 * assert.equal(stageNamed(stages, "quantum").epochs, 8);
 * assert.throws(() => stageNamed(stages, "quantun"), /Did you mean "quantum"/);
 * ```
 */
export function stageNamed(stages: readonly Stage[], name: string): Stage {
  const found = stages.find((stage) => stage.name === name);
  if (found !== undefined) return found;
  throw new TypeError(unknownName("stageNamed()", "stage", name, stages.map((x) => x.name)));
}

/** Options of {@linkcode headsFromArray}. */
export interface HeadsFromArrayOptions {
  /** All heads of the model, in the order of the mask. */
  readonly heads: readonly string[];
  /** Name of the stage, for the message when the mask is wrong. */
  readonly stage: string;
}

/**
 * Names of the active heads from the older form of a mask, one 0 or 1 per head in order.
 *
 * @param mask as many entries as there are heads
 * @throws {RangeError} for another length, other entries than 0 and 1, or no active head
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { headsFromArray } from "@qsight/qsight/stages";
 * const heads = ["classical_a", "classical_b", "quantum"];
 * assert.deepEqual(headsFromArray([0, 0, 1], { heads, stage: "quantum" }), ["quantum"]);
 * ```
 */
export function headsFromArray(
  mask: readonly number[],
  options: HeadsFromArrayOptions,
): string[] {
  checkOptions("headsFromArray()", options, ["heads", "stage"]);
  const { heads, stage } = options;
  const where = `stage "${stage}": mask [${Array.isArray(mask) ? mask.join(", ") : mask}]`;
  const order = `in the order ${heads.join(", ")}`;
  if (!Array.isArray(mask) || mask.length !== heads.length) {
    throw new RangeError(
      `${where} does not fit ${heads.length} heads. Write one 0 or 1 each, ${order}`,
    );
  }
  if (mask.some((entry) => entry !== 0 && entry !== 1)) {
    throw new RangeError(`${where} has entries other than 0 and 1. Write 1 for active, ${order}`);
  }
  const active = heads.filter((_, i) => mask[i] === 1);
  if (active.length === 0) {
    throw new RangeError(`${where} leaves no head active. Write at least one 1, ${order}`);
  }
  return active;
}
