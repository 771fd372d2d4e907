import { readdir, stat } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import { UsageError } from "./usage.ts";

/** Folders that hold copies of notebooks, never the notebooks themselves. */
const SKIPPED = new Set(["node_modules", ".ipynb_checkpoints", ".git"]);

/**
 * The notebooks that paths, folders and glob patterns name (`*`, `**`, `?`, `{a,b}`), sorted and
 * without repeats. A folder means all notebooks below it.
 *
 * @throws {UsageError} for a plain path where nothing is
 */
export async function findNotebooks(patterns: readonly string[], cwd: string): Promise<string[]> {
  const found = new Set<string>();
  for (const pattern of patterns) {
    for (const path of await expand(pattern, cwd)) found.add(path);
  }
  return [...found].sort();
}

async function expand(pattern: string, cwd: string): Promise<string[]> {
  const path = resolve(cwd, pattern);
  const entry = await stat(path).catch(() => undefined);
  if (entry?.isFile()) return [path];
  if (entry?.isDirectory()) return await filesBelow(path, (name) => name.endsWith(".ipynb"));
  if (!/[*?{]/.test(pattern)) {
    throw new UsageError(`No such file or folder: ${relative(cwd, path) || path}`);
  }
  const parts = path.split(sep);
  const firstGlob = parts.findIndex((part) => /[*?{]/.test(part));
  const base = parts.slice(0, firstGlob).join(sep) || sep;
  const expression = globExpression(parts.slice(firstGlob).join("/"));
  return await filesBelow(
    base,
    (name) => name.endsWith(".ipynb") && expression.test(name),
  );
}

async function filesBelow(
  folder: string,
  wanted: (relativePath: string) => boolean,
): Promise<string[]> {
  const found: string[] = [];
  const visit = async (inner: string): Promise<void> => {
    const entries = await readdir(join(folder, inner), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const path = inner === "" ? entry.name : `${inner}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!SKIPPED.has(entry.name)) await visit(path);
      } else if (wanted(path)) found.push(join(folder, path));
    }
  };
  await visit("");
  return found;
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
  return new RegExp(`^${source}$`);
}
