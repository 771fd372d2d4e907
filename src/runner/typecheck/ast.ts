/** A node of the tree that `@babel/parser` makes; offsets are UTF-16 units of the cell's text. */
export interface AstNode {
  /** Kind of node, in the words of Babel, e.g. `"VariableDeclaration"`. */
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

const NOT_CHILDREN = ["leadingComments", "trailingComments", "innerComments", "errors", "tokens"];

/** The nodes directly below a node, with the field that holds each. */
export function childNodes(node: AstNode): { readonly key: string; readonly child: AstNode }[] {
  return Object.entries(node).flatMap(([key, value]) =>
    NOT_CHILDREN.includes(key) ? [] : [value].flat().filter(isNode).map((child) => ({ key, child }))
  );
}

/** Whether a value is a node. */
export function isNode(value: unknown): value is AstNode {
  return typeof value === "object" && value !== null &&
    typeof (value as AstNode).type === "string" && typeof (value as AstNode).start === "number";
}

/** The nodes in a field: none, one or a list. */
export function nodesOf(value: unknown): AstNode[] {
  return [value].flat().filter(isNode);
}

/** The nodes that hold an offset, from the outermost inward. */
export function pathTo(nodes: readonly AstNode[], offset: number): AstNode[] {
  const holder = nodes.find(({ start, end }) => start <= offset && offset < end);
  if (holder === undefined) return [];
  return [holder, ...pathTo(childNodes(holder).map(({ child }) => child), offset)];
}

/** The identifiers that a pattern binds: `a` and `c` of `{ a, b: [c] }`. */
export function boundIdentifiers(pattern: AstNode): AstNode[] {
  switch (pattern.type) {
    case "Identifier":
      return [pattern];
    case "ObjectPattern":
      return nodesOf(pattern.properties).flatMap(boundIdentifiers);
    case "ArrayPattern":
      return nodesOf(pattern.elements).flatMap(boundIdentifiers);
    case "ObjectProperty":
      return nodesOf(pattern.value).flatMap(boundIdentifiers);
    case "AssignmentPattern":
      return nodesOf(pattern.left).flatMap(boundIdentifiers);
    case "RestElement":
      return nodesOf(pattern.argument).flatMap(boundIdentifiers);
    case "TSParameterProperty":
      return nodesOf(pattern.parameter).flatMap(boundIdentifiers);
    default:
      return [];
  }
}

/** The name of a module in an import. */
export interface ImportSource {
  /** The text between the quotes and its place. */
  readonly text: AstNode;
  /** `import("…")` may fail without harm, and not be run at all. */
  readonly isDynamic: boolean;
}

/** All imports in a node, those of types too. */
export function importSources(node: AstNode): ImportSource[] {
  const isDynamic = node.type === "CallExpression" && (node.callee as AstNode).type === "Import";
  const own = isDynamic
    ? nodesOf(node.arguments)[0]
    : /^(?:Import|Export)\w*Declaration$/.test(node.type)
    ? node.source
    : node.type === "TSImportType"
    ? node.argument
    : node.type === "TSExternalModuleReference"
    ? node.expression
    : undefined;
  const texts = nodesOf(own).map((text) => isNode(text.literal) ? text.literal : text);
  return [
    ...texts.filter(({ type }) => type === "StringLiteral").map((text) => ({ text, isDynamic })),
    ...childNodes(node).flatMap(({ child }) => importSources(child)),
  ];
}
