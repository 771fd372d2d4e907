// The qsight command. Only node: and relative imports here, and subcommands are imported late, so
// that an answer comes even where node_modules or deno.json is broken.
import process from "node:process";
import { unknownName } from "../_internal/check_options.ts";
import { ownModule } from "../_internal/own_module.ts";
import { permissionState } from "../hardware/deno_permission.ts";
import { type Command, type CommandContext, EXIT } from "./command.ts";
import { explainsItself } from "./own_error.ts";
import { commandHelp, COMMANDS, commandUsage, overview, UsageError } from "./usage.ts";

/**
 * Imports by a literal name, which Deno reads without permission, for commands that must answer in
 * every case. Deno looks at all that they import before anything runs, so that must be node: and
 * relative imports only.
 */
const LITERAL: Readonly<Record<string, () => Promise<Readonly<Record<string, Command>>>>> = {
  doctor: async () => ({ doctorCommand: (await import("./doctor.ts")).doctorCommand }),
  init: async () => ({ initCommand: (await import("./init.ts")).initCommand }),
};

/** Runs a subcommand and returns the exit code; never throws. */
export async function main(args: readonly string[], context: CommandContext): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    context.stdout.write(overview());
    return name === undefined ? EXIT.usage : EXIT.ok;
  }
  if (!Object.hasOwn(COMMANDS, name)) {
    context.stderr.write(`${unknownName("qsight", "command", name, Object.keys(COMMANDS))}\n\n`);
    context.stderr.write(overview());
    return EXIT.usage;
  }
  if (rest.includes("--help") || rest.includes("-h")) {
    context.stdout.write(commandHelp(name));
    return EXIT.ok;
  }
  try {
    const { file, entry } = COMMANDS[name];
    const module: Readonly<Record<string, Command>> = await (LITERAL[name]?.() ??
      import(ownModule(file, import.meta.url)));
    return await module[entry](rest, context);
  } catch (error) {
    if (error instanceof UsageError) {
      context.stderr.write(`${error.message}\n${commandUsage(name)}`);
      return EXIT.usage;
    }
    context.stderr.write(`${faultText(error)}\n`);
    return EXIT.fault;
  }
}

/** Our own errors explain themselves; of others the stack is needed. */
function faultText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return explainsItself(error.name) ? error.message : error.stack ?? error.message;
}

/** One Ctrl-C arrives twice: from the terminal, and again from the task runner that started us. */
const SAME_KEYSTROKE = 1000;

/** The context of this process; SIGINT and SIGTERM abort its signal, a second press ends at once. */
function processContext(): CommandContext {
  const controller = new AbortController();
  let since = 0;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (!controller.signal.aborted) {
        since = performance.now();
        controller.abort(new Error(`Interrupted by ${signal}`));
      } else if (performance.now() - since > SAME_KEYSTROKE) {
        process.exit(EXIT.interrupted);
      }
    });
  }
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: Error & { code?: string }) => {
      // The reader went away, as `head` does: nobody is left to tell. Kernels end with this process.
      if (error.code === "EPIPE") process.exit(EXIT.interrupted);
      throw error;
    });
  }
  return {
    cwd: initialFolder() ?? process.cwd(),
    stdout: process.stdout,
    stderr: process.stderr,
    isTerminal: process.stderr.isTTY === true,
    signal: controller.signal,
  };
}

/** Where the user stood when a task runner started this; without permission to look, not known. */
function initialFolder(): string | undefined {
  const variable = "INIT_CWD";
  const state = permissionState({ name: "env", variable });
  return state === undefined || state === "granted" ? process.env[variable] : undefined;
}

/** Runs what the arguments of this process say, and ends it. */
export async function runProcess(): Promise<never> {
  const code = await main(process.argv.slice(2), processContext());
  // What was written must have left before the process does.
  await new Promise<void>((resolve) => process.stdout.write("", () => resolve()));
  process.exit(code);
}

if (import.meta.main) await runProcess();
