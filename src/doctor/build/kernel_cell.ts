// Run in a process of its own: starts a kernel in the folder that it is given, and asks it something.
import process from "node:process";
import { messageOf } from "../../_internal/message_of.ts";
import { executeNotebook } from "../../runner/execute/execute_notebook.ts";
import { listKernels } from "../../runner/kernels/kernel_spec.ts";
import type { Cell, Notebook } from "../../runner/notebook/nbformat.ts";
import { parseNotebook } from "../../runner/notebook/load_notebook.ts";

/** Which kernel to try, and how long to wait for it. */
export interface KernelTrialOptions {
  readonly kernel: string;
  /** Working folder. */
  readonly folder: string;
  /** Milliseconds until it must be ready, and for each cell. */
  readonly timeout: number;
}

/** What a kernel answered. */
export interface KernelTrial {
  readonly status: "ok" | "failed" | "no import" | "unknown language";
  /** In words. */
  readonly found: string;
}

/** Cells that print 42, by language. */
const CELLS: Readonly<Record<string, string>> = {
  typescript: "console.log(6 * 7)",
  javascript: "console.log(6 * 7)",
  python: "print(6 * 7)",
  r: "cat(6 * 7)",
  julia: "print(6 * 7)",
};

/** A cell that needs the project, for kernels that find it by their folder. */
const IMPORT = 'console.log(typeof (await import("@qsight/qsight/metrics")).confusionMatrix)';

/** Starts a kernel and has it compute. */
export async function tryKernel(options: KernelTrialOptions): Promise<KernelTrial> {
  const { kernel, folder, timeout } = options;
  const spec = (await listKernels()).find(({ name }) => name === kernel);
  const cell = CELLS[spec?.language.toLowerCase() ?? "typescript"];
  if (cell === undefined) {
    return { status: "unknown language", found: `no cell is known for "${spec?.language}"` };
  }
  try {
    const limits = { timeout, startupTimeout: timeout };
    const notebook = notebookOf(kernel === "deno" ? [cell, IMPORT] : [cell]);
    const result = await executeNotebook(notebook, { kernel, cwd: folder, ...limits });
    const [answer, imported] = result.notebook.cells.map(printed);
    const fault = result.error?.message;
    if (answer !== "42") return { status: "failed", found: fault ?? `6 * 7 is "${answer}"` };
    if (imported === undefined) return { status: "ok", found: "6 * 7 is 42" };
    return imported === "function"
      ? { status: "ok", found: "6 * 7 is 42, and @qsight/qsight can be imported" }
      : { status: "no import", found: fault ?? `the import is of type ${imported}` };
  } catch (error) {
    return { status: "failed", found: messageOf(error) };
  }
}

function notebookOf(sources: readonly string[]): Notebook {
  const cells = sources.map((source) => ({ cell_type: "code", source, metadata: {}, outputs: [] }));
  return parseNotebook(JSON.stringify({ nbformat: 4, nbformat_minor: 4, metadata: {}, cells }));
}

function printed(cell: Cell): string {
  const outputs = cell.cell_type === "code" ? cell.outputs : [];
  return outputs.map((output) => output.output_type === "stream" ? output.text : "").join("")
    .trim();
}

if (import.meta.main) {
  const [kernel, folder, timeout] = process.argv.slice(2);
  const trial = await tryKernel({ kernel, folder, timeout: Number(timeout) });
  process.stdout.write(`${JSON.stringify(trial)}\n`);
  process.exit(0);
}
