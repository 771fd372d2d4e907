import { fileURLToPath } from "node:url";
import { parseNotebook } from "../../src/runner/notebook/load_notebook.ts";
import type { CodeCell, Notebook } from "../../src/runner/notebook/nbformat.ts";

/** Path of a notebook below fixtures/notebooks, by its name without extension. */
export function fixture(name: string): string {
  return fileURLToPath(new URL(`../../fixtures/notebooks/${name}.ipynb`, import.meta.url));
}

/** A notebook of code cells with these sources. */
export function fromCells(...sources: string[]): Notebook {
  const cells = sources.map((source) => ({ cell_type: "code", source, metadata: {} }));
  return parseNotebook(JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }));
}

/** The outputs of each code cell in short: text of streams and results, `ename: evalue` of errors. */
export function shortOutputs(notebook: Notebook): string[][] {
  const code = notebook.cells.filter((cell): cell is CodeCell => cell.cell_type === "code");
  return code.map((cell) =>
    cell.outputs.map((output) => {
      if (output.output_type === "stream") return output.text;
      if (output.output_type === "error") return `${output.ename}: ${output.evalue}`;
      // deno-lint-ignore no-control-regex
      return String(output.data["text/plain"]).replace(/\x1b\[\d+m/g, "");
    })
  );
}
