import { type AstNode, nodesOf } from "./ast.ts";
import type { ModuleStatement } from "./cell_edits.ts";
import { copyEdited, type Edit } from "./edits.ts";
import type { MappedText } from "./mapped_text.ts";

/** Options of {@linkcode copyModuleStatement}. */
export interface CopyModuleStatementOptions {
  readonly source: string;
  readonly cellIndex: number;
  /** Other names for what the statement binds, by the names in the cell. */
  readonly aliases: ReadonlyMap<string, string>;
}

/** Copies an import to the top of the module, with other names where its own are taken. */
export function copyModuleStatement(
  into: MappedText,
  { node, pragmas }: ModuleStatement,
  { source, cellIndex, aliases }: CopyModuleStatementOptions,
): void {
  for (const { start, end } of pragmas) {
    into.copy(source, { cellIndex, offset: start }, end);
    into.glue("\n");
  }
  const { start, end } = node;
  copyEdited(into, source, { cellIndex, start, end, edits: renames(node, aliases) });
  into.glue("\n;\n");
}

function renames(node: AstNode, aliases: ReadonlyMap<string, string>): Edit[] {
  const bound = node.type === "TSImportEqualsDeclaration" ? [node] : nodesOf(node.specifiers);
  return bound.flatMap((specifier) => {
    const local = nodesOf(specifier.local ?? specifier.id)[0];
    const alias = aliases.get(String(local?.name));
    if (local === undefined || alias === undefined) return [];
    const imported = nodesOf(specifier.imported)[0];
    // `{ a }` becomes `{ a as alias }`; anything else has a local name of its own.
    return imported !== undefined && imported.start === local.start
      ? [{ start: imported.end, end: imported.end, text: ` as ${alias}` }]
      : [{ start: local.start, end: local.end, text: alias }];
  });
}
