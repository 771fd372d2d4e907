import { Buffer } from "node:buffer";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { runCommand } from "../../_internal/run_command.ts";

/** The part of `deno info --json` that is read here. */
interface DenoInfo {
  readonly modules: readonly InfoModule[];
  readonly redirects?: Readonly<Record<string, string>>;
  readonly npmPackages?: Readonly<Record<string, { readonly dependencies?: readonly string[] }>>;
}

interface InfoModule {
  readonly specifier: string;
  readonly local?: string;
  readonly npmPackage?: string;
  readonly error?: string;
  readonly dependencies?: readonly InfoDependency[];
}

interface InfoDependency {
  readonly specifier: string;
  readonly code?: { readonly specifier?: string; readonly error?: string };
  readonly type?: { readonly specifier?: string };
}

/** Options of {@linkcode openModuleGraph}. */
export interface ModuleGraphOptions {
  /** Where Deno looks for its configuration. */
  readonly folder: string;
  /** What is imported: absolute, or a name that the configuration or a registry knows. */
  readonly specifiers: readonly string[];
  /** The lock file in force, if any. */
  readonly lock: string | undefined;
}

/** What modules lead to. */
export interface Reached {
  /** Absolute paths of local files, and of cached remote ones. */
  readonly files: readonly string[];
  /** Packages with their versions, and what could not be resolved. */
  readonly facts: readonly string[];
}

/** The graph of modules behind some specifiers, as Deno resolves them. */
export class ModuleGraph {
  readonly #info: DenoInfo;
  readonly #modules: ReadonlyMap<string, InfoModule>;

  constructor(info: DenoInfo) {
    this.#info = info;
    this.#modules = new Map(info.modules.map((module) => [module.specifier, module]));
  }

  /** Everything that is reached from these of the graph's own specifiers. */
  reachedFrom(specifiers: readonly string[]): Reached {
    const files = new Set<string>(), facts = new Set<string>();
    const root = this.#info.modules.find(({ specifier }) => specifier.startsWith("data:"));
    const first = root?.dependencies?.filter(({ specifier }) => specifiers.includes(specifier));
    const queue = [...first ?? []], seen = new Set<string>();
    for (let edge = queue.pop(); edge !== undefined; edge = queue.pop()) {
      if (edge.code?.error !== undefined) facts.add(`${edge.specifier} cannot be resolved`);
      for (const target of [edge.code?.specifier, edge.type?.specifier]) {
        if (target === undefined || seen.has(target)) continue;
        seen.add(target);
        const module = this.#modules.get(this.#info.redirects?.[target] ?? target);
        if (module === undefined) continue;
        if (module.local !== undefined) files.add(module.local);
        if (module.error !== undefined) facts.add(`${target} cannot be loaded`);
        // A missing file may be written any time, and then it counts.
        if (module.error !== undefined && target.startsWith("file:")) {
          files.add(fileURLToPath(target));
        }
        if (module.npmPackage !== undefined) this.#addPackage(module.npmPackage, facts);
        queue.push(...module.dependencies ?? []);
      }
    }
    return { files: [...files], facts: [...facts].sort() };
  }

  #addPackage(name: string, facts: Set<string>): void {
    if (facts.has(name)) return;
    facts.add(name);
    for (const inner of this.#info.npmPackages?.[name]?.dependencies ?? []) {
      this.#addPackage(inner, facts);
    }
  }
}

/** Asks Deno for the graph, or says why there is none. */
export async function openModuleGraph(
  deno: string,
  { folder, specifiers, lock }: ModuleGraphOptions,
): Promise<ModuleGraph | string> {
  const module = specifiers.map((name) => `import ${JSON.stringify(name)};`).join("\n");
  const temporary = await mkdtemp(join(tmpdir(), "qsight-imports-"));
  try {
    // Deno adds what it resolves to the lock file: here to a copy.
    const copy = join(temporary, "deno.lock");
    if (lock !== undefined) await copyFile(lock, copy);
    const { status, stdout, stderr } = await runCommand([
      ...[deno, "info", "--json", "--quiet", "--unstable-sloppy-imports"] as const,
      ...(lock === undefined ? ["--no-lock"] : ["--lock", copy]),
      `data:application/typescript;base64,${Buffer.from(module).toString("base64")}`,
    ], {
      timeout: 60_000,
      cwd: folder,
      env: { ...process.env, NO_COLOR: "1" } as Record<string, string>,
    });
    if (status === "ok") return new ModuleGraph(JSON.parse(stdout));
    return `${deno} info could not follow the imports: ${stderr.trim().split("\n")[0] || status}`;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
