import { resolve } from "node:path";
import { executeNotebook, type NotebookResult } from "../runner/execute/execute_notebook.ts";
import { KernelStartError, NotebookError } from "../runner/runner_errors.ts";
import { saveNotebook } from "../runner/notebook/nbformat.ts";
import { checkWritable } from "./check_writable.ts";
import { type CommandContext, EXIT } from "./command.ts";
import { notebookProgress } from "./notebook_progress.ts";
import { readParameters, takeParameters } from "./parameter_options.ts";
import { parseCommand, secondsOption, textOption, UsageError } from "./usage.ts";

/** `qsight run`: executes one notebook, shows its outputs live and writes it where `-o` says. */
export async function runNotebookCommand(args: string[], context: CommandContext): Promise<number> {
  const { sources, rest } = takeParameters(args);
  const parsed = parseCommand(rest, {
    command: "run",
    options: {
      output: { type: "string", short: "o" },
      kernel: { type: "string" },
      timeout: { type: "string" },
      "allow-errors": { type: "boolean" },
    },
  });
  const [path, ...more] = parsed.positionals;
  if (path === undefined || more.length > 0) {
    throw new UsageError(`qsight run: wanted one notebook, found ${parsed.positionals.length}`);
  }
  const timeout = secondsOption(parsed, "timeout");
  const kernel = textOption(parsed, "kernel");
  const output = textOption(parsed, "output");
  if (output !== undefined) {
    await checkWritable({ option: "qsight run: --output", path: resolve(context.cwd, output) });
  }
  const parameters = await readParameters(sources, context.cwd);
  try {
    const result = await executeNotebook(resolve(context.cwd, path), {
      parameters,
      allowErrors: parsed.values["allow-errors"] === true,
      recordTiming: true,
      signal: context.signal,
      hooks: notebookProgress(context),
      ...(timeout === undefined ? {} : { timeout }),
      ...(kernel === undefined ? {} : { kernel }),
    });
    if (output !== undefined) await saveNotebook(resolve(context.cwd, output), result.notebook);
    return report(result, { path, output, context });
  } catch (error) {
    if (!(error instanceof NotebookError || error instanceof KernelStartError)) throw error;
    context.stderr.write(`${error.message}\n`);
    if (error instanceof KernelStartError) return EXIT.fault;
    return error.code === "missing" ? EXIT.usage : EXIT.failures;
  }
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
