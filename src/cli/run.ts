import { resolve } from "node:path";
import { executeNotebook, type NotebookResult } from "../runner/execute/execute_notebook.ts";
import type { ExecuteNotebookOptions } from "../runner/execute/execute_options.ts";
import { isTextNotebook } from "../runner/notebook/nbformat.ts";
import { KernelStartError, NotebookError } from "../runner/runner_errors.ts";
import { checkWritable } from "./check_writable.ts";
import { type CommandContext, EXIT } from "./command.ts";
import { notebookProgress } from "./notebook_progress.ts";
import { readParameters, takeParameters } from "./parameter_options.ts";
import { runGridOf } from "./run_grid.ts";
import { readAnswers } from "./stdin_option.ts";
import {
  listOption,
  numberOption,
  parseCommand,
  type ParsedCommand,
  secondsOption,
  textOption,
  UsageError,
} from "./usage.ts";
import type { RunRequest } from "./run_request.ts";

const text = { type: "string" } as const, flag = { type: "boolean" } as const;

/** The options of `qsight run`, as parseArgs knows them. */
export const RUN_COMMAND_OPTIONS = {
  ...{ kernel: text, server: text, timeout: text, "startup-timeout": text },
  ...{ "allow-errors": flag, jobs: text, stdin: text },
  output: { type: "string", short: "o" },
  grid: { type: "string", multiple: true },
} as const;

/** `qsight run`: executes one notebook, shows its outputs live and writes it where `-o` says. */
export async function runNotebookCommand(args: string[], context: CommandContext): Promise<number> {
  const request = await readRunRequest(args, context);
  const { path, output, grid } = request;
  try {
    if (grid.length > 0) return await runGridOf(request, context);
    const result = await executeNotebook(resolve(context.cwd, path), {
      ...request.options,
      recordTiming: true,
      hooks: notebookProgress(context),
      // What a run that is lost had come to is better than nothing.
      ...(output === undefined ? {} : { autosave: resolve(context.cwd, output) }),
    });
    return report(result, { path, output, context });
  } catch (error) {
    if (!(error instanceof NotebookError || error instanceof KernelStartError)) throw error;
    context.stderr.write(`${error.message}\n`);
    if (error instanceof KernelStartError) return EXIT.fault;
    return error.code === "missing" ? EXIT.usage : EXIT.failures;
  }
}

async function readRunRequest(
  args: readonly string[],
  context: CommandContext,
): Promise<RunRequest> {
  const { sources, rest } = takeParameters(args);
  const parsed = parseCommand(rest, { command: "run", options: RUN_COMMAND_OPTIONS });
  const [path, ...more] = parsed.positionals;
  if (path === undefined || more.length > 0) {
    throw new UsageError(`qsight run: wanted one notebook, found ${parsed.positionals.length}`);
  }
  const grid = listOption(parsed, "grid");
  const jobs = numberOption(parsed, "jobs", { least: 1, whole: true });
  if (jobs !== undefined && grid.length === 0) {
    throw new UsageError("qsight run: --jobs is for the runs of a --grid; leave it out");
  }
  const output = textOption(parsed, "output");
  await checkOutput(output, { cwd: context.cwd, isGrid: grid.length > 0 });
  const parameters = await readParameters(sources, context.cwd);
  return {
    path,
    output,
    grid,
    jobs,
    options: { parameters, ...await runOptions(parsed, context) },
  };
}

async function runOptions(
  parsed: ParsedCommand,
  { cwd, signal }: CommandContext,
): Promise<ExecuteNotebookOptions> {
  const timeout = secondsOption(parsed, "timeout");
  const startupTimeout = secondsOption(parsed, "startup-timeout");
  const [kernel, url] = [textOption(parsed, "kernel"), textOption(parsed, "server")];
  const stdin = await readAnswers(textOption(parsed, "stdin"), cwd);
  return {
    signal,
    allowErrors: parsed.values["allow-errors"] === true,
    ...(timeout === undefined ? {} : { timeout }),
    ...(startupTimeout === undefined ? {} : { startupTimeout }),
    ...(kernel === undefined ? {} : { kernel }),
    ...(url === undefined ? {} : { server: { url } }),
    ...(stdin === undefined ? {} : { stdin }),
  };
}

async function checkOutput(
  output: string | undefined,
  { cwd, isGrid }: { readonly cwd: string; readonly isGrid: boolean },
): Promise<void> {
  if (output === undefined) return;
  if (output === "") throw new UsageError('qsight run: --output "": wanted a name');
  if (!isGrid && isTextNotebook(output)) {
    throw new UsageError(
      `qsight run: --output ${output} is the name of a document or script, which has no place for ` +
        "outputs; choose a name that ends with .ipynb",
    );
  }
  const kind = isGrid ? "folder" : "file";
  await checkWritable({ option: "qsight run: --output", path: resolve(cwd, output), kind });
}

function report(
  { status, error, warnings, durationMs }: NotebookResult,
  { path, output, context }: {
    readonly path: string;
    readonly output: string | undefined;
    readonly context: CommandContext;
  },
): number {
  const lines = warnings.map((warning) => `Warning: ${warning}`);
  if (error !== undefined) lines.push(error.message);
  const where = output === undefined ? "" : ` → ${output}`;
  lines.push(`${path}: ${status} in ${(durationMs / 1000).toFixed(1)} s${where}`);
  context.stderr.write(`${lines.join("\n")}\n`);
  return exitCode(status);
}

/** The exit code of a notebook's status. */
export function exitCode(status: NotebookResult["status"]): number {
  if (status === "ok") return EXIT.ok;
  if (status === "aborted") return EXIT.interrupted;
  return status === "kernel_fault" ? EXIT.fault : EXIT.failures;
}
