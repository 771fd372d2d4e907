import process from "node:process";
import { runCommand } from "../../_internal/run_command.ts";

interface InfoDependency {
  /** As it is written. */
  readonly specifier: string;
  readonly code?: { readonly specifier?: string };
  readonly type?: { readonly specifier?: string };
}

interface InfoModule {
  readonly specifier: string;
  readonly dependencies?: readonly InfoDependency[];
}

/** Which modules lead to which. */
export class ImportGraph {
  readonly #modules: ReadonlyMap<string, readonly InfoDependency[]>;

  constructor(modules: readonly InfoModule[]) {
    this.#modules = new Map(
      modules.map(({ specifier, dependencies = [] }) => [specifier, dependencies]),
    );
  }

  /** What a module imports, as it is written, that leads to another one, perhaps over many more. */
  importsLeadingTo(wanted: string, { from }: { readonly from: string }): string[] {
    const dependencies = this.#modules.get(from) ?? [];
    return dependencies.filter(({ code, type }) =>
      type?.specifier === wanted || (code?.specifier && this.#leads(code.specifier, wanted))
    ).map(({ specifier }) => specifier);
  }

  #leads(from: string, wanted: string): boolean {
    const queue = [from], seen = new Set(queue);
    for (let module = queue.pop(); module !== undefined; module = queue.pop()) {
      if (module === wanted) return true;
      for (const { code } of this.#modules.get(module) ?? []) {
        // Imports of types load nothing.
        const target = code?.specifier;
        if (target === undefined || seen.has(target)) continue;
        seen.add(target);
        queue.push(target);
      }
    }
    return false;
  }
}

/** Options of {@linkcode openImportGraph}. */
export interface ImportGraphOptions {
  /** The module that all others are imported from. */
  readonly root: string;
  readonly cwd: string;
  readonly timeout: number;
  readonly signal?: AbortSignal;
}

/** Asks Deno what imports what; an empty graph where it does not know. */
export async function openImportGraph(
  deno: string,
  { root, ...options }: ImportGraphOptions,
): Promise<ImportGraph> {
  const { stdout } = await runCommand([deno, "info", "--json", "--quiet", root], {
    ...options,
    env: { ...process.env, NO_COLOR: "1" } as Record<string, string>,
  });
  try {
    return new ImportGraph((JSON.parse(stdout) as { modules: InfoModule[] }).modules);
  } catch {
    return new ImportGraph([]);
  }
}
