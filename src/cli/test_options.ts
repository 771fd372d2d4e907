import { resolve } from "node:path";
import type { SuiteOptions } from "../runner/suite/suite_options.ts";
import { checkWritable } from "./check_writable.ts";
import type { CommandContext } from "./command.ts";
import { readParameters, takeParameters } from "./parameter_options.ts";
import { readAnswers } from "./stdin_option.ts";
import {
  numberOption,
  parseCommand,
  type ParsedCommand,
  secondsOption,
  textOption,
  UsageError,
} from "./usage.ts";

/** What `qsight test` was asked for. */
export interface TestRequest {
  readonly patterns: readonly string[];
  readonly options: SuiteOptions;
  readonly watch: boolean;
  /** Annotations for GitHub; undefined where nobody said. */
  readonly github: boolean | undefined;
  /** Absolute paths of reports, or `"-"`. */
  readonly reports: Readonly<Partial<Record<ReportName, string>>>;
}

/** The reports that can be written. */
export type ReportName = "junit" | "json" | "html";

const CACHE = ".qsight/test-cache.json";
const text = { type: "string" } as const, flag = { type: "boolean" } as const;

/** The options of `qsight test`, as parseArgs knows them. */
export const TEST_COMMAND_OPTIONS = {
  ...{ kernel: text, server: text, jobs: text, shard: text, filter: text, "fail-fast": flag },
  ...{ timeout: text, "notebook-timeout": text, "startup-timeout": text },
  ...{ "quiet-timeout": text, "max-memory": text, "max-output": text },
  ...{ "allow-errors": flag, "allow-error-names": text, cache: flag, watch: flag, update: flag },
  ...{ compare: text, "sanitize-with": text, tolerance: text, "image-tolerance": text },
  ...{ "check-types": flag, "no-check-types": flag, github: flag, stdin: text },
  ...{ output: text, junit: text, json: text, html: text },
};

/**
 * Reads the arguments of `qsight test` and refuses what could not be done, before anything runs.
 *
 * @throws {UsageError} saying what was found and wanted
 */
export async function readTestRequest(
  args: readonly string[],
  context: CommandContext,
): Promise<TestRequest> {
  const { sources, rest } = takeParameters(args);
  const parsed = parseCommand(rest, { command: "test", options: TEST_COMMAND_OPTIONS });
  if (parsed.positionals.length === 0) throw new UsageError("qsight test: name some notebooks");
  const { cwd } = context;
  const parameters = await readParameters(sources, cwd);
  const watch = parsed.values.watch === true;
  return {
    patterns: parsed.positionals,
    options: withoutUndefined({
      ...{ cwd, parameters, signal: context.signal },
      ...flags(parsed),
      ...limits(parsed),
      ...comparison(parsed),
      sanitize: await sanitizeRules(parsed, cwd),
      stdin: await readAnswers(textOption(parsed, "stdin"), cwd),
      kernel: textOption(parsed, "kernel"),
      server: server(parsed),
      shard: shard(parsed),
      filter: textOption(parsed, "filter"),
      output: await target(parsed, "output", cwd),
      allowErrorNames: textOption(parsed, "allow-error-names")?.split(",").map((n) => n.trim()),
      cache: await cacheFile(parsed, cwd),
    }) as SuiteOptions,
    watch,
    github: parsed.values.github === true ? true : undefined,
    reports: await reports(parsed, { cwd, watch }),
  };
}

function flags({ values }: ParsedCommand) {
  if (values["check-types"] === true && values["no-check-types"] === true) {
    throw new UsageError("qsight test: found both --check-types and --no-check-types, wanted one");
  }
  return {
    failFast: values["fail-fast"] === true,
    update: values.update === true,
    allowErrors: values["allow-errors"] === true,
    checkTypes: values["no-check-types"] !== true,
  };
}

