import { parseNotebook } from "../../../src/runner/notebook/load_notebook.ts";
import type { Notebook, Output } from "../../../src/runner/notebook/nbformat.ts";

/** A code cell in short; without `count` it was run. */
export interface CellSketch {
  readonly source?: string;
  readonly tags?: readonly string[];
  readonly outputs?: readonly Output[];
  readonly count?: number | null;
  readonly id?: string;
}

/** A notebook of code cells with the ids c0, c1, … */
export function notebookOf(...cells: readonly CellSketch[]): Notebook {
  return parseNotebook(JSON.stringify({
    ...{ nbformat: 4, nbformat_minor: 5, metadata: {} },
    cells: cells.map(({ source = "run()", tags = [], outputs = [], count, id }, i) => ({
      ...{ cell_type: "code", id: id ?? `c${i}`, source, metadata: { tags }, outputs },
      execution_count: count === undefined ? i + 1 : count,
    })),
  }));
}

/** A piece of a stream. */
export function stream(text: string, name = "stdout"): Output {
  return { output_type: "stream", name, text };
}

/** A displayed bundle. */
export function display(data: Readonly<Record<string, unknown>>): Output {
  return { output_type: "display_data", data, metadata: {} };
}

/** A returned value. */
export function result(text: string, count = 1): Output {
  const data = { "text/plain": text };
  return { output_type: "execute_result", data, metadata: {}, execution_count: count };
}

/** An error with a traceback of its own. */
export function error(ename: string, evalue: string): Output {
  const traceback = [crypto.randomUUID()];
  return { output_type: "error", ename, evalue, traceback };
}
