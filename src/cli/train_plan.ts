import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import process from "node:process";
import type { Remote } from "../runs/export/remote.ts";
import type { JsonObject } from "../training/config/config_file.ts";
import { mergeConfig, readConfigLayers } from "../training/config/config_layers.ts";
import { completeConfig, type TrainConfig } from "../training/config/train_config.ts";
import { asUsage } from "./as_usage.ts";
import { type Asker, dataSpec, noPositionals, outFolder } from "./train_arguments.ts";
import { FOLLOW_OPTIONS, followedRemote } from "./train_follow.ts";
import {
  listOption,
  numberOption,
  parseCommand,
  type ParsedCommand,
  textOption,
  UsageError,
} from "./usage.ts";

/** What a training is about and where it goes. */
export interface TrainPlan {
  readonly config: TrainConfig;
  /** The file that the configuration was read from; undefined for none, and for a resumed run. */
  readonly file: string | undefined;
  /** `"synthetic"` or an absolute path. */
  readonly spec: string;
  readonly seed: number;
  /** Folder below which runs are. */
  readonly root: string;
  /** The run to go on with: its id, and its config.json as it stands. */
  readonly resumed: {
    readonly id: string;
    readonly config: JsonObject;
    readonly allowOtherBackend: boolean;
  } | undefined;
  /** The remote that hears of the run while it goes on; undefined for none. */
  readonly follow: Remote | undefined;
}

/** What resuming takes from the run, so that nobody sets it anew. */
const FROM_RUN = ["config", "seed", "set"] as const;

/**
 * Reads the arguments of `qsight train`.
 *
 * @throws {UsageError} saying what is wrong with them
 */
export async function readTrainPlan(args: readonly string[], cwd: string): Promise<TrainPlan> {
  const parsed = parseCommand(args, {
    command: "train",
    options: {
      data: { type: "string" },
      config: { type: "string" },
      out: { type: "string" },
      seed: { type: "string" },
      resume: { type: "string" },
      "allow-other-backend": { type: "boolean" },
      set: { type: "string", multiple: true },
      ...FOLLOW_OPTIONS,
    },
  });
  noPositionals(parsed, "train");
  const asker = { command: "train", cwd };
  const follow = followedRemote(parsed);
  const run = textOption(parsed, "resume");
  if (run !== undefined) return { ...await resumedPlan(parsed, run, asker), follow };
  if (parsed.values["allow-other-backend"] === true) {
    throw new UsageError(
      "qsight train: --allow-other-backend is for a run that goes on: pass --resume RUN, or leave it out",
    );
  }
  const data = textOption(parsed, "data");
  if (data === undefined) {
    throw new UsageError(
      `qsight train: --data is missing; wanted synthetic, a .npz file or a folder of images`,
    );
  }
  const spec = dataSpec(data, asker);
  const root = outFolder(parsed, asker);
  const seed = numberOption(parsed, "seed", { least: 0, whole: true }) ?? 0;
  const given = { cwd, file: textOption(parsed, "config"), sets: listOption(parsed, "set") };
  const { config, file } = await asUsage("the configuration", async () => {
    const layers = await readConfigLayers({ ...given, env: process.env });
    return await asUsage(layers.file ?? "the configuration", () => ({
      config: completeConfig(mergeConfig(layers)),
      file: layers.file,
    }));
  });
  return {
    config: withAbsolutePaths(config, cwd),
    file,
    spec,
    seed,
    root,
    resumed: undefined,
    follow,
  };
}

async function resumedPlan(
  parsed: ParsedCommand,
  asked: string,
  asker: Asker,
): Promise<Omit<TrainPlan, "follow">> {
  const given = FROM_RUN.find((name) => parsed.values[name] !== undefined);
  if (given !== undefined) {
    throw new UsageError(
      `qsight train: --${given} beside --resume: a run goes on with what it began with; leave ` +
        `--${given} out, or begin a new run without --resume`,
    );
  }
  const near = resolve(asker.cwd, asked);
  const folder = existsSync(join(near, "config.json"))
    ? near
    : join(outFolder(parsed, asker), asked);
  const where = `qsight train: --resume ${asked}`;
  if (existsSync(join(folder, "manifest.json"))) {
    throw new UsageError(`${where}: this run has ended; begin a new one without --resume`);
  }
  const text = await readFile(join(folder, "config.json"), "utf8").catch(() => {
    throw new UsageError(
      `${where}: found no run there; pass a folder such as trained_model/<run-id>, or the id of a ` +
        `run below --out`,
    );
  });
  const config = JSON.parse(text) as JsonObject;
  if (config.command !== "train") {
    throw new UsageError(
      `${where}: this run was not begun by qsight train; go on with it where it was begun`,
    );
  }
  const { spec, ...data } = config.data as JsonObject;
  const { model, stages, fit, retention = {} } = config;
  return {
    config: completeConfig({ data, model, stages, fit, retention }),
    file: undefined,
    // The data may have moved; a fingerprint tells whether they are the same.
    spec: dataSpec(textOption(parsed, "data") ?? String(spec), asker),
    seed: config.seed as number,
    root: dirname(folder),
    resumed: {
      id: basename(folder),
      config,
      allowOtherBackend: parsed.values["allow-other-backend"] === true,
    },
  };
}

/** Paths in a configuration are taken from where the user stands, also when a run is resumed. */
function withAbsolutePaths(config: TrainConfig, cwd: string): TrainConfig {
  const { initFrom } = config.fit, { split } = config.data;
  return {
    ...config,
    data: typeof split === "string" ? { ...config.data, split: resolve(cwd, split) } : config.data,
    fit: typeof initFrom?.path === "string"
      ? { ...config.fit, initFrom: { ...initFrom, path: resolve(cwd, initFrom.path) } }
      : config.fit,
  };
}
