import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import process from "node:process";
import { executeNotebook } from "../runner/execute_notebook.ts";
import { saveNotebook } from "../runner/nbformat.ts";
import type { Notebook } from "../runner/nbformat.ts";
import { CellExecutionError, KernelStartError } from "../runner/runner_errors.ts";
import { ENSEMBLE } from "../model/hybrid_model.ts";
import { readManifest } from "../runs/manifest.ts";
import { type CommandContext, EXIT } from "./command.ts";
import { notebookProgress } from "./notebook_progress.ts";
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
  const root = resolve(context.cwd, textOption(parsed, "out") ?? "trained_model");
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
      context.stderr.write(`${reason(result.error)}\n`);
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

/** The spec with an absolute path: the notebook runs in its own folder, not where the user stands. */
function dataSpec(parsed: ParsedCommand, cwd: string): string {
  const spec = textOption(parsed, "data") ?? "synthetic";
  if (spec === "synthetic") return spec;
  const path = resolve(cwd, spec);
  if (existsSync(path)) return path;
  throw new UsageError(
    `qsight demo: --data ${spec}: found no such file or folder; wanted "synthetic", a .npz file ` +
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

/** A cell's own message is enough here: it says what was found, what was wanted, how to fix it. */
function reason(error: Error | undefined): string {
  if (error instanceof CellExecutionError) {
    return `${error.ename}: ${error.evalue}\n(in cell ${error.cellIndex + 1} of ${
      relative(process.cwd(), NOTEBOOK)
    })`;
  }
  return error?.message ?? "The notebook did not finish";
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
  const metrics = manifest.facts.metrics as Record<string, Record<string, HeadFigure>>;
  const names = ["accuracy", "balancedAccuracy", "quadraticWeightedKappa", "macroAuc"];
  const heads = Object.keys(metrics).filter((head) => head !== ENSEMBLE);
  const rows = [...heads, ENSEMBLE].map((head) =>
    [head.padEnd(14), ...names.map((name) => cell(metrics[head]?.[name]))].join("  ")
  );
  const shown = relative(cwd, folder) || folder;
  return [
    "",
    `Validation figures, with 95 % intervals${manifest.synthetic ? " (synthetic images)" : ""}:`,
    ["head".padEnd(14), ...COLUMNS.map((name) => name.padEnd(WIDTH))].join("  ").trimEnd(),
    ...rows.map((row) => row.trimEnd()),
    "",
    `Run folder  ${shown}`,
    `Notebook    ${shown}.ipynb`,
    `Pictures    ${join(shown, "reports")}`,
    `Took        ${Math.round(manifest.duration.actualSeconds)} s`,
    "",
  ].join("\n");
}

interface HeadFigure {
  readonly value: number | null;
  readonly interval: { readonly low: number | null; readonly high: number | null } | null;
}

const COLUMNS = ["accuracy", "balanced accuracy", "quadratic kappa", "macro AUC"];
const WIDTH = 17;

function cell(figure: HeadFigure | undefined): string {
  if (figure === undefined || figure.value === null) return "undefined".padEnd(WIDTH);
  const { low = null, high = null } = figure.interval ?? {};
  const range = low === null || high === null ? "" : ` ${low.toFixed(2)}…${high.toFixed(2)}`;
  return `${figure.value.toFixed(3)}${range}`.padEnd(WIDTH);
}
