import { readFile } from "node:fs/promises";
import { checkOptions } from "../_internal/check_options.ts";
import type { LoadDataOptions } from "../data/load_data.ts";
import { HEADS } from "../model/hybrid_model.ts";
import { HYBRID_OPTIONS, type HybridModelOptions } from "../model/hybrid_options.ts";
import { checkPolicy, type RetentionPolicy } from "../runs/retention/policy.ts";
import { parseStages, type StagePlan } from "../stages/parse_stages.ts";
import type { Stage } from "../stages/stage.ts";
import { FIT_OPTIONS, type FitOptions } from "../training/fit_options.ts";
import { applySets } from "./train_overrides.ts";
import { UsageError } from "./usage.ts";

/** A JSON object. */
export type JsonObject = Record<string, unknown>;

/** The configuration of a training: what a file says, with the changes of `--set`. */
export interface TrainConfig {
  /** Of `loadData()`, besides the seed. */
  readonly data: Omit<LoadDataOptions, "seed">;
  /** Of `hybridModel()`, as far as JSON can say it. */
  readonly model: Partial<HybridModelOptions>;
  /** Completed. */
  readonly stages: readonly Stage[];
  /** Of `fit()`, as far as JSON can say it. */
  readonly fit: Omit<FitOptions, "stages">;
  /** What becomes of older runs when this one has ended; nothing when it is empty. */
  readonly retention: RetentionPolicy;
}

/**
 * What a configuration leaves out. The encoder is not a pretrained one unless the file says so, and
 * the rates of the built-in plans suit pretrained ones: a fresh one learns next to nothing at them.
 */
const DEFAULTS = {
  data: {},
  model: {},
  stages: { plan: "default", learningRateScale: 50 },
  fit: {},
  retention: {},
};

/** What the command gives itself, or JSON cannot say. */
const OWN = {
  model: ["classes", "simulator", "seed"],
  fit: [
    ...["stages", "seed", "run", "lock", "callbacks", "progress", "signal", "stopFile"],
    ...["stopOnInterrupt", "onExisting", "now"],
  ],
};

const KNOWN: Readonly<Record<"data" | "model" | "fit", readonly string[]>> = {
  data: ["imageSize", "valFraction", "count"],
  model: HYBRID_OPTIONS.filter((name) => !OWN.model.includes(name)),
  fit: FIT_OPTIONS.filter((name) => !OWN.fit.includes(name)),
};

/**
 * Reads a configuration and completes it.
 *
 * @param file absolute path; undefined for the defaults
 * @param sets changes, `key=value` each
 * @throws {UsageError} for a file that is not readable or no JSON, unknown keys and unusable stages
 */
export async function readTrainConfig(
  file: string | undefined,
  sets: readonly string[],
): Promise<TrainConfig> {
  const read = file === undefined ? {} : await readJson(file);
  return await asUsage(
    file ?? "the configuration",
    () => complete(applySets({ ...DEFAULTS, ...read }, sets)),
  );
}

/** What was read from a run goes through the same checks. */
export function completeConfig(config: JsonObject): TrainConfig {
  return complete({ ...DEFAULTS, ...config });
}

function complete(config: JsonObject): TrainConfig {
  checkOptions("configuration", config, Object.keys(DEFAULTS));
  for (const [section, known] of Object.entries(KNOWN)) {
    checkOptions(`configuration: ${section}`, config[section] as object, known);
  }
  const { stages, ...others } = config;
  checkPolicy("configuration: retention", config.retention as RetentionPolicy);
  const plan = typeof stages === "string" ? { plan: stages } : stages;
  const checked = parseStages(plan as StagePlan);
  // Again with all heads of the model, so that a misspelt one has a nearest name.
  const all = parseStages(checked, { heads: HEADS });
  return { ...others as Omit<TrainConfig, "stages">, stages: all };
}

async function readJson(file: string): Promise<JsonObject> {
  const text = await readFile(file, "utf8").catch((cause) => {
    throw new UsageError(
      `qsight train: --config ${file}: ${
        cause.code === "EISDIR" ? "is a folder" : "found no such file"
      }; wanted a JSON file with data, model, stages, fit and retention`,
    );
  });
  return await asUsage(file, () => {
    const value: unknown = JSON.parse(text);
    if (value !== null && typeof value === "object" && !Array.isArray(value)) {
      return value as JsonObject;
    }
    throw new TypeError(`found ${text.trim().slice(0, 40)}, wanted an object: {"stages": "full"}`);
  });
}

/** What a person wrote wrongly is no fault of the program: it is said without a stack. */
export async function asUsage<T>(what: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isArgument = error instanceof TypeError || error instanceof RangeError ||
      error instanceof SyntaxError;
    if (!isArgument) throw error;
    throw new UsageError(`qsight train: ${what}: ${error.message}`);
  }
}
