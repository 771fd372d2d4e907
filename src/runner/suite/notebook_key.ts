import { relative } from "node:path";
import { sha256 } from "../../_internal/sha256.ts";
import type { Notebook } from "../notebook/nbformat.ts";
import { ParameterFloat } from "../notebook/parameter_value.ts";
import type { Dependencies } from "./dependencies.ts";
import type { FileHashes } from "./file_hashes.ts";

/** Raised when the same notebook may get another verdict from a newer runner. */
const VERSION = 1;

/** Everything that a notebook's verdict depends on. */
export interface KeyIngredients {
  /** The notebook; its outputs may be left out. */
  readonly notebook: Notebook;
  /** Checksum of the stored outputs, where they are compared. */
  readonly outputs?: string;
  /** Working folder of the kernel. */
  readonly folder: string;
  /** Options that bear on the verdict. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly dependencies: Dependencies;
}

/** What of a cell's metadata front ends, runs and readers of text files write, and no run reads. */
const VOLATILE = new Set([
  ...["execution", "collapsed", "scrolled", "jupyter", "ExecuteTime", "qsight"],
]);

/** Checksums that together are another as soon as any ingredient is. */
export interface NotebookKey {
  /** Of the notebook, its options and everything that it imports. */
  readonly code: string;
  /** Of the data files that it names. */
  readonly data: string;
}

/** The key of a notebook with the files as they are now. */
export async function notebookKey(
  { notebook, outputs, folder, options, dependencies }: KeyIngredients,
  hashes: FileHashes,
): Promise<NotebookKey> {
  const cells = notebook.cells.flatMap((cell) => {
    if (cell.cell_type !== "code") return [];
    const metadata = Object.entries(cell.metadata).filter(([name]) => !VOLATILE.has(name));
    return [{ source: cell.source, metadata: Object.fromEntries(metadata) }];
  });
  const { language_info: _, ...metadata } = notebook.metadata;
  const { facts, modules, data } = dependencies;
  const hashAll = (paths: readonly string[]) =>
    Promise.all(paths.map(async (path) => [relative(folder, path), await hashes.of(path)]));
  const code = {
    VERSION,
    cells,
    metadata,
    outputs,
    options,
    facts,
    modules: await hashAll(modules),
  };
  return { code: sha256(stableJson(code)), data: sha256(stableJson(await hashAll(data))) };
}

/** Checksum of all stored outputs. */
export function outputsHash({ cells }: Notebook): string {
  const outputs = cells.map((cell) => cell.cell_type === "code" ? cell.outputs : []);
  return sha256(JSON.stringify(outputs));
}

/** JSON with sorted keys, in which values that JSON would drop or level are told apart. */
export function stableJson(value: unknown): string {
  return JSON.stringify(value, function (this: Record<string, unknown>, key, inner: unknown) {
    const original = this[key];
    if (original instanceof ParameterFloat) return `float ${original.value}`;
    if (inner instanceof RegExp || typeof inner === "bigint") return `${typeof inner} ${inner}`;
    if (typeof inner === "number" && !Number.isFinite(inner)) return `number ${inner}`;
    if (Object.is(inner, -0)) return "number -0";
    if (inner === null || typeof inner !== "object" || Array.isArray(inner)) return inner;
    return Object.fromEntries(
      Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
    );
  });
}
