import { resolve } from "node:path";
import { findConfigFile, type JsonObject, readConfigFile } from "./config_file.ts";
import { applySets } from "./config_overrides.ts";
import { CONFIG_DEFAULTS } from "./train_config.ts";

/** Environment variables that a configuration is read from; there are no others. */
export const CONFIG_VARIABLES = { file: "QSIGHT_CONFIG", sets: "QSIGHT_SET" } as const;

/** Where a value comes from; each wins over those before it. */
export type ConfigSource = "default" | "file" | "environment" | "flag";

/** A configuration before its layers are laid over each other. */
export interface ConfigLayers {
  /** Absolute path, or undefined where there is none. */
  readonly file: string | undefined;
  /** Who named the file; `"default"` when it was found by its name. */
  readonly namedBy: ConfigSource;
  /** What the file says. */
  readonly config: JsonObject;
  /** Changes, `key=value` each, in the order in which they are applied. */
  readonly sets: {
    readonly environment: readonly string[];
    readonly flag: readonly string[];
  };
}

/** What is given from outside. */
export interface ReadLayersOptions {
  /** Where the user stands. */
  readonly cwd: string;
  /** `--config`. */
  readonly file?: string;
  /** `--set`, each. @default {[]} */
  readonly sets?: readonly string[];
  /** Environment variables. @default {{}} */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * Reads all layers of a configuration. The file is the one of `--config`, else of `QSIGHT_CONFIG`,
 * else the nearest `qsight.jsonc` or `qsight.json` in the folder and those above it.
 *
 * @throws {ConfigFileError} for a file that cannot be used
 */
export async function readConfigLayers(
  { cwd, file, sets = [], env = {} }: ReadLayersOptions,
): Promise<ConfigLayers> {
  const named = file ?? (env[CONFIG_VARIABLES.file] || undefined);
  const path = named === undefined ? findConfigFile(cwd) : resolve(cwd, named);
  return {
    file: path,
    namedBy: file !== undefined ? "flag" : named !== undefined ? "environment" : "default",
    config: path === undefined ? {} : await readConfigFile(path),
    sets: { environment: splitSets(env[CONFIG_VARIABLES.sets]), flag: sets },
  };
}

/** `fit.batchSize=8; stages.0.epochs=2`: what `--set` takes, separated by semicolons. */
function splitSets(text = ""): string[] {
  return text.split(";").map((set) => set.trim()).filter((set) => set !== "");
}

/**
 * The layers laid over each other: a flag wins over the environment, that over the file, and that
 * over the defaults.
 *
 * @throws {TypeError} for a change that leads nowhere
 */
export function mergeConfig(layers: ConfigLayers): JsonObject {
  return applySets(ofFile(layers), [...layers.sets.environment, ...layers.sets.flag]);
}

function ofFile({ config }: ConfigLayers): JsonObject {
  return { ...CONFIG_DEFAULTS, ...config };
}

/** A value that is in force, and where it comes from. */
export interface EffectiveValue {
  /** Such as `fit.batchSize`. */
  readonly key: string;
  readonly value: unknown;
  readonly source: ConfigSource;
  /** What it replaces, from the nearest layer below that says anything. */
  readonly overrides?: { readonly source: ConfigSource; readonly value: unknown };
}

/**
 * What is in force, value by value, with its source. Stages are one value: their names and epochs.
 *
 * @throws {TypeError} for a change that leads nowhere
 */
export function effectiveValues(layers: ConfigLayers): EffectiveValue[] {
  const steps: readonly [ConfigSource, JsonObject][] = [
    ["default", { ...CONFIG_DEFAULTS }],
    ["file", ofFile(layers)],
    ["environment", applySets(ofFile(layers), layers.sets.environment)],
    ["flag", mergeConfig(layers)],
  ];
  const leaves = steps.map(([, config]) => leavesOf(config));
  const stated = leavesOf(layers.config);
  return [...leaves[3]].map(([key, text]) => {
    // The first layer from which on nothing changed it; a file that repeats a default says it too.
    let at = 3;
    while (at > (stated.has(key) ? 1 : 0) && leaves[at - 1].get(key) === text) at--;
    const before = leaves[at - 1]?.get(key);
    const below = steps.findIndex((_, i) => i < at && leaves[i].get(key) === before);
    const overrides = before === undefined
      ? {}
      : { overrides: { source: steps[below][0], value: JSON.parse(before) } };
    return { key, value: JSON.parse(text), source: steps[at][0], ...overrides };
  });
}

/** Values as JSON by their key; an array is one value. */
function leavesOf(config: JsonObject): Map<string, string> {
  const leaves = new Map<string, string>();
  for (const [section, value] of Object.entries(config)) {
    if (section === "stages" || value === null || typeof value !== "object") {
      leaves.set(section, JSON.stringify(value));
      continue;
    }
    for (const [key, inner] of Object.entries(value)) {
      leaves.set(`${section}.${key}`, JSON.stringify(inner));
    }
  }
  return leaves;
}
