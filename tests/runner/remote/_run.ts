import {
  executeNotebook,
  type NotebookResult,
} from "../../../src/runner/execute/execute_notebook.ts";
import type { ExecuteNotebookOptions } from "../../../src/runner/execute/execute_options.ts";
import { fromCells } from "../_fixture.ts";

/** Cells that print 0 to count-1, one a line, with a pause after each. */
export const COUNTING: Readonly<Record<string, (count: number, pause: number) => string>> = {
  python3: (count, pause) =>
    `import time\nfor i in range(${count}):\n    print(i, flush=True); time.sleep(${pause / 1000})`,
  deno: (count, pause) =>
    `for (let i = 0; i < ${count}; i++) { console.log(i); ` +
    `await new Promise((r) => setTimeout(r, ${pause})); }`,
};

/** What those cells print. */
export function counted(count: number): string {
  return Array.from({ length: count }, (_, i) => `${i}\n`).join("");
}

/**
 * Executes cells and calls `onLine` with each line that one prints, when its end has come, too:
 * ipykernel may send them apart.
 */
export async function runCells(
  cells: string[],
  { onLine = () => {}, ...options }: ExecuteNotebookOptions & {
    readonly onLine?: (line: string) => void;
  },
): Promise<NotebookResult> {
  let begun = "";
  const hooks = {
    onOutput: ({ output }: { readonly output: { readonly text?: string } }) => {
      const lines = (begun + (output.text ?? "")).split("\n");
      begun = lines.pop()!;
      lines.filter((line) => line !== "").forEach((line) => onLine(line));
    },
  };
  return await executeNotebook(fromCells(...cells), { hooks: hooks as never, ...options });
}

/** All that the cells printed. */
export function printed({ notebook }: NotebookResult): string {
  return notebook.cells.flatMap((cell) => cell.cell_type === "code" ? cell.outputs : [])
    .map((output) => output.output_type === "stream" ? output.text : "").join("");
}
