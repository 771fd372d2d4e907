import { type AstNode, nodesOf } from "./ast.ts";
import { cellNames, declarationIn } from "./cell_names.ts";
import type { Edit } from "./edits.ts";
import type { ParsedCell } from "./parse_cell.ts";

/** A statement that only stands at the top of a module: it is copied there, out of the cell. */
export interface ModuleStatement {
  readonly node: AstNode;
  /** Comments such as `// @ts-types="…"` that the compiler reads together with it. */
  readonly pragmas: readonly AstNode[];
}

/** Imports, exports of other modules and declarations of globals, in their order. */
export function moduleStatements({ body, comments }: ParsedCell): ModuleStatement[] {
  const last = (end: number) => body.findLast((statement) => statement.end <= end)?.end ?? 0;
  return body.filter(isModuleStatement).map((node) => ({
    node,
    pragmas: comments.filter((comment) =>
      comment.end <= node.start && comment.start >= last(node.start) &&
      /^[\s/*]*@(?:ts-|deno-types)/.test(String(comment.value))
    ),
  }));
}

function isModuleStatement(node: AstNode): boolean {
  return /^(?:ImportDeclaration|ExportAllDeclaration|TSImportEqualsDeclaration)$/.test(node.type) ||
    (node.type === "ExportNamedDeclaration" && nodesOf(node.source).length > 0) ||
    isAmbient(node);
}

/** `declare global` and `declare module "x"`, which say nothing in a block. */
export function isAmbient({ type, kind, id }: AstNode): boolean {
  return type === "TSModuleDeclaration" &&
    (kind === "global" || (id as AstNode).type === "StringLiteral");
}

/** What every cell needs to be a part of one module: no imports, no exports, no end. */
export function moduleEdits(cell: ParsedCell): Edit[] {
  const moved = moduleStatements(cell).flatMap(({ node, pragmas }) => [
    ...pragmas.map(({ start, end }) => ({ start, end, text: "" })),
    { start: node.start, end: node.end, text: ";" },
  ]);
  const rest = cell.body.filter((node) => !isModuleStatement(node));
  return [
    ...moved,
    ...rest.flatMap((node) => [...exportEdits(node, cell.source), ...throwEdit(node)]),
  ];
}

function exportEdits(node: AstNode, source: string): Edit[] {
  if (/^(?:TSExportAssignment|TSNamespaceExport)/.test(node.type)) {
    return [{ start: node.start, end: node.end, text: ";" }];
  }
  if (!/^Export(?:Named|Default)Declaration$/.test(node.type)) return [];
  const inner = declarationIn(node);
  if (inner === undefined) return [{ start: node.start, end: node.end, text: ";" }];
  const decorators = nodesOf(inner.decorators);
  // Decorators may stand before the word `export`, or after it.
  const from = decorators.length > 0 && decorators[0].start <= node.start
    ? decorators[decorators.length - 1].end
    : node.start;
  const [words, blank] = /^(\s*)export(?:\s+default)?/.exec(source.slice(from)) ?? ["", ""];
  const start = from + blank.length, end = from + words.length;
  const isNamed = /Declaration$/.test(inner.type) && nodesOf(inner.id).length > 0;
  if (node.type === "ExportNamedDeclaration" || isNamed) return [{ start, end, text: "" }];
  return [{ start, end, text: "(" }, { start: inner.end, end: node.end, text: ");" }];
}

/** After a `throw` the compiler follows types no longer; the next cell of a notebook does run. */
function throwEdit({ type, start }: AstNode): Edit[] {
  return type === "ThrowStatement" ? [{ start, end: start + "throw".length, text: "void" }] : [];
}

/** A parameter is any value of its type, whatever value the notebook gives it. */
export function parameterEdits({ body }: ParsedCell): Edit[] {
  return body.flatMap((statement) => {
    const node = declarationIn(statement);
    if (node?.type !== "VariableDeclaration" || node.kind !== "const") return [];
    return [{ start: node.start, end: node.start + "const".length, text: "let" }];
  });
}

/** Values injected by a runner are assigned to the parameters, so that their types must fit. */
export function injectionEdits({ body }: ParsedCell, parameters: ReadonlySet<string>): Edit[] {
  return body.flatMap((node) => {
    const names = cellNames([node]);
    const isInjection = node.type === "VariableDeclaration" && node.declare !== true &&
      names.length > 0 && names.every(({ name }) => parameters.has(name)) &&
      nodesOf(node.declarations).every(({ id }) => (id as AstNode).type === "Identifier");
    if (!isInjection) return [];
    return [{ start: node.start, end: node.start + String(node.kind).length, text: ";" }];
  });
}
