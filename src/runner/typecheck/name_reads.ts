import { type AstNode, boundIdentifiers, childNodes, isNode, nodesOf } from "./ast.ts";

/** A place where a cell reads a name. */
export interface NameRead {
  readonly name: string;
  readonly start: number;
  /** `{ name }`, which is key and value in one. */
  readonly isShorthand: boolean;
}

/** Options of {@linkcode nameReads}. */
export interface NameReadsOptions {
  /** The names that are looked for. */
  readonly names: ReadonlySet<string>;
  /** Look into functions that are arguments and the like, which mostly run at once. */
  readonly callbacks: boolean;
}

/**
 * Where statements read names while they run, and mean those that all cells share. What a function
 * that is declared, or is the value of a variable, reads is read later; types read nothing.
 */
export function nameReads(
  body: readonly AstNode[],
  { names, callbacks }: NameReadsOptions,
): NameRead[] {
  const reads: NameRead[] = [], noReads = new Set<AstNode>();
  const visit = (node: AstNode, hidden: ReadonlySet<string>): void => {
    if (runsLater(node) || (!callbacks && isFunction(node))) return;
    const inner = isScope(node) ? new Set([...hidden, ...namesBoundIn(node)]) : hidden;
    for (const id of namesOnly(node)) noReads.add(id);
    for (const { key, child } of childNodes(node)) {
      if (child.type !== "Identifier") {
        visit(child, inner);
        continue;
      }
      const name = String(child.name);
      if (inner.has(name) || noReads.has(child) || !names.has(name)) continue;
      const isShorthand = node.shorthand === true && key === "value";
      reads.push({ name, start: child.start, isShorthand });
    }
  };
  for (const statement of body) visit(statement, new Set());
  return reads;
}

function runsLater(node: AstNode): boolean {
  return /^(?:FunctionDeclaration|Class|Import|ObjectMethod|ExportSpecifier|TSExport)/.test(
    node.type,
  ) ||
    (node.type === "VariableDeclarator" && isNode(node.init) && isFunction(node.init)) ||
    // `typeof name` of a name that is not there is a text.
    (node.type === "UnaryExpression" && node.operator === "typeof") ||
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
