import { relative } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { isPacked } from "../_internal/own_module.ts";
import { executeNotebook, type NotebookResult } from "../runner/execute/execute_notebook.ts";
import { type Notebook, saveNotebook } from "../runner/notebook/nbformat.ts";
import { CellExecutionError, KernelStartError } from "../runner/runner_errors.ts";
import { type CommandContext, EXIT } from "./command.ts";
import { notebookProgress } from "./notebook_progress.ts";
import { explainsItself } from "./own_error.ts";
import { exitCode } from "./run.ts";
import { dataSpec, noPositionals, outFolder } from "./train_arguments.ts";
import { closingLines } from "./train_report.ts";
import { parseCommand, type ParsedCommand, textOption, UsageError } from "./usage.ts";

const NOTEBOOK = fileURLToPath(new URL("../../notebooks/01_train_hybrid.ipynb", import.meta.url));

/** `qsight demo`: executes the first notebook and says what it left and how good it is. */
export async function demoCommand(args: string[], context: CommandContext): Promise<number> {
  const parsed = parseCommand(args, {
    command: "demo",
    options: {
      data: { type: "string" },
      out: { type: "string" },
      seed: { type: "string" },
      epochs: { type: "string" },
      quick: { type: "boolean" },
    },
  });
  noPositionals(parsed, "demo");
  const asker = { command: "demo", cwd: context.cwd };
  const root = outFolder(parsed, asker);
  try {
    const result = await executeNotebook(NOTEBOOK, {
      kernel: "deno",
      // From the npm package the notebook runs in the project that has it among its imports.
      cwd: isPacked(import.meta.url) ? context.cwd : undefined,
      parameters: {
        data: dataSpec(textOption(parsed, "data") ?? "synthetic", asker),
        out: root,
        seed: wholeOption(parsed, "seed", 0) ?? 0,
        epochs: wholeOption(parsed, "epochs", 1) ?? null,
        quick: parsed.values.quick === true,
      },
      signal: context.signal,
      hooks: notebookProgress(context),
    });
    if (result.status !== "ok") {
      context.stderr.write(`${reason(result)}\n`);
      return exitCode(result.status);
    }
    const folder = runFolder(result.notebook);
    // Beside the run, not in it: the manifest has already listed all files of the run.
    await saveNotebook(`${folder}.ipynb`, result.notebook);
    context.stdout.write(await closingLines(folder, { cwd: context.cwd, notebook: true }));
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof KernelStartError)) throw error;
    context.stderr.write(`${error.message}\n`);
    return EXIT.fault;
  }
}

function wholeOption(parsed: ParsedCommand, name: string, least: number): number | undefined {
  const text = textOption(parsed, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value;
  throw new UsageError(
    `qsight demo: --${name} ${text}: wanted a whole number of at least ${least}`,
  );
}

/** Our own errors explain themselves; of others the traceback is needed. */
function reason({ error, notebook }: NotebookResult): string {
  if (!(error instanceof CellExecutionError)) {
    return error?.message ?? "The notebook did not finish";
  }
  const code = [...notebook.cells.keys()].filter((i) => notebook.cells[i].cell_type === "code");
  const place = `[${code.indexOf(error.cellIndex) + 1}/${code.length}] of ${
    relative(process.cwd(), NOTEBOOK)
  }`;
  return explainsItself(error.ename)
    ? `${error.ename}: ${error.evalue}\n(in cell ${place})`
    : `${error.message}\n(cell ${place})`;
}

/** The folder that the notebook's last cell prints. */
function runFolder({ cells }: Notebook): string {
  const texts = cells.flatMap((cell) => cell.cell_type === "code" ? cell.outputs : [])
    .flatMap((output) => output.output_type === "stream" ? [output.text] : []);
  const folder = /^Run folder: (.+)$/m.exec(texts.join("\n"))?.[1];
  if (folder !== undefined) return folder;
  throw new Error(`${NOTEBOOK} did not print "Run folder: …" in its last cell; restore that line`);
}
