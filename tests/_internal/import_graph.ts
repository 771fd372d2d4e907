/** One import as it is written, and the file of this project it leads to, if any. */
export interface Edge {
  readonly specifier: string;
  readonly target?: string;
  /** Gone at run time. */
  readonly typeOnly: boolean;
}

/** Imports by file, with paths relative to the project. */
export interface Graph {
  readonly edges: ReadonlyMap<string, readonly Edge[]>;
  /** Imports that lead nowhere. */
  readonly broken: readonly string[];
}

interface DenoInfo {
  readonly modules: readonly {
    readonly specifier: string;
    readonly error?: string;
    readonly dependencies?: readonly {
      readonly specifier: string;
      readonly code?: { readonly specifier?: string; readonly error?: string };
      readonly type?: { readonly specifier?: string; readonly error?: string };
    }[];
  }[];
}

/** The import graph of these files and all they import, as Deno resolves it. */
export async function readImportGraph(root: string, files: readonly string[]): Promise<Graph> {
  const base = new URL(`file://${root}`).href;
  const entry = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(entry, files.map((file) => `import "${base}${file}";\n`).join(""));
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["info", "--json", "--config", `${root}deno.json`, entry],
      stderr: "inherit",
    }).output();
    return toGraph(JSON.parse(new TextDecoder().decode(stdout)), base);
  } finally {
    await Deno.remove(entry);
  }
}

function toGraph({ modules }: DenoInfo, base: string): Graph {
  const edges = new Map<string, Edge[]>();
  const broken: string[] = [];
  const inside = (url: string | undefined) =>
    url?.startsWith(base) ? url.slice(base.length) : undefined;
  for (const { specifier, error, dependencies = [] } of modules) {
    if (error !== undefined) broken.push(`${specifier}: ${error}`);
    const file = inside(specifier);
    if (file === undefined) continue;
    edges.set(
      file,
      dependencies.map(({ specifier, code, type }) => {
        const fault = code?.error ?? type?.error;
        if (fault !== undefined) broken.push(`${file}: ${fault}`);
        const target = inside(code?.specifier ?? type?.specifier);
        return { specifier, target, typeOnly: code === undefined };
      }),
    );
  }
  return { edges, broken };
}

/** Each way in which a file imports itself through others, types included. */
export function findCycles({ edges }: Graph): string[][] {
  const cycles: string[][] = [];
  const state = new Map<string, "open" | "done">();
  const path: string[] = [];
  const visit = (file: string) => {
    state.set(file, "open");
    path.push(file);
    for (const { target } of edges.get(file) ?? []) {
      if (target === undefined) continue;
      if (state.get(target) === "open") cycles.push([...path.slice(path.indexOf(target)), target]);
      else if (!state.has(target)) visit(target);
    }
    path.pop();
    state.set(file, "done");
  };
  for (const file of edges.keys()) if (!state.has(file)) visit(file);
  return cycles;
}

/** All files and all specifiers that can be reached from some files, type imports included. */
export function importClosure(
  { edges }: Graph,
  from: readonly string[],
): { files: string[]; specifiers: string[] } {
  const files = new Set(from);
  const specifiers = new Set<string>();
  for (const file of files) {
    for (const { specifier, target } of edges.get(file) ?? []) {
      specifiers.add(specifier);
      if (target !== undefined) files.add(target);
    }
  }
  return { files: [...files], specifiers: [...specifiers] };
}
