import { constants, existsSync, statSync } from "node:fs";
import { access } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { executeNotebook, type NotebookResult } from "../runner/execute/execute_notebook.ts";
import type { Parameters, ParameterValue } from "../runner/notebook/parameters.ts";
import { KernelStartError, NotebookError } from "../runner/runner_errors.ts";
import { saveNotebook } from "../runner/notebook/nbformat.ts";
import { type CommandContext, EXIT } from "./command.ts";
import { notebookProgress } from "./notebook_progress.ts";
import { parseCommand, secondsOption, textOption, UsageError } from "./usage.ts";

/** `qsight run`: executes one notebook, shows its outputs live and writes it where `-o` says. */
export async function runNotebookCommand(args: string[], context: CommandContext): Promise<number> {
  const { parameters, rest } = takeParameters(args);
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
  if (output !== undefined) await checkWritable(resolve(context.cwd, output));
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

/** A result that cannot be written is noticed before the notebook has run, not after. */
async function checkWritable(path: string): Promise<void> {
  let folder = dirname(path);
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  const problem = await access(folder, constants.W_OK).then(
    () => existsSync(path) && statSync(path).isDirectory() ? "is a folder" : undefined,
    () => `cannot be written: no permission in ${folder}`,
  );
  if (problem !== undefined) {
    throw new UsageError(`qsight run: --output ${path} ${problem}; choose another file`);
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

/** Takes `-p NAME VALUE` out of the arguments: an option with two values is nothing parseArgs knows. */
export function takeParameters(
  args: readonly string[],
): { readonly parameters: Parameters; readonly rest: string[] } {
  const parameters: Record<string, ParameterValue> = {};
  const rest: string[] = [];
  for (let i = 0; i < args.length; i++) {
    if (args[i] !== "-p" && args[i] !== "--parameters") {
      rest.push(args[i]);
      continue;
    }
    const [name, value] = [args[i + 1], args[i + 2]];
    if (name === undefined || value === undefined) {
      throw new UsageError(`${args[i]}: wanted a name and a value, as in -p epochs 3`);
    }
    if (!/^[A-Za-z_]\w*$/.test(name)) {
      throw new UsageError(`${args[i]} ${name}: the name must be an identifier, as in -p epochs 3`);
    }
    parameters[name] = parameterValue(value);
    i += 2;
  }
  return { parameters, rest };
}

/** Booleans, null and numbers by their look, as papermill reads them; all else is text. */
function parameterValue(text: string): ParameterValue {
  if (/^true$/i.test(text)) return true;
  if (/^false$/i.test(text)) return false;
  if (/^(?:null|none)$/i.test(text)) return null;
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : text;
}
