import { basename, join, relative, resolve } from "node:path";
import { writeAtomic } from "../_internal/write_atomic.ts";
import { openStatusLine } from "../display/status_line.ts";
import { executeNotebook } from "../runner/execute/execute_notebook.ts";
import type { ExecuteNotebookOptions } from "../runner/execute/execute_options.ts";
import { KernelStartError, NotebookError } from "../runner/runner_errors.ts";
import { saveNotebook } from "../runner/notebook/nbformat.ts";
import { type CommandContext, EXIT } from "./command.ts";
import { findNotebooks } from "./find_notebooks.ts";
import { jsonReport, junitReport, type NotebookVerdict } from "./test_reports.ts";
import { parseCommand, secondsOption, textOption, UsageError } from "./usage.ts";

/** `qsight test`: executes notebooks as tests, one verdict each. */
export async function testCommand(args: string[], context: CommandContext): Promise<number> {
  const parsed = parseCommand(args, {
    command: "test",
    options: {
      kernel: { type: "string" },
      timeout: { type: "string" },
      "notebook-timeout": { type: "string" },
      output: { type: "string" },
      junit: { type: "string" },
      json: { type: "string" },
      "fail-fast": { type: "boolean" },
    },
  });
  if (parsed.positionals.length === 0) throw new UsageError("qsight test: name some notebooks");
  const [timeout, notebookTimeout] = ["timeout", "notebook-timeout"].map((name) =>
    secondsOption(parsed, name)
  );
  const kernel = textOption(parsed, "kernel");
  const onStdout = ["json", "junit"].filter((name) => parsed.values[name] === "-");
  if (onStdout.length > 1) {
    throw new UsageError(
      "qsight test: --json - and --junit - both want stdout; give one of them a file",
    );
  }
  const notebooks = await findNotebooks(parsed.positionals, context.cwd);
  const verdicts = await testAll(notebooks, {
    context,
    // A report on stdout has it for itself.
    print: (line) => (onStdout.length > 0 ? context.stderr : context.stdout).write(line),
    failFast: parsed.values["fail-fast"] === true,
    output: textOption(parsed, "output"),
    options: {
      recordTiming: true,
      signal: context.signal,
      ...(timeout === undefined ? {} : { timeout }),
      ...(notebookTimeout === undefined ? {} : { notebookTimeout }),
      ...(kernel === undefined ? {} : { kernel }),
    },
  });
  const reports = { json: jsonReport(verdicts), junit: junitReport(verdicts) };
  for (const name of ["json", "junit"] as const) {
    const path = textOption(parsed, name);
    if (path === "-") context.stdout.write(reports[name]);
    else if (path !== undefined) await writeAtomic(resolve(context.cwd, path), reports[name]);
  }
  return verdictsExit(verdicts);
}

interface TestOptions {
  readonly context: CommandContext;
  readonly print: (text: string) => void;
  readonly failFast: boolean;
  readonly output: string | undefined;
  readonly options: ExecuteNotebookOptions;
}

async function testAll(paths: readonly string[], test: TestOptions): Promise<NotebookVerdict[]> {
  const verdicts: NotebookVerdict[] = [];
  for (const path of paths) {
    const verdict = await testOne(path, test);
    verdicts.push(verdict);
    const seconds = (verdict.durationMs / 1000).toFixed(1);
    test.print(`${verdict.verdict.padEnd(6)} ${verdict.path} (${verdict.status}, ${seconds} s)\n`);
    if (verdict.message !== undefined) test.print(`${indent(verdict.message)}\n`);
    if (verdict.verdict === "interrupted") break;
    if (test.failFast && verdict.verdict !== "passed") break;
  }
  const passed = verdicts.filter(({ verdict }) => verdict === "passed").length;
  const left = paths.length - verdicts.length;
  const rest = left === 0 ? "" : `, ${left} not run`;
  const none = paths.length === 0 ? "No notebook matches. " : "";
  test.print(`${none}${passed} passed, ${verdicts.length - passed} failed${rest}\n`);
  return verdicts;
}

async function testOne(
  path: string,
  { context, options, output }: TestOptions,
): Promise<NotebookVerdict> {
  const shown = relative(context.cwd, path) || path;
  const hooks = context.isTerminal ? cellProgress(shown, context) : undefined;
  try {
    const result = await executeNotebook(path, {
      ...options,
      ...(hooks === undefined ? {} : { hooks: hooks.hooks }),
    });
    if (output !== undefined) {
      // A path that leaves the current folder would leave the output folder too.
      const name = shown.startsWith("..") ? basename(shown) : shown;
      await saveNotebook(join(resolve(context.cwd, output), name), result.notebook);
    }
    const { status, cells, durationMs, error, warnings } = result;
    const verdict = status === "ok"
      ? "passed"
      : status === "aborted"
      ? "interrupted"
      : status === "kernel_fault"
      ? "fault"
      : "failed";
    const message = [...warnings, ...(error === undefined ? [] : [error.message])].join("\n");
    const base = { path: shown, verdict, status, durationMs, cells } as const;
    return message === "" ? base : { ...base, message };
  } catch (error) {
    if (!(error instanceof NotebookError || error instanceof KernelStartError)) throw error;
    const verdict = error instanceof NotebookError ? "failed" : "fault";
    const { name: status, message } = error;
    return { path: shown, verdict, status, durationMs: 0, cells: [], message };
  } finally {
    await hooks?.close();
  }
}

/** One line on the terminal that says which cell runs. */
function cellProgress(path: string, { stderr }: CommandContext) {
  const line = openStatusLine({
    output: { write: (text) => stderr.write(text), isTTY: true, columns: stderr.columns },
  });
  const onCellStart = ({ cellIndex }: { readonly cellIndex: number }) =>
    line.update(`${path} cell ${cellIndex}`);
  return { hooks: { onCellStart }, close: () => line.close() };
}

function verdictsExit(verdicts: readonly NotebookVerdict[]): number {
  if (verdicts.length === 0) return EXIT.nothing;
  const has = (wanted: string) => verdicts.some(({ verdict }) => verdict === wanted);
  if (has("interrupted")) return EXIT.interrupted;
  if (has("fault")) return EXIT.fault;
  return has("failed") ? EXIT.failures : EXIT.ok;
}

function indent(text: string): string {
  return text.split("\n").map((line) => `    ${line}`).join("\n");
}
