import { messageOf } from "../../_internal/message_of.ts";
import { executeNotebook } from "../../runner/execute/execute_notebook.ts";
import type { Cell } from "../../runner/notebook/nbformat.ts";
import { parseNotebook } from "../../runner/notebook/load_notebook.ts";

/** Which kernel to try, and how long to wait for it. */
export interface KernelTrialOptions {
  readonly kernel: string;
  /** Working folder. */
  readonly folder: string;
  /** Milliseconds until it must be ready, and for each cell. */
  readonly timeout: number;
}

/** What each cell printed, and why not all of them did. */
export interface CellsResult {
  readonly printed: readonly string[];
  readonly fault: string | undefined;
}

/** Runs cells on a fresh kernel. Never throws. */
export async function runCells(
  sources: readonly string[],
  { kernel, folder, timeout }: KernelTrialOptions,
): Promise<CellsResult> {
  const cells = sources.map((source) => ({ cell_type: "code", source, metadata: {}, outputs: [] }));
  const notebook = { nbformat: 4, nbformat_minor: 4, metadata: {}, cells };
  try {
    const result = await executeNotebook(parseNotebook(JSON.stringify(notebook)), {
      kernel,
      cwd: folder,
      timeout,
      startupTimeout: timeout,
    });
    return { printed: result.notebook.cells.map(printedBy), fault: result.error?.message };
  } catch (error) {
    return { printed: [], fault: messageOf(error) };
  }
}

function printedBy(cell: Cell): string {
  const outputs = cell.cell_type === "code" ? cell.outputs : [];
  return outputs.map((output) => output.output_type === "stream" ? output.text : "").join("")
    .trim();
}
