import { checkOptions, unknownName } from "../_internal/check_options.ts";
import { checkChoice, checkCount, checkNumber } from "./check_values.ts";
import { completeAnnealing, completeAveraging, completeSchedule } from "./complete_parts.ts";
import { ENSEMBLE, type Stage, STAGE_DEFAULTS, type StageDeclaration } from "./stage.ts";

const POSITIVE = { ok: (value: number) => value > 0, want: "above 0" };
const NOT_NEGATIVE = { ok: (value: number) => value >= 0, want: "0 or above" };

/** A declaration whose shape is right, with its values checked and its gaps filled. */
export function completeStage(declaration: StageDeclaration, known: ReadonlySet<string>): Stage {
  const { name, epochs, train, heads, schedule, ema, annealing } = declaration;
  const where = `stage "${name}"`;
  for (const head of heads) {
    if (!known.has(head)) throw new TypeError(unknownName(where, "head", head, known));
  }
  const values = plainValues(declaration);
  checkCount(where, ["epochs", epochs]);
  checkValues(where, values);
  checkMonitor(where, values.monitor, heads);
  checkSkip(where, train, values.skipEnsemble);
  checkAnnealedHead(where, declaration, known);
  return Object.freeze({
    name,
    epochs,
    train: Object.freeze([...train]),
    heads: Object.freeze([...heads]),
    ...values,
    rateFactors: completeFactors(where, declaration),
    lossWeights: completeLossWeights(declaration, known),
    schedule: completeSchedule(where, schedule),
    ema: completeAveraging(where, ema),
    annealing: completeAnnealing(where, annealing),
  });
}

/** The fields that are a number, a text or null. */
function plainValues(declaration: StageDeclaration) {
  const {
    optimizer = STAGE_DEFAULTS.optimizer,
    learningRate = STAGE_DEFAULTS.learningRate,
    weightDecay = STAGE_DEFAULTS.weightDecay,
    patience = STAGE_DEFAULTS.patience,
    monitor = STAGE_DEFAULTS.monitor,
    gradientAccumulation = STAGE_DEFAULTS.gradientAccumulation,
    batchSize = STAGE_DEFAULTS.batchSize,
    valBatchSize = STAGE_DEFAULTS.valBatchSize,
    clipNorm = STAGE_DEFAULTS.clipNorm,
    replicas = STAGE_DEFAULTS.replicas,
    skipEnsemble = STAGE_DEFAULTS.skipEnsemble,
    logAlias = declaration.name,
  } = declaration;
  return {
    optimizer,
    learningRate,
    weightDecay,
    patience,
    monitor,
    gradientAccumulation,
    batchSize,
    valBatchSize,
    clipNorm,
    replicas,
    skipEnsemble,
    logAlias,
  };
}

function checkValues(where: string, values: ReturnType<typeof plainValues>): void {
  const orNull = { or: " or null" };
  checkChoice(where, ["optimizer", values.optimizer], ["adamw", "adam", "sgd"]);
  checkNumber(where, ["learningRate", values.learningRate], POSITIVE);
  checkNumber(where, ["weightDecay", values.weightDecay], NOT_NEGATIVE);
  checkCount(where, ["gradientAccumulation", values.gradientAccumulation]);
  const { patience, batchSize, valBatchSize, clipNorm, replicas } = values;
  if (patience !== null) checkCount(where, ["patience", patience], orNull);
  // Batch statistics of one image are none.
  if (batchSize !== null) checkCount(where, ["batchSize", batchSize], { least: 2, ...orNull });
  if (valBatchSize !== null) checkCount(where, ["valBatchSize", valBatchSize], orNull);
  if (clipNorm !== null) {
    checkNumber(where, ["clipNorm", clipNorm], { ...POSITIVE, want: "above 0, or null" });
  }
  if (replicas !== "auto") checkCount(where, ["replicas", replicas], { or: ' or "auto"' });
  if (typeof values.skipEnsemble !== "boolean") {
    throw new TypeError(
      `${where}: skipEnsemble must be true or false, found ${JSON.stringify(values.skipEnsemble)}`,
    );
  }
  if (typeof values.logAlias !== "string" || values.logAlias === "") {
    throw new TypeError(
      `${where}: logAlias must be a text that is not empty, found ` +
        JSON.stringify(values.logAlias),
    );
  }
}

