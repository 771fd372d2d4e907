import type { AstNode } from "./ast.ts";
import { cellNames, declarationIn } from "./cell_names.ts";
import type { Edit } from "./edits.ts";
import { nameReads } from "./name_reads.ts";
import type { ParsedCell } from "./parse_cell.ts";

/** What stands for the old value of a name, and where the name is declared again. */
export interface OldValue {
  readonly alias: string;
  readonly end: number;
}

/**
 * In a cell that declares names again, the places that still read the old values: the kernel runs
 * `const images = images.slice(0, 9)`. Each becomes a read of the name's alias.
 */
export function oldValueEdits(
  body: readonly AstNode[],
  oldValues: ReadonlyMap<string, OldValue>,
): Edit[] {
  const reads = nameReads(body, { names: new Set(oldValues.keys()), callbacks: true });
  return reads.flatMap(({ name, start, isShorthand }) => {
    const { alias, end } = oldValues.get(name)!;
    if (start >= end) return [];
    return [{ start, end: start + name.length, text: isShorthand ? `${name}: ${alias}` : alias }];
  });
}

/** `var` in a block would reach out of it; a cell that declares the name again wants a new one. */
export function varEdits({ body }: ParsedCell, again: ReadonlySet<string>): Edit[] {
  return body.flatMap((statement) => {
    const node = declarationIn(statement);
    if (node?.type !== "VariableDeclaration" || node.kind !== "var") return [];
    if (!cellNames([node]).some(({ name }) => again.has(name))) return [];
    return [{ start: node.start, end: node.start + "var".length, text: "let" }];
  });
}
