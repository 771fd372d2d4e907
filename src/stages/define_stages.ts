import { checkOptions, unknownName } from "../_internal/check_options.ts";
import { ENSEMBLE, type Stage, STAGE_DEFAULTS, type StageDeclaration } from "./stage.ts";

/** Options of {@linkcode defineStages}. */
export interface DefineStagesOptions {
  /** All heads of the model, active or not. @default {the heads that any declaration names} */
  readonly heads?: readonly string[];
}

const KEYS = [
  "name",
  "epochs",
  "train",
  "heads",
  "learningRate",
  "weightDecay",
  "lossWeights",
  "patience",
  "logAlias",
];

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
    const stage = complete(declaration, known);
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

function complete(declaration: StageDeclaration, known: ReadonlySet<string>): Stage {
  const { name, epochs, train, heads } = declaration;
  const where = `stage "${name}"`;
  for (const head of heads) {
    if (!known.has(head)) throw new TypeError(unknownName(where, "head", head, known));
  }
  const {
    learningRate = STAGE_DEFAULTS.learningRate,
    weightDecay = STAGE_DEFAULTS.weightDecay,
    patience = STAGE_DEFAULTS.patience,
    logAlias = name,
  } = declaration;
  checkCount(where, "epochs", epochs);
  if (patience !== null) checkCount(where, "patience", patience, " or null");
  checkNumber(where, "learningRate", learningRate, learningRate > 0, "above 0");
  checkNumber(where, "weightDecay", weightDecay, weightDecay >= 0, "0 or above");
  if (typeof logAlias !== "string" || logAlias === "") {
    throw new TypeError(
      `${where}: logAlias must be a text that is not empty, found ${JSON.stringify(logAlias)}`,
    );
  }
  return Object.freeze({
    name,
    epochs,
    train: Object.freeze([...train]),
    heads: Object.freeze([...heads]),
    learningRate,
    weightDecay,
    lossWeights: completeLossWeights(declaration, known),
    patience,
    logAlias,
  });
}

function completeLossWeights(
  { name, heads, lossWeights = {} }: StageDeclaration,
  known: ReadonlySet<string>,
): Readonly<Record<string, number>> {
  const where = `stage "${name}"`;
  checkOptions(`${where} lossWeights`, lossWeights, [...known, ENSEMBLE]);
  const complete: Record<string, number> = {};
  for (const head of heads) complete[head] = STAGE_DEFAULTS.headLossWeight;
  complete[ENSEMBLE] ??= STAGE_DEFAULTS.ensembleLossWeight;
  for (const [head, weight] of Object.entries(lossWeights)) {
    checkNumber(where, `lossWeights.${head}`, weight, weight >= 0, "0 or above");
    if (Object.hasOwn(complete, head)) complete[head] = weight;
    else if (weight > 0) {
      throw new RangeError(
        `${where}: head "${head}" has loss weight ${weight} but is not active ` +
          `(heads: ${heads.join(", ")}). Add it to heads, or leave its weight out`,
      );
    }
  }
  if (Object.values(complete).every((weight) => weight === 0)) {
    throw new RangeError(
      `${where}: all loss weights are 0. Give one active head a positive weight`,
    );
  }
  return Object.freeze(complete);
}

function checkCount(where: string, key: string, value: unknown, or = ""): void {
  if (typeof value === "number" && Number.isInteger(value) && value > 0) return;
  throw new RangeError(
    `${where}: ${key} must be a positive whole number${or}, found ${JSON.stringify(value)}`,
  );
}

function checkNumber(where: string, key: string, value: unknown, ok: boolean, want: string): void {
  if (typeof value === "number" && Number.isFinite(value) && ok) return;
  throw new RangeError(`${where}: ${key} must be a number ${want}, found ${value}`);
}
