import { existsSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { pathToFileURL } from "node:url";
import type { CodeOfNotebook, Imports } from "./notebook_imports.ts";
import { openModuleGraph } from "./module_graph.ts";

/** What decides how a specifier is resolved, and which version it means. */
const CONFIGURATION = [
  ...["deno.json", "deno.jsonc", "deno.lock", "package.json", "package-lock.json", "tsconfig.json"],
  ...["import_map.json", ".npmrc"],
];

/**
 * Modules that the cells of TypeScript or JavaScript notebooks import, by Deno's own resolution from
 * the notebook's folder; with them the configuration and lock files from there upward. One process a
 * folder.
 */
export async function scriptDependencies(
  deno: string,
  notebooks: readonly CodeOfNotebook[],
): Promise<Imports[]> {
  const found = new Map<CodeOfNotebook, Imports>();
  for (const folder of new Set(notebooks.map((notebook) => notebook.folder))) {
    const here = notebooks.filter((notebook) => notebook.folder === folder);
    for (const [notebook, imports] of await importsIn(deno, folder, here)) {
      found.set(notebook, imports);
    }
  }
  return notebooks.map((notebook) => found.get(notebook)!);
}

async function importsIn(
  deno: string,
  folder: string,
  notebooks: readonly CodeOfNotebook[],
): Promise<(readonly [CodeOfNotebook, Imports])[]> {
  const configuration = filesUpward(folder);
  const base = pathToFileURL(join(folder, "cell.ts"));
  const wanted = notebooks.map(({ sources }) =>
    specifiersOf(sources.join("\n")).map((name) =>
      /^\.{0,2}\//.test(name) ? new URL(name, base).href : name
    )
  );
  const specifiers = [...new Set(wanted.flat())];
  const lock = configuration.find((path) => path.endsWith(`${sep}deno.lock`));
  const graph = specifiers.length === 0
    ? undefined
    : await openModuleGraph(deno, { folder, specifiers, lock });
  return notebooks.map((notebook, i) => {
    if (graph === undefined || wanted[i].length === 0) {
      return [notebook, { modules: configuration, facts: [] }] as const;
    }
    if (typeof graph === "string") {
      return [notebook, { modules: configuration, facts: [], unknown: graph }] as const;
    }
    const { files, facts } = graph.reachedFrom(wanted[i]);
    // Of packages the version is enough.
    const own = files.filter((file) => !file.includes(`${sep}node_modules${sep}`));
    return [notebook, { modules: [...configuration, ...own], facts }] as const;
  });
}

/** `from "x"`, `import "x"`, `import("x")`, `require("x")`, and any text that looks like a module. */
const SPECIFIERS = [
  /\b(?:from|import)\s*(["'])(.+?)\1/g,
  /\b(?:import|require)\s*\(\s*(?:\/\*[^]*?\*\/\s*)?(["'`])([^"'`$\n]+)\1/g,
  /(["'`])(\.{1,2}\/[^"'`$\n]+\.[cm]?[jt]sx?)\1/g,
];

/**
 * Specifiers that cells may import, by their look: cells are no module that a parser would take. One
 * too many costs nothing, one too few would make a changed notebook look unchanged.
 */
export function specifiersOf(source: string): string[] {
  const found = SPECIFIERS.flatMap((pattern) => [...source.matchAll(pattern)]);
  return [...new Set(found.map((match) => match[2]))];
}

function filesUpward(folder: string): string[] {
  const files: string[] = [];
  for (let at = folder;; at = dirname(at)) {
    files.push(...CONFIGURATION.map((name) => join(at, name)).filter((path) => existsSync(path)));
    if (dirname(at) === at) return files;
  }
}
