import { existsSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { type SummaryFigures, summaryTable } from "../metrics/summary_table.ts";
import { executeNotebook, type NotebookResult } from "../runner/execute/execute_notebook.ts";
import { type Notebook, saveNotebook } from "../runner/notebook/nbformat.ts";
import { CellExecutionError, KernelStartError } from "../runner/runner_errors.ts";
import { readManifest } from "../runs/manifest.ts";
import { ENSEMBLE } from "../stages/stage.ts";
import { type CommandContext, EXIT } from "./command.ts";
import { notebookProgress } from "./notebook_progress.ts";
import { explainsItself } from "./own_error.ts";
import { exitCode } from "./run.ts";
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
  checkPositionals(parsed);
  const root = outFolder(parsed, context.cwd);
  try {
    const result = await executeNotebook(NOTEBOOK, {
      kernel: "deno",
      parameters: {
        data: dataSpec(parsed, context.cwd),
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
    context.stdout.write(await closingLines(folder, context.cwd));
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof KernelStartError)) throw error;
    context.stderr.write(`${error.message}\n`);
    return EXIT.fault;
  }
}

/** A forgotten `--data` must not end in a training on drawn images. */
function checkPositionals({ positionals }: ParsedCommand): void {
  if (positionals.length === 0) return;
  throw new UsageError(
    `qsight demo: found "${positionals[0]}", wanted options only; did you mean --data ${
      positionals[0]
    }?`,
  );
}

function outFolder(parsed: ParsedCommand, cwd: string): string {
  const out = textOption(parsed, "out") ?? "trained_model";
  const folder = resolve(cwd, out);
  const isFile = existsSync(folder) && !statSync(folder).isDirectory();
  if (out !== "" && !isFile) return folder;
  throw new UsageError(
    `qsight demo: --out "${out}": found ${isFile ? "a file" : "no name"}, wanted a folder; ` +
      `leave it out for trained_model`,
  );
}

/** The spec with an absolute path: the notebook runs in its own folder, not where the user stands. */
function dataSpec(parsed: ParsedCommand, cwd: string): string {
  const spec = textOption(parsed, "data") ?? "synthetic";
  if (spec === "synthetic") return spec;
  const path = resolve(cwd, spec);
  if (spec !== "" && existsSync(path)) return path;
  throw new UsageError(
    `qsight demo: --data "${spec}": found no such file or folder; wanted "synthetic", a .npz file ` +
      `or a folder with one folder of images for each class`,
  );
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

async function closingLines(folder: string, cwd: string): Promise<string> {
  const manifest = await readManifest(folder);
  const metrics = manifest.facts.metrics as Record<string, SummaryFigures>;
  // JSON keeps keys sorted; the fused answer belongs last.
  const { [ENSEMBLE]: ensemble, ...heads } = metrics;
  const shown = relative(cwd, folder) || folder;
  return [
    "",
    `Validation figures, with 95 % intervals${manifest.synthetic ? " (synthetic images)" : ""}:`,
    summaryTable({ ...heads, [ENSEMBLE]: ensemble }),
    "",
    `Run folder  ${shown}`,
    `Notebook    ${shown}.ipynb`,
    `Figures     ${join(shown, "reports")}`,
    `Took        ${Math.round(manifest.duration.actualSeconds)} s`,
    "",
  ].join("\n");
}