function checkMonitor(where: string, monitor: unknown, heads: readonly string[]): void {
  const [head, metric, ...more] = typeof monitor === "string" ? monitor.split("/") : [];
  if (!head || !metric || more.length > 0) {
    throw new TypeError(
      `${where}: monitor must be "<head>/<metric>", found ${JSON.stringify(monitor)}. ` +
        `Write for example "${STAGE_DEFAULTS.monitor}"`,
    );
  }
  if (head === ENSEMBLE || heads.includes(head)) return;
  throw new TypeError(unknownName(where, "head of monitor", head, [...heads, ENSEMBLE]));
}

/** A fusion that is passed over gets no gradient. */
function checkSkip(where: string, train: readonly string[], skipEnsemble: boolean): void {
  const fusion = train.find((entry) => entry.replace(/[_*]+$/, "") === ENSEMBLE);
  if (!skipEnsemble || fusion === undefined) return;
  throw new RangeError(
    `${where}: skipEnsemble passes over the fusion, but train names "${fusion}". ` +
      `Leave one of them out`,
  );
}

/** Only the quantum head of a hybrid model has something to anneal; other models may have more. */
function checkAnnealedHead(
  where: string,
  { heads, annealing = STAGE_DEFAULTS.annealing }: StageDeclaration,
  known: ReadonlySet<string>,
): void {
  if (annealing === null || !known.has("quantum")) return;
  if (heads.some((head) => head.startsWith("quantum"))) return;
  throw new RangeError(
    `${where}: annealing moves the temperature and noise of the quantum head, which is not active ` +
      `(heads: ${heads.join(", ")}). Add it to heads, or leave annealing out`,
  );
}

function completeFactors(
  where: string,
  { rateFactors = {} }: StageDeclaration,
): Readonly<Record<string, number>> {
  if (rateFactors === null || typeof rateFactors !== "object" || Array.isArray(rateFactors)) {
    throw new TypeError(
      `${where}: rateFactors must be factors by layer or part, found ` +
        `${JSON.stringify(rateFactors)}. Write for example { "quantum_circuit": 10 }`,
    );
  }
  for (const [pattern, factor] of Object.entries(rateFactors)) {
    checkNumber(where, [`rateFactors.${pattern}`, factor], POSITIVE);
  }
  return Object.freeze({ ...rateFactors });
}

function completeLossWeights(
  { name, heads, lossWeights = {}, skipEnsemble = STAGE_DEFAULTS.skipEnsemble }: StageDeclaration,
  known: ReadonlySet<string>,
): Readonly<Record<string, number>> {
  const where = `stage "${name}"`;
  checkOptions(`${where} lossWeights`, lossWeights, [...known, ENSEMBLE]);
  const complete: Record<string, number> = {};
  for (const head of heads) complete[head] = STAGE_DEFAULTS.headLossWeight;
  complete[ENSEMBLE] ??= skipEnsemble ? 0 : STAGE_DEFAULTS.ensembleLossWeight;
  for (const [head, weight] of Object.entries(lossWeights)) {
    checkNumber(where, [`lossWeights.${head}`, weight], NOT_NEGATIVE);
    if (head === ENSEMBLE && skipEnsemble && weight > 0) {
      throw new RangeError(
        `${where}: lossWeights.${ENSEMBLE} is ${weight}, but with skipEnsemble this output is the ` +
          `first active head, whose loss would count twice. Leave one of them out`,
      );
    }
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
