import { ENSEMBLE } from "./stage.ts";

/**
 * Names of the parts of a hybrid model. In `train` such a name stands for every layer of the part:
 * the layer of that name, and those that begin with it and `_`. A layer that belongs to another part
 * or output with a longer name is not among them.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { defineStages, PARTS } from "@qsight/qsight/stages";
 * const [stage] = defineStages([{ name: "all", epochs: 1, train: PARTS, heads: ["quantum"] }]);
 * assert.equal(stage.train.includes("compression"), true);
 * ```
 */
export const PARTS: readonly string[] = Object.freeze([
  "encoder",
  "compression",
  "classical_a",
  "classical_b",
  "quantum",
  ENSEMBLE,
]);

/**
 * The part that a layer belongs to, judged by the outermost step of its path that is of any part:
 * what is inside an encoder is encoder, whatever its name.
 *
 * @param path "outer/inner" in nested models
 * @param names parts, and outputs that are parts of their own
 */
export function partOf(path: string, names: Iterable<string>): string | undefined {
  const known = [...names].sort((a, b) => b.length - a.length);
  for (const step of path.split("/")) {
    const part = known.find((name) => step === name || step.startsWith(`${name}_`));
    if (part !== undefined) return part;
  }
  return undefined;
}
