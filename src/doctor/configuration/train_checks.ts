import { unknownName } from "../../_internal/check_options.ts";
import { messageOf } from "../../_internal/message_of.ts";
import { REMOTE_VARIABLES } from "../../quantum/remote_variables.ts";
import { findConflicts } from "../../training/config/config_conflicts.ts";
import {
  CONFIG_VARIABLES,
  type ConfigLayers,
  type EffectiveValue,
  effectiveValues,
  mergeConfig,
  readConfigLayers,
} from "../../training/config/config_layers.ts";
import { completeConfig } from "../../training/config/train_config.ts";
import type { Check } from "../check.ts";
import { ok, type Outcome, skipped } from "../finding.ts";
import type { Scene } from "../scene.ts";

/** Variables of this project; any other that begins with QSIGHT_ does nothing. */
export const QSIGHT_VARIABLES: readonly string[] = [
  CONFIG_VARIABLES.file,
  CONFIG_VARIABLES.sets,
  "QSIGHT_DATA",
  "QSIGHT_ONEDNN",
  ...Object.values(REMOTE_VARIABLES),
];

const COMMON = {
  point: "configuration",
  needs: ["read"],
  builds: false,
  deadline: 5000,
  remedyWhenLate: "Look whether the disk answers",
} as const;

/** What `qsight train` would be configured with. */
export const TRAIN_CHECKS: readonly Check[] = [
  {
    ...COMMON,
    code: "QD205",
    title: "configuration of trainings can be read",
    wanted: "JSON with data, model, stages and fit, or no file at all",
    run: async (scene) => {
      const { layers, fault } = await layersOf(scene);
      if (layers === undefined) {
        return [{
          status: "failure",
          found: fault,
          remedy: "Correct the path or the syntax; qsight init writes a file to begin with",
        }];
      }
      const named = {
        default: "found by its name",
        file: "",
        environment: `named by ${CONFIG_VARIABLES.file}`,
        flag: "named by --config",
      };
      return [
        layers.file === undefined
          ? ok("no qsight.jsonc here or above; defaults are in force")
          : ok(`${layers.file}, ${named[layers.namedBy]}`, layers.file),
      ];
    },
  },
  {
    ...COMMON,
    code: "QD206",
    title: "keys and values of the configuration are known",
    wanted: "options of loadData(), hybridModel(), fit() and stages",
    run: (scene) =>
      withLayers(scene, (layers) => {
        try {
          completeConfig(mergeConfig(layers));
          return [ok("all are", layers.file ?? null)];
        } catch (error) {
          const message = messageOf(error);
          const near = /Did you mean "([^"]+)"/.exec(message)?.[1];
          return [{
            status: "failure",
            found: message.split(" Known: ")[0],
            remedy: near === undefined ? "Correct or remove it" : `Write "${near}", or remove it`,
            source: layers.file ?? null,
          }];
        }
      }),
  },
  {
    ...COMMON,
    code: "QD207",
    title: "the configuration does not contradict itself",
    wanted: "no two keys of which one undoes the other",
    run: (scene) =>
      withLayers(scene, (layers) => {
        const config = usable(layers);
        if (config === undefined) return [skipped("the configuration cannot be used, see QD206")];
        const conflicts = findConflicts(config);
        if (conflicts.length === 0) return [ok("nothing does", layers.file ?? null)];
        return conflicts.map(({ keys, message, remedy }) => ({
          status: "failure",
          found: `${keys.join(" and ")}: ${message}`,
          remedy,
          source: layers.file ?? null,
        }));
      }),
  },
  {
    ...COMMON,
    code: "QD208",
    title: "values in force, and where they come from",
    wanted: "no variable that quietly replaces what the file says",
    needs: ["read", "env"],
    run: (scene) =>
      withLayers(scene, (layers) => {
        if (usable(layers) === undefined) {
          return [skipped("the configuration cannot be used, see QD206")];
        }
        const values = effectiveValues(layers);
        const hidden = values.filter(({ source, overrides }) =>
          source === "environment" && overrides?.source === "file"
        );
        const listed = values.map(valueText).join(", ");
        if (hidden.length === 0) return [ok(listed, layers.file ?? null)];
        return hidden.map((value) => ({
          status: "warning",
          found: `${valueText(value)} instead of ${shortJson(value.overrides?.value)} in the file`,
          remedy: `Unset ${CONFIG_VARIABLES.sets}, or change the file`,
          source: CONFIG_VARIABLES.sets,
        }));
      }),
  },
  {
    ...COMMON,
    code: "QD209",
    title: "variables of this project are known",
    wanted: QSIGHT_VARIABLES.join(", "),
    needs: ["env"],
    run: ({ env }) => {
      const own = Object.keys(env).filter((name) => /^QSIGHT_/i.test(name) && env[name] !== "");
      const unknown = own.filter((name) => !QSIGHT_VARIABLES.includes(name));
      if (unknown.length === 0) return [ok(own.join(", ") || "none is set")];
      return unknown.map((name) => ({
        status: "warning",
        found: unknownName("environment", "variable", name, QSIGHT_VARIABLES).split(" Known: ")[0],
        remedy: `Unset ${name}: nothing reads it`,
        source: name,
      }));
    },
  },
];

async function layersOf(
  { cwd, config, env }: Scene,
): Promise<{ layers: ConfigLayers; fault?: undefined } | { layers?: undefined; fault: string }> {
  try {
    return { layers: await readConfigLayers({ cwd, ...config, env }) };
  } catch (error) {
    return { fault: messageOf(error) };
  }
}

async function withLayers(
  scene: Scene,
  judge: (layers: ConfigLayers) => Outcome[],
): Promise<Outcome[]> {
  const { layers } = await layersOf(scene);
  return layers === undefined ? [skipped("it cannot be read, see QD205")] : judge(layers);
}

function usable(layers: ConfigLayers): ReturnType<typeof completeConfig> | undefined {
  try {
    return completeConfig(mergeConfig(layers));
  } catch {
    return undefined;
  }
}

function valueText({ key, value, source }: EffectiveValue): string {
  return `${key} = ${key === "stages" ? stageText(value) : shortJson(value)} (${source})`;
}

/** Stages by name and epochs: whole they would fill the screen. */
function stageText(value: unknown): string {
  if (!Array.isArray(value)) return shortJson(value);
  return value.map((stage) => `${stage?.name} ${stage?.epochs}`).join(" + ");
}

function shortJson(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
