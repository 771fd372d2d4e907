import { type AstNode, boundIdentifiers, childNodes, nodesOf } from "./ast.ts";

/**
 * How the kernel binds a name. It lets a later cell declare it again in the same way only: an enum
 * or a function is a `var` to it, a class a `let`, an import a `const`. Types leave nothing behind.
 */
export type NameKind = "let" | "const" | "var" | "using" | "type";

/** A name that a cell declares at its top. */
export interface CellName {
  readonly name: string;
  readonly kind: NameKind;
  /** The identifier. */
  readonly id: AstNode;
  /** Where the declaration ends: until there, a cell that declares the name again sees the old one. */
  readonly end: number;
  /** What declares it. */
  readonly by: "variable" | "nested var" | "function" | "class" | "import" | "other";
  /** What an import names: the same twice is no other thing. */
  readonly imported?: ImportedName;
}

/** What a name is in the words of the language, for messages. */
export function wordFor({ by, kind }: Pick<CellName, "by" | "kind">): string {
  if (by === "function" || by === "class" || by === "import") return by;
  return by === "other" && kind === "var" ? "enum or namespace" : kind;
}

/** Module and export behind an imported name. */
export interface ImportedName {
  readonly module: string;
  /** `"*"` for the whole module. */
  readonly export: string;
  readonly isType: boolean;
}

/** The names that statements declare in the scope that all cells share. */
export function cellNames(body: readonly AstNode[]): CellName[] {
  return body.flatMap((statement) => {
    const inner = declarationIn(statement);
    return inner === undefined ? [] : namesOf(inner);
  });
}

/** The declaration behind `export`, or the statement itself. */
export function declarationIn(statement: AstNode): AstNode | undefined {
  return /^Export(?:Named|Default)Declaration$/.test(statement.type)
    ? nodesOf(statement.declaration)[0]
    : statement;
}

function namesOf(node: AstNode): CellName[] {
  const one = (kind: NameKind, by: CellName["by"]): CellName[] => {
    const id = nodesOf(node.id)[0];
    if (id?.type !== "Identifier") return [];
    return [{
      name: String(id.name),
      kind: node.declare === true ? "type" : kind,
      id,
      end: node.end,
      by,
    }];
  };
  switch (node.type) {
    case "VariableDeclaration":
      return variables(node, "variable");
    case "FunctionDeclaration":
    case "TSDeclareFunction":
      return one("var", "function");
    case "ClassDeclaration":
      return one("let", "class");
    case "TSEnumDeclaration":
      return one(node.const === true ? "type" : "var", "other");
    case "TSModuleDeclaration":
      return one(hasValues(node) ? "var" : "type", "other");
    case "TSInterfaceDeclaration":
    case "TSTypeAliasDeclaration":
      return one("type", "other");
    case "TSImportEqualsDeclaration":
      return one("const", "import");
    case "ImportDeclaration":
      return importedNames(node);
    default:
      return nestedVars(node);
  }
}

function variables(node: AstNode, by: CellName["by"]): CellName[] {
  const kind = node.declare === true ? "type" : kindOf(String(node.kind));
  return nodesOf(node.declarations).flatMap(({ end, id: pattern }) =>
    nodesOf(pattern).flatMap(boundIdentifiers).map((id) => ({
      ...{ name: String(id.name), kind, id, end, by },
    }))
  );
}

function kindOf(keyword: string): NameKind {
  if (keyword === "let" || keyword === "const" || keyword === "var") return keyword;
  return "using";
}

function importedNames(node: AstNode): CellName[] {
  const module = String((node.source as { value?: unknown }).value);
  return nodesOf(node.specifiers).map((specifier) => {
    const id = nodesOf(specifier.local)[0];
    const { name, value } = (specifier.imported ?? {}) as { name?: string; value?: string };
    const isType = node.importKind === "type" || specifier.importKind === "type";
    const whole = specifier.type === "ImportNamespaceSpecifier" ? "*" : "default";
    return {
      name: String(id.name),
      // `import { type T }` still binds the name in the kernel, `import type` does not.
      kind: node.importKind === "type" ? "type" : "const",
      id,
      end: node.end,
      by: "import",
      imported: { module, export: name ?? value ?? whole, isType },
    };
  });
}

/** `var` inside of blocks and loops belongs to the whole notebook too, but not that in functions. */
function nestedVars(node: AstNode): CellName[] {
  if (/Function|Class|^TS/.test(node.type)) return [];
  return childNodes(node).flatMap(({ child }) =>
    child.type === "VariableDeclaration" && child.kind === "var"
      ? variables(child, "nested var")
      : nestedVars(child)
  );
}

/** A namespace of types only is gone when it runs. */
function hasValues(node: AstNode): boolean {
  if (node.declare === true || (node.id as AstNode).type !== "Identifier") return false;
  const body = nodesOf(node.body).flatMap((block) =>
    block.type === "TSModuleDeclaration" ? [block] : nodesOf(block.body)
  );
  return body.some((statement) => {
    const inner = declarationIn(statement);
    if (inner === undefined) return false;
    if (inner.type === "TSModuleDeclaration") return hasValues(inner);
    return !/^TS(?:Interface|TypeAlias)Declaration$/.test(inner.type);
  });
}
