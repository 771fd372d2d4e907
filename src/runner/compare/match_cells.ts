import type { CodeCell, Notebook } from "../notebook/nbformat.ts";
import { cellTags } from "../notebook/parameters.ts";

/** A code cell of the stored notebook and what became of it. */
export interface CellPair {
  readonly storedIndex: number;
  readonly stored: CodeCell;
  /** Undefined where the executed notebook does not have the cell. */
  readonly executedIndex: number | undefined;
  readonly executed: CodeCell | undefined;
}

/**
 * Pairs code cells by their ids, and those left over in their order. A cell of injected parameters
 * has no partner.
 */
export function matchCells(stored: Notebook, executed: Notebook): readonly CellPair[] {
  const before = codeCells(stored), after = codeCells(executed);
  const byId = new Map(after.map((entry) => [entry[1].id, entry]));
  const ids = new Set(before.map(([, cell]) => cell.id));
  const left = after.filter(([, cell]) => !ids.has(cell.id));
  return before.map(([storedIndex, cell]) => {
    const [executedIndex, partner] = byId.get(cell.id) ?? left.shift() ?? [undefined, undefined];
    return { storedIndex, stored: cell, executedIndex, executed: partner };
  });
}

function codeCells({ cells }: Notebook): [number, CodeCell][] {
  return [...cells.entries()].filter((entry): entry is [number, CodeCell] =>
    entry[1].cell_type === "code" && !cellTags(entry[1]).includes("injected-parameters")
  );
}
