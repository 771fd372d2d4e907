import process from "node:process";
import { runCommand } from "../../_internal/run_command.ts";
import type { ReportedPlace } from "./deno_report.ts";

interface InfoDependency {
  readonly code?: InfoTarget;
  readonly type?: InfoTarget;
}

interface InfoTarget {
  readonly specifier?: string;
  /** Lines and characters from 0. */
  readonly span?: { readonly start: { readonly line: number; readonly character: number } };
}

interface InfoModule {
  readonly specifier: string;
  readonly dependencies?: readonly InfoDependency[];
}

/** Which modules lead to which. */
export class ImportGraph {
  readonly #targets: ReadonlyMap<string, readonly InfoTarget[]>;

  constructor(modules: readonly InfoModule[]) {
    this.#targets = new Map(modules.map(({ specifier, dependencies = [] }) => [
      specifier,
      dependencies.flatMap(({ code, type }) =>
        [code, type].filter((target) => target !== undefined)
      ),
    ]));
  }

  /** The first import of a module that leads to another one, perhaps over many more. */
  importOf(module: string, wanted: string): ReportedPlace | undefined {
    for (const { specifier, span } of this.#targets.get(module) ?? []) {
      if (specifier === undefined || span === undefined || !this.#leads(specifier, wanted)) {
        continue;
      }
      return { module, line: span.start.line + 1, column: span.start.character + 1 };
    }
    return undefined;
  }

  #leads(from: string, wanted: string): boolean {
    const queue = [from], seen = new Set(queue);
    for (let module = queue.pop(); module !== undefined; module = queue.pop()) {
      if (module === wanted) return true;
      for (const { specifier } of this.#targets.get(module) ?? []) {
        if (specifier === undefined || seen.has(specifier)) continue;
        seen.add(specifier);
        queue.push(specifier);
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
