import { checkOptions } from "../_internal/check_options.ts";
import { completeStage } from "./complete_stage.ts";
import type { Stage, StageDeclaration } from "./stage.ts";

/** Options of {@linkcode defineStages}. */
export interface DefineStagesOptions {
  /** All heads of the model, active or not. @default {the heads that any declaration names} */
  readonly heads?: readonly string[];
}

/** All keys of a declaration; the type sees to it that none is missing. */
const KEYS = Object.keys(
  {
    name: 1,
    epochs: 1,
    train: 1,
    heads: 1,
    optimizer: 1,
    learningRate: 1,
    rateFactors: 1,
    weightDecay: 1,
    lossWeights: 1,
    patience: 1,
    monitor: 1,
    schedule: 1,
    gradientAccumulation: 1,
    batchSize: 1,
    valBatchSize: 1,
    clipNorm: 1,
    ema: 1,
    annealing: 1,
    replicas: 1,
    skipEnsemble: 1,
    logAlias: 1,
  } satisfies Record<keyof StageDeclaration, 1>,
);

/**
 * Turns declarations into stages: checked, completed from {@linkcode STAGE_DEFAULTS}, frozen.
 *
 * @throws {TypeError} for unknown keys, heads or loss weights, and values of the wrong type
 * @throws {RangeError} for values out of range, duplicate names, a loss weight on an inactive head
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { defineStages } from "@qsight/qsight/stages";
 * const [warmUp] = defineStages([
 *   { name: "warm_up", epochs: 2, train: ["conv*"], heads: ["head_a"] },
 * ]);
 * assert.deepEqual(warmUp.lossWeights, { head_a: 1, ensemble: 0.5 });
 * assert.throws(
 *   () => defineStages([{ name: "b", epochs: 0, train: ["*"], heads: ["head_a"] }]),
 *   /stage "b": epochs must be a positive whole number/,
 * );
 * ```
 */
export function defineStages(
  declarations: readonly StageDeclaration[],
  options: DefineStagesOptions = {},
): readonly Stage[] {
  checkOptions("defineStages()", options, ["heads"]);
  if (!Array.isArray(declarations) || declarations.length === 0) {
    throw new TypeError(
      "defineStages(): found no stage declarations. Pass an array with at least one stage",
    );
  }
  for (const [i, declaration] of declarations.entries()) checkShape(declaration, i);
  const known = new Set(options.heads ?? declarations.flatMap((x) => x.heads));
  const names = new Set<string>(), aliases = new Set<string>();
  return Object.freeze(declarations.map((declaration) => {
    if (names.has(declaration.name)) {
      throw new RangeError(
        `stage "${declaration.name}": this name is used twice. Give each stage a name of its own`,
      );
    }
    names.add(declaration.name);
    const stage = completeStage(declaration, known);
    if (aliases.has(stage.logAlias)) {
      throw new RangeError(
        `stage "${stage.name}": logAlias "${stage.logAlias}" is another stage's folder of figures. ` +
          `Give each stage one of its own`,
      );
    }
    aliases.add(stage.logAlias);
    return stage;
  }));
}

/** What must hold before heads of different declarations can be compared. */
function checkShape(declaration: StageDeclaration, index: number): void {
  const name = declaration?.name;
  if (typeof name !== "string" || name === "") {
    throw new TypeError(
      `stage ${index}: name must be a text that is not empty, found ${JSON.stringify(name)}`,
    );
  }
  const where = `stage "${name}"`;
  checkOptions(where, declaration, KEYS);
  checkNames(where, "train", declaration.train, "layer name pattern");
  checkNames(where, "heads", declaration.heads, "head name");
}

function checkNames(where: string, key: string, names: unknown, what: string): void {
  if (!Array.isArray(names) || names.some((x) => typeof x !== "string" || x === "")) {
    throw new TypeError(
      `${where}: ${key} must be an array of texts, found ${JSON.stringify(names)}. ` +
        `Write each ${what} as a text`,
    );
  }
  if (names.length === 0) {
    throw new RangeError(`${where}: ${key} is empty. Name at least one ${what}`);
  }
  const twice = names.find((x, i) => names.indexOf(x) !== i);
  if (twice !== undefined) {
    throw new RangeError(`${where}: ${key} names "${twice}" twice. Leave one of them out`);
  }
}
