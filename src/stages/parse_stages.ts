import { checkOptions } from "../_internal/check_options.ts";
import { type BuiltInStageOptions, planNamed } from "./built_in_stages.ts";
import { defineStages, type DefineStagesOptions } from "./define_stages.ts";
import type { Stage, StageDeclaration } from "./stage.ts";

/** A plan as a configuration file has it. */
export type StagePlan =
  | readonly StageDeclaration[]
  | { readonly stages: readonly StageDeclaration[] }
  | ({
    /** Name of a built-in plan, see `PLANS`. */
    readonly plan: string;
  } & BuiltInStageOptions);

/** Keys of a plan that is no array. */
export const PLAN_KEYS: readonly string[] = [
  "stages",
  "plan",
  "epochScale",
  "learningRateScale",
];

/**
 * Stages from a configuration file: an array of declarations, `{"stages": [...]}`, or a built-in
 * plan, `{"plan": "quantum_only", "epochScale": 0.5}`. What is left out and what is allowed is the
 * same as in {@linkcode defineStages}.
 *
 * @param json the text of the file, or what it was parsed to
 * @throws {SyntaxError} when the text is no JSON
 * @throws {TypeError} for unknown keys and names, with the nearest one, and values of the wrong type
 * @throws {RangeError} for values out of range
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseStages } from "@qsight/qsight/stages";
 * const [stage] = parseStages(`[
 *   { "name": "a", "epochs": 2, "train": ["encoder", "classical_a"], "heads": ["classical_a"] }
 * ]`);
 * assert.equal(stage.optimizer, "adamw");
 * assert.equal(parseStages({ plan: "quantum_only" }).length, 2);
 * assert.throws(() => parseStages({ plan: "quantum_onle" }), /Did you mean "quantum_only"/);
 * ```
 */
export function parseStages(
  json: string | StagePlan,
  options: DefineStagesOptions = {},
): readonly Stage[] {
  const plan = typeof json === "string" ? parsed(json) : json;
  if (Array.isArray(plan)) return defineStages(plan, options);
  if (plan === null || typeof plan !== "object") {
    throw new TypeError(
      `parseStages(): found ${
        JSON.stringify(plan)
      }. Write an array of stages, {"stages": [...]} or ` +
        `{"plan": "default"}`,
    );
  }
  if (!("plan" in plan)) {
    checkOptions("parseStages()", plan, PLAN_KEYS);
    const { stages, ...others } = plan as { readonly stages: readonly StageDeclaration[] };
    checkOptions("parseStages() beside stages", others, []);
    return defineStages(stages, options);
  }
  return defineStages(planNamed("parseStages()", plan), options);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SyntaxError(
      `parseStages(): the text is not JSON: ${(cause as Error).message}. ` +
        `Look for a comma too many or missing quotes`,
      { cause },
    );
  }
}
