import type { ParserOptions } from "@babel/parser";
import { loadPackage } from "../../_internal/load_package.ts";
import { type AstNode, childNodes, isNode, nodesOf } from "./ast.ts";

/** A cell's text and its tree. */
export interface ParsedCell {
  readonly source: string;
  /** The statements at the top. */
  readonly body: readonly AstNode[];
  /** All comments, in order. */
  readonly comments: readonly AstNode[];
  /** The kernel reads `{ a: 1 }` as an object, not as a block; such a cell has no body here. */
  readonly isObject: boolean;
  /** The cell can only be read with JSX. */
  readonly isJsx: boolean;
  /** What the kernel refuses although it can be read and its types can be checked. */
  readonly refusals: readonly SyntaxFault[];
}

/** Why a cell cannot be read. */
export interface SyntaxFault {
  readonly message: string;
  /** Where, in UTF-16 units of the cell's text. */
  readonly offset: number;
}

/** Options of a {@linkcode CellParser}. */
export interface ParseCellOptions {
  /** Read the cell as the other cells of a notebook with JSX are read. @default {false} */
  readonly jsx?: boolean;
}

/** Reads a cell as the Deno kernel does. */
export type CellParser = (source: string, options?: ParseCellOptions) => ParsedCell | SyntaxFault;

type Plugins = NonNullable<ParserOptions["plugins"]>;
const PLUGINS: Plugins = [
  ...["typescript", "decoratorAutoAccessors", "explicitResourceManagement"] as const,
  ...["deferredImportEvaluation", "sourcePhaseImports"] as const,
  ["decorators", { allowCallParenthesized: true }],
];

/** Loads the parser. */
export async function openCellParser(): Promise<CellParser> {
  const { parse } = await loadPackage("@babel/parser", () => import("@babel/parser"));
  const read = (source: string, plugins: Plugins): ParsedCell | SyntaxFault => {
    try {
      const { program, comments, errors } = parse(source, {
        sourceType: "module",
        errorRecovery: true,
        allowUndeclaredExports: true,
        plugins,
      });
      const fault = (errors ?? []).find(isRefused);
      if (fault !== undefined) return faultOf(fault);
      if (isNode(program.interpreter)) {
        return { message: "A cell cannot begin with #!. Remove the line", offset: 0 };
      }
      const body = nodesOf(program.body);
      const refusals = source.includes("import.meta") ? body.flatMap(importMetas) : [];
      const isJsx = plugins.includes("jsx");
      return { source, body, comments: nodesOf(comments), isObject: false, isJsx, refusals };
    } catch (error) {
      return faultOf(error);
    }
  };
  return (source, { jsx = false } = {}) => {
    const withJsx: Plugins = [...PLUGINS, "jsx"];
    const plugins = jsx ? withJsx : PLUGINS;
    if (source.trimStart().startsWith("{")) {
      // The kernel tries it in parentheses first.
      const object = read(`(${source})`, plugins);
      if ("body" in object) return { ...object, source, isObject: true, body: [], comments: [] };
    }
    const cell = read(source, plugins);
    if ("body" in cell || jsx) return cell;
    // So does the kernel: what is no TypeScript may be TypeScript with JSX.
    const other = read(source, withJsx);
    return "body" in other ? other : cell;
  };
}

/** What Babel tolerates and the kernel does not. What is about types is left to the type check. */
function isRefused(error: { readonly syntaxPlugin?: string; readonly reasonCode?: string }) {
  return error.syntaxPlugin !== "typescript" &&
    error.reasonCode !== "UnsupportedParameterDecorator";
}

function faultOf(error: unknown): SyntaxFault {
  const { message, pos = 0 } = error as { message: string; pos?: number };
  return { message: message.replace(/ \(\d+:\d+\)$/, ""), offset: pos };
}

/** `import.meta` has types, but a cell is not a module to the kernel. */
function importMetas(node: AstNode): SyntaxFault[] {
  if (node.type === "MetaProperty" && (node.meta as { name?: string }).name === "import") {
    const message = "Cannot use 'import.meta' outside a module. Use Deno.cwd() in a cell, " +
      "which is the notebook's folder";
    return [{ message, offset: node.start }];
  }
  return childNodes(node).flatMap(({ child }) => importMetas(child));
}
