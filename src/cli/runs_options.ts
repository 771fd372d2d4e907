import { resolve } from "node:path";
import { findRun, RunNotFoundError } from "../runs/find_run.ts";
import { type CompleteMetric, completeMetric } from "../runs/run_figures.ts";
import type { CommandContext } from "./command.ts";
import { type ParsedCommand, textOption, UsageError } from "./usage.ts";

/** The root of the runs, absolute. */
export function rootOption(parsed: ParsedCommand, { cwd }: CommandContext): string {
  return resolve(cwd, textOption(parsed, "root") ?? "trained_model");
}

/**
 * The folder of a run that was named.
 *
 * @throws {UsageError} when there is none of that name
 */
export async function namedRun(
  name: string,
  { root, cwd }: { readonly root: string; readonly cwd: string },
): Promise<string> {
  try {
    return await findRun(root, name, { from: cwd });
  } catch (error) {
    if (error instanceof RunNotFoundError) throw new UsageError(error.message);
    throw error;
  }
}

/**
 * The one run that a command takes.
 *
 * @throws {UsageError} when none or several were named
 */
export async function onlyRun(
  parsed: ParsedCommand,
  command: string,
  context: CommandContext,
): Promise<string> {
  const { positionals } = parsed;
  if (positionals.length !== 1) {
    throw new UsageError(
      `qsight runs ${command}: wanted one run, found ${positionals.length}; name it by its id, the ` +
        `beginning of that, latest, or a path`,
    );
  }
  return await namedRun(positionals[0], {
    root: rootOption(parsed, context),
    cwd: context.cwd,
  });
}

/** `[[SPLIT.]HEAD.]NAME[:higher|:lower]` as a metric. */
export function metricOption(parsed: ParsedCommand): CompleteMetric {
  const text = textOption(parsed, "metric");
  if (text === undefined) return completeMetric();
  const [, path, better] = /^([^:]+?)(?::(higher|lower))?$/.exec(text) ?? [];
  const [name, head, split, ...rest] = (path ?? "").split(".").reverse();
  if (!name || head === "" || split === "" || rest.length > 0) {
    throw new UsageError(
      `--metric ${text}: wanted NAME, HEAD.NAME or SPLIT.HEAD.NAME, and :higher or :lower behind ` +
        `it, as in ensemble.accuracy or val.quantum.loss:lower`,
    );
  }
  return completeMetric({ name, head, split, better: better as "higher" | "lower" | undefined });
}

const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  ...{ k: 1e3, m: 1e6, g: 1e9, t: 1e12 },
  ...{ ki: 2 ** 10, mi: 2 ** 20, gi: 2 ** 30, ti: 2 ** 40 },
};

/** A size such as `500MB`, `1.5GiB` or a number of bytes. */
export function sizeOption(parsed: ParsedCommand, name: string): number | undefined {
  const text = textOption(parsed, name);
  if (text === undefined) return undefined;
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?)\s*(?:([kmgt]i?)?b?)$/i.exec(text.trim()) ?? [];
  if (number === undefined) {
    throw new UsageError(`--${name} ${text}: wanted a size, as in 500MB, 1.5GiB or 1000000`);
  }
  return Math.floor(Number(number) * UNITS[unit.toLowerCase()]);
}
