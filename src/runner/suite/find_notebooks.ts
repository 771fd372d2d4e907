import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import process from "node:process";
import { checkOptions } from "../../_internal/check_options.ts";
import { NotebookError } from "../runner_errors.ts";

/** Options of {@linkcode findNotebooks}. */
export interface FindNotebooksOptions {
  /** Where relative patterns start. @default {process.cwd()} */
  readonly cwd?: string;
  /** A folder whose notebooks are left out, such as the one that executed notebooks go to. */
  readonly exclude?: string;
}

/**
 * The notebooks that paths, folders and glob patterns name (`*`, `**`, `?`, `{a,b}`), sorted and
 * without repeats, as absolute paths. A folder means all `.ipynb` files below it. Markdown files and
 * percent scripts (`.ts`, `.py` and others with `%%` lines) are found by a path or by a pattern that
 * ends in their extension. Synchronous, so that a test file can register what it finds.
 *
 * @throws {NotebookError} with the code "missing" for a plain path where nothing is
 * @throws {TypeError} for unknown options
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { findNotebooks } from "@qsight/qsight/runner";
 *
 * assert.deepEqual(findNotebooks("no_such_*.ipynb"), []);
 * ```
 */
export function findNotebooks(
  patterns: string | readonly string[],
  options: FindNotebooksOptions = {},
): string[] {
  checkOptions("findNotebooks", options, ["cwd", "exclude"]);
  const { cwd = process.cwd(), exclude } = options;
  const excluded = exclude === undefined ? undefined : resolve(cwd, exclude) + sep;
  const found = new Set<string>();
  for (const pattern of typeof patterns === "string" ? [patterns] : patterns) {
    for (const path of expand(pattern, cwd)) {
      if (excluded === undefined || !path.startsWith(excluded)) found.add(path);
    }
  }
  return [...found].sort();
}

const GLOB = /[*?{]/;

function expand(pattern: string, cwd: string): string[] {
  const path = resolve(cwd, pattern);
  const entry = statSync(path, { throwIfNoEntry: false });
  if (entry?.isFile()) return [path];
  if (entry?.isDirectory()) return filesBelow(path, (name) => name.endsWith(".ipynb"));
  if (!GLOB.test(pattern)) {
    throw new NotebookError(
      "missing",
      `No such file or folder: ${relative(cwd, path) || path}. Check the path; ` +
        "a pattern such as '*.ipynb' may match nothing",
    );
  }
  const parts = path.split(sep);
  const firstGlob = parts.findIndex((part) => GLOB.test(part));
  const base = parts.slice(0, firstGlob).join(sep) || sep;
  const expression = globExpression(parts.slice(firstGlob).join("/"));
  const named = namedExtensions(parts.at(-1) ?? "");
  return filesBelow(base, (name) => expression.test(name) && isNotebook(join(base, name), named));
}

/** The part of a pattern that says which extensions it is about: `*.{md,ipynb}` gives `{md,ipynb}`. */
function namedExtensions(lastPart: string): string {
  return lastPart.slice(lastPart.lastIndexOf(".") + 1 || lastPart.length);
}

/** A pattern for everything must not run every README and script of a project. */
function isNotebook(path: string, named: string): boolean {
  if (path.endsWith(".ipynb")) return true;
  const extension = path.slice(path.lastIndexOf(".") + 1);
  if (!new RegExp(`\\b${extension.replace(/\W/g, "\\$&")}\\b`).test(named)) return false;
  return extension === "md" || /^(?:\/\/|#) ?%%/m.test(readFileSync(path, "utf8"));
}

function filesBelow(folder: string, wanted: (relativePath: string) => boolean): string[] {
  const found: string[] = [];
  const visit = (inner: string): void => {
    for (const entry of entriesOf(join(folder, inner))) {
      const path = inner === "" ? entry.name : `${inner}/${entry.name}`;
      if (entry.isDirectory()) {
        // Checkpoints, environments and caches hold copies of notebooks, never the notebooks.
        if (entry.name !== "node_modules" && !entry.name.startsWith(".")) visit(path);
      } else if (wanted(path)) found.push(join(folder, path));
    }
  };
  visit("");
  return found;
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // A folder that may not be read has no notebooks for us.
    return [];
  }
}

/** A glob as a regular expression over a path with forward slashes. */
export function globExpression(glob: string): RegExp {
  let depth = 0;
  const source = glob.replace(/\*\*\/|\*\*|\*|\?|[{},]|[.+^$()|[\]\\]/g, (token) => {
    switch (token) {
      case "**/":
        return "(?:.*/)?";
      case "**":
        return ".*";
      case "*":
        return "[^/]*";
      case "?":
        return "[^/]";
      case "{":
        depth++;
        return "(?:";
      case "}":
        if (depth === 0) return "\\}";
        depth--;
        return ")";
      case ",":
        return depth > 0 ? "|" : ",";
      default:
        return `\\${token}`;
    }
  });
  return new RegExp(`^${source}${")".repeat(depth)}$`);
}
