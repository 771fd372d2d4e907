import { type AstNode, boundIdentifiers, childNodes, isNode, nodesOf } from "./ast.ts";
import type { Edit } from "./edits.ts";

/** What stands for the old value of a name, and where the name is declared again. */
export interface OldValue {
  readonly alias: string;
  readonly end: number;
}

/**
 * In a cell that declares names again, the places that still read the old values: the kernel runs
 * `const images = images.slice(0, 9)`. Each becomes a read of the name's alias.
 *
 * A function that is declared, or is the new value itself, runs later and means the new name. Other
 * functions are taken for callbacks, which run at once.
 */
export function oldValueReads(
  body: readonly AstNode[],
  oldValues: ReadonlyMap<string, OldValue>,
): Edit[] {
  const edits: Edit[] = [], noReads = new Set<AstNode>();
  const visit = (node: AstNode, hidden: ReadonlySet<string>): void => {
    if (runsLater(node)) return;
    const inner = isScope(node) ? new Set([...hidden, ...namesBoundIn(node)]) : hidden;
    for (const id of namesOnly(node)) noReads.add(id);
    for (const { key, child } of childNodes(node)) {
      if (child.type !== "Identifier") {
        visit(child, inner);
        continue;
      }
      const name = String(child.name);
      const old = inner.has(name) || noReads.has(child) ? undefined : oldValues.get(name);
      if (old === undefined || child.start >= old.end) continue;
      const isShorthand = node.shorthand === true && key === "value";
      const text = isShorthand ? `${name}: ${old.alias}` : old.alias;
      edits.push({ start: child.start, end: child.start + name.length, text });
    }
  };
  for (const statement of body) visit(statement, new Set());
  return edits;
}

function runsLater(node: AstNode): boolean {
  return /^(?:FunctionDeclaration|Class|Import|ObjectMethod|ExportSpecifier|TSExport)/.test(
    node.type,
  ) ||
    (node.type === "VariableDeclarator" && isNode(node.init) && isFunction(node.init)) ||
    // Types, but not `x as T` and the like, which hold an expression.
    (/^TS/.test(node.type) && !isNode(node.expression));
}

function isFunction({ type }: AstNode): boolean {
  return type === "FunctionExpression" || type === "ArrowFunctionExpression";
}

function isScope(node: AstNode): boolean {
  return isFunction(node) || /^(?:Block|For|Switch|Catch)/.test(node.type);
}

/** All names that are bound anywhere in a node: near enough to its scopes, and never too few. */
function namesBoundIn(node: AstNode): string[] {
  return [
    ...bindings(node).map((id) => String(id.name)),
    ...childNodes(node).flatMap(({ child }) => namesBoundIn(child)),
  ];
}

function bindings(node: AstNode): AstNode[] {
  const patterns = [...nodesOf(node.params), ...nodesOf(node.param)];
  const binds = node.type === "VariableDeclarator" || /Function|Class/.test(node.type);
  return [...(binds ? nodesOf(node.id) : []), ...patterns].flatMap(boundIdentifiers);
}

/** The identifiers below a node that bind or name something and read nothing. */
function namesOnly(node: AstNode): AstNode[] {
  const key = node.computed === true ? [] : [...nodesOf(node.key), ...nodesOf(node.property)];
  return [...bindings(node), ...key, ...nodesOf(node.label)];
}
