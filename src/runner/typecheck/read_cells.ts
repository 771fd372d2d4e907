import { cellTags } from "../notebook/parameters.ts";
import type { Cell, CodeCell, Notebook } from "../notebook/nbformat.ts";
import type { ModuleCell } from "./notebook_module.ts";
import type { CellParser, ParsedCell, SyntaxFault } from "./parse_cell.ts";

/** A cell whose types are checked. */
export interface CheckedCell extends ModuleCell {
  /** What is wrong in it is not reported. */
  readonly isMuted: boolean;
}

/** A cell that is no part of the check. */
export interface UnreadCell {
  readonly cellIndex: number;
  /** Why, unless there is a fault that says so, or nobody wants to know. */
  readonly gap?: string;
}

/** The cells of a notebook, as far as they can be read. */
export interface ReadCells {
  readonly cells: readonly CheckedCell[];
  readonly unread: readonly UnreadCell[];
  readonly faults: readonly (SyntaxFault & { readonly cellIndex: number })[];
}

/** Reads the code cells that a run would execute; what is not run declares nothing either. */
export function readCells(notebook: Notebook, parse: CellParser): ReadCells {
  const cells: CheckedCell[] = [], unread: UnreadCell[] = [];
  const faults: (SyntaxFault & { cellIndex: number })[] = [];
  for (const [cellIndex, one] of notebook.cells.entries()) {
    if (!isExecuted(one)) continue;
    const cell = parse(one.source);
    const isMuted = hasMutedFaults(one);
    const refusals = "body" in cell ? cell.refusals : [cell];
    if (!isMuted) faults.push(...refusals.map((refusal) => ({ ...refusal, cellIndex })));
    if ("body" in cell) cells.push({ cellIndex, cell, isMuted, role: roleOf(one) });
    else unread.push({ cellIndex });
  }
  const agreed = agreeOnJsx(cells, parse);
  return { cells: agreed.cells, unread: [...unread, ...agreed.unread], faults };
}

function isExecuted(cell: Cell): cell is CodeCell {
  return cell.cell_type === "code" && cell.source.trim() !== "" &&
    !cellTags(cell).includes("skip-execution");
}

function hasMutedFaults(cell: CodeCell): boolean {
  const tags = cellTags(cell);
  // The comment, where nothing but comments stands before it.
  const noCheck = /^(?:\s|\/\/(?!\/?\s*@ts-nocheck)[^\n]*\n|\/\*[^]*?\*\/)*\/\/\/?\s*@ts-nocheck\b/;
  return tags.includes("raises-exception") || tags.includes("no-type-check") ||
    noCheck.test(cell.source);
}

function roleOf(cell: CodeCell): ModuleCell["role"] {
  const tags = cellTags(cell);
  if (tags.includes("parameters")) return "parameters";
  return tags.includes("injected-parameters") ? "injected" : "plain";
}

/** A module is read with JSX or without; the kernel reads each cell as it can. */
function agreeOnJsx(
  cells: readonly CheckedCell[],
  parse: CellParser,
): { readonly cells: readonly CheckedCell[]; readonly unread: readonly UnreadCell[] } {
  if (!cells.some(({ cell }) => cell.isJsx)) return { cells, unread: [] };
  const read = cells.map((one) => ({ ...one, cell: parse(one.cell.source, { jsx: true }) }));
  const without = read.find(({ cell }) => !("body" in cell));
  if (without === undefined) {
    return { cells: read.map((one) => ({ ...one, cell: one.cell as ParsedCell })), unread: [] };
  }
  const unread = cells.filter(({ cell }) => cell.isJsx).map(({ cellIndex }) => ({
    cellIndex,
    gap: `cell ${cellIndex} has JSX, and cell ${without.cellIndex} cannot be read with it`,
  }));
  return { cells: cells.filter(({ cell }) => !cell.isJsx), unread };
}
