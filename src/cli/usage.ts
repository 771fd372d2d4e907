import { parseArgs, type ParseArgsConfig } from "node:util";
import { unknownName } from "../_internal/check_options.ts";

/** Arguments that a command cannot use; shown with the usage, exit code 4. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** One subcommand: its module, its export, and the lines of the overview. */
export interface CommandEntry {
  /** File beside this one and name of the function that it exports. */
  readonly file: string;
  readonly entry: string;
  readonly usage: string;
  readonly summary: string;
}

/** All subcommands. Each is imported only when it is called. */
export const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  demo: {
    file: "./demo.ts",
    entry: "demoCommand",
    usage: "qsight demo [--data SPEC] [--out DIR] [--seed N] [--epochs N] [--quick]",
    summary:
      "train, plot and explain a hybrid classifier; SPEC is synthetic, a .npz file or a folder",
  },
  run: {
    file: "./run.ts",
    entry: "runNotebookCommand",
    usage: "qsight run NB [-o OUT] [-p NAME VALUE]… [--kernel NAME] [--timeout S] [--allow-errors]",
    summary: "execute one notebook and show its outputs as they come",
  },
  test: {
    file: "./test.ts",
    entry: "testCommand",
    usage: "qsight test GLOB… [--kernel NAME] [--timeout S] [--notebook-timeout S] " +
      "[--output DIR] [--junit F] [--json F] [--fail-fast]",
    summary: "execute notebooks as tests",
  },
};

/** The overview of all commands. */
export function overview(): string {
  const width = Math.max(...Object.keys(COMMANDS).map((name) => name.length));
  const lines = Object.entries(COMMANDS).map(([name, { usage, summary }]) =>
    `  ${name.padEnd(width)}  ${summary}\n  ${" ".repeat(width)}    ${usage}`
  );
  return ["Usage: qsight COMMAND [OPTIONS]", "", ...lines, ""].join("\n");
}

/** The usage of one command. */
export function commandUsage(name: string): string {
  return `Usage: ${COMMANDS[name].usage}\n`;
}

type OptionTypes = NonNullable<ParseArgsConfig["options"]>;

/** Parsed arguments of a command. */
export interface ParsedCommand {
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
  readonly positionals: readonly string[];
}

/**
 * Parses the arguments of a command.
 *
 * @throws {UsageError} for an unknown option, with the nearest known one, or a missing value
 */
export function parseCommand(
  args: readonly string[],
  { command, options }: { readonly command: string; readonly options: OptionTypes },
): ParsedCommand {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    return { values: values as ParsedCommand["values"], positionals };
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    const found = /'(-[^' ]*)/.exec(message)?.[1];
    if (code !== "ERR_PARSE_ARGS_UNKNOWN_OPTION" || found === undefined) {
      throw new UsageError(`qsight ${command}: ${message}`);
    }
    const known = Object.keys(options).map((name) => `--${name}`);
    throw new UsageError(unknownName(`qsight ${command}`, "option", found, known));
  }
}

/** A number of seconds as milliseconds, or undefined where the option is absent. */
export function secondsOption(
  { values }: ParsedCommand,
  name: string,
): number | undefined {
  const value = values[name];
  if (value === undefined) return undefined;
  const seconds = Number(value);
  if (!(seconds > 0)) {
    throw new UsageError(`--${name} ${value}: wanted a positive number of seconds`);
  }
  return seconds * 1000;
}

/** A text option, or undefined where it is absent. */
export function textOption({ values }: ParsedCommand, name: string): string | undefined {
  const value = values[name];
  return typeof value === "string" ? value : undefined;
}
