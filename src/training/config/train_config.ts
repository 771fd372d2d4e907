import { checkOptions } from "../../_internal/check_options.ts";
import type { LoadDataOptions } from "../../data/load_data.ts";
import { LOAD_DATA_OPTIONS } from "../../data/load_data_names.ts";
import { HEADS, HYBRID_OPTIONS } from "../../model/hybrid_names.ts";
import type { HybridModelOptions } from "../../model/hybrid_options.ts";
import { checkPolicy, type RetentionPolicy } from "../../runs/retention/policy.ts";
import { parseStages, type StagePlan } from "../../stages/parse_stages.ts";
import type { Stage } from "../../stages/stage.ts";
import type { FitOptions } from "../fit_options.ts";
import { FIT_OPTIONS } from "../fit_settings.ts";
import type { JsonObject } from "./config_file.ts";

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
export const CONFIG_DEFAULTS: Readonly<JsonObject> = {
  data: {},
  model: {},
  stages: { plan: "default", learningRateScale: 50 },
  fit: {},
  retention: {},
};

/** What the command gives itself, or JSON cannot say. */
const OWN = {
  data: ["seed"],
  model: ["classes", "simulator", "seed"],
  fit: [
    ...["stages", "seed", "run", "lock", "callbacks", "progress", "signal", "stopFile"],
    ...["stopOnInterrupt", "onExisting", "allowOtherBackend", "now"],
  ],
};

/** What may stand in each section that is no plan. */
const CONFIG_KEYS: Readonly<Record<"data" | "model" | "fit", readonly string[]>> = {
  data: LOAD_DATA_OPTIONS.filter((name) => !OWN.data.includes(name)),
  model: HYBRID_OPTIONS.filter((name) => !OWN.model.includes(name)),
  fit: FIT_OPTIONS.filter((name) => !OWN.fit.includes(name)),
};

/**
 * Checks a configuration and completes it. Loads no package.
 *
 * @throws {TypeError} for unknown keys and names, with the nearest one, and unusable stages
 * @throws {RangeError} for values of stages out of range
 */
export function completeConfig(config: JsonObject): TrainConfig {
  const whole = { ...CONFIG_DEFAULTS, ...config };
  checkOptions("configuration", whole, Object.keys(CONFIG_DEFAULTS));
  for (const [section, known] of Object.entries(CONFIG_KEYS)) {
    checkOptions(`configuration: ${section}`, whole[section] as object, known);
  }
  const { stages, ...others } = whole;
  checkPolicy("configuration: retention", whole.retention as RetentionPolicy);
  const plan = typeof stages === "string" ? { plan: stages } : stages;
  const checked = parseStages(plan as StagePlan);
  // Again with all heads of the model, so that a misspelt one has a nearest name.
  const all = parseStages(checked, { heads: HEADS });
  return { ...others as Omit<TrainConfig, "stages">, stages: all };
}