function limits(parsed: ParsedCommand) {
  return {
    timeout: secondsOption(parsed, "timeout"),
    notebookTimeout: secondsOption(parsed, "notebook-timeout"),
    startupTimeout: secondsOption(parsed, "startup-timeout"),
    quietTimeout: secondsOption(parsed, "quiet-timeout"),
    jobs: numberOption(parsed, "jobs", { least: 1, whole: true }),
    maxMemoryBytes: megabytesOption(parsed, "max-memory"),
    maxOutputBytes: megabytesOption(parsed, "max-output"),
  };
}

function megabytesOption(parsed: ParsedCommand, name: string): number | undefined {
  const megabytes = numberOption(parsed, name, { least: 1 });
  return megabytes === undefined ? undefined : megabytes * 2 ** 20;
}

function comparison(parsed: ParsedCommand) {
  const compare = textOption(parsed, "compare");
  if (compare !== undefined && !["off", "tagged", "all"].includes(compare)) {
    throw new UsageError(`--compare ${compare}: wanted off, tagged or all`);
  }
  if (compare === "off" && parsed.values.update === true) {
    throw new UsageError("--update with --compare off would store nothing; use tagged or all");
  }
  const tolerance = numberOption(parsed, "tolerance", { least: 0 });
  return {
    compare,
    imageTolerance: numberOption(parsed, "image-tolerance", { least: 0, most: 1 }),
    tolerance: tolerance === undefined ? undefined : { relative: tolerance, absolute: tolerance },
  };
}

async function sanitizeRules(parsed: ParsedCommand, cwd: string) {
  const file = textOption(parsed, "sanitize-with");
  if (file === undefined) return undefined;
  const { loadSanitizeRules } = await import("../runner/compare/sanitize_rules.ts");
  try {
    return await loadSanitizeRules(resolve(cwd, file));
  } catch (error) {
    throw new UsageError(`--sanitize-with: ${(error as Error).message}`);
  }
}

function server(parsed: ParsedCommand) {
  const url = textOption(parsed, "server");
  return url === undefined ? undefined : { url };
}

function shard(parsed: ParsedCommand) {
  const text = textOption(parsed, "shard");
  if (text === undefined) return undefined;
  const [index, count] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).slice(1).map(Number);
  if (index >= 1 && index <= count) return { index, count };
  throw new UsageError(`--shard ${text}: wanted I/N with I from 1 to N, as in 2/5`);
}

async function cacheFile({ values }: ParsedCommand, cwd: string): Promise<string | undefined> {
  if (values.cache !== true) return undefined;
  await checkWritable({ option: "qsight test: --cache", path: resolve(cwd, CACHE) });
  return CACHE;
}

async function reports(
  parsed: ParsedCommand,
  { cwd, watch }: { readonly cwd: string; readonly watch: boolean },
) {
  const { json, junit } = parsed.values;
  if (json === "-" && junit === "-") {
    throw new UsageError(
      "qsight test: --json - and --junit - both want stdout; give one of them a file",
    );
  }
  if (watch && (json === "-" || junit === "-")) {
    throw new UsageError("qsight test: a watch writes a report each round; give it a file, not -");
  }
  return withoutUndefined({
    json: await target(parsed, "json", cwd),
    junit: await target(parsed, "junit", cwd),
    html: await target(parsed, "html", cwd),
  });
}

/** Where an option writes to; a dash is stdout where a report can go there. */
async function target(
  parsed: ParsedCommand,
  name: ReportName | "output",
  cwd: string,
): Promise<string | undefined> {
  const value = textOption(parsed, name);
  if (value === undefined) return undefined;
  if (value === "-" && (name === "json" || name === "junit")) return value;
  if (value === "") throw new UsageError(`qsight test: --${name} "": wanted a name`);
  const kind = name === "output" ? "folder" : "file";
  const path = resolve(cwd, value);
  await checkWritable({ option: `qsight test: --${name}`, path, kind });
  return path;
}

/** Without the fields that nobody asked for, so that defaults stand in one place. */
function withoutUndefined<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as { [K in keyof T]?: NonNullable<T[K]> };
}
