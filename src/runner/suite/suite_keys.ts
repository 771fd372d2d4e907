import { dirname } from "node:path";
import { kernelName } from "../execute/execute_notebook.ts";
import { findKernel, type KernelSpec } from "../kernels/kernel_spec.ts";
import type { Notebook } from "../notebook/nbformat.ts";
import type { CollectedNotebook } from "./collect.ts";
import { type Dependencies, findDependencies } from "./dependencies.ts";
import { FileHashes } from "./file_hashes.ts";
import { notebookKey } from "./notebook_key.ts";
import { type NotebookTestOptions, outcomeOptions } from "./suite_options.ts";

/** What tells whether a notebook has to be run again. */
export interface KeyedNotebook {
  /** Changes with the notebook, its options, what it imports and the kernel. */
  readonly code: string;
  /** Changes with the data files that it names. */
  readonly data: string;
  /** What it depends on. */
  readonly dependencies: Dependencies;
}

/** The keys of notebooks as they and their files are now, by path. */
export async function keyNotebooks(
  collected: readonly CollectedNotebook[],
  options: NotebookTestOptions,
): Promise<Map<string, KeyedNotebook>> {
  const specs = new Map<string, KernelSpec | undefined>();
  // A parameter may name a file as well as the code does.
  const parameters = JSON.stringify(options.parameters ?? {});
  const questions = [];
  for (const { path, notebook } of collected) {
    if (notebook === undefined) continue;
    const name = options.kernel ?? kernelName(notebook);
    if (!specs.has(name)) specs.set(name, await findKernel(name).catch(() => undefined));
    const spec = specs.get(name);
    // Of a kernel elsewhere neither the version nor the packages are known here.
    if (spec === undefined || options.server !== undefined) continue;
    questions.push({
      path,
      spec,
      code: { folder: dirname(path), sources: [...sourcesOf(notebook), parameters] },
    });
  }
  const found = await findDependencies(questions);
  const dependencies = new Map(questions.map(({ path }, i) => [path, found[i]]));
  const hashes = new FileHashes();
  const keyed = new Map<string, KeyedNotebook>();
  for (const one of collected) {
    const found = dependencies.get(one.path) ?? NOTHING_KNOWN;
    const known = typeof options.stdin === "function"
      ? { ...found, unknown: "nobody knows what the function of the option stdin will answer" }
      : found;
    const key = await keyOf(one, { dependencies: known, options, hashes });
    if (key !== undefined) keyed.set(one.path, key);
  }
  return keyed;
}

/** The key of a notebook with its known dependencies as they are now. */
export async function keyOf(
  { path, notebook, outputs }: CollectedNotebook,
  { dependencies, options, hashes = new FileHashes() }: {
    readonly dependencies: Dependencies;
    readonly options: NotebookTestOptions;
    readonly hashes?: FileHashes;
  },
): Promise<KeyedNotebook | undefined> {
  if (notebook === undefined) return undefined;
  const key = await notebookKey({
    notebook,
    dependencies,
    folder: dirname(path),
    options: outcomeOptions(options),
    ...(options.compare === "off" ? {} : { outputs }),
  }, hashes);
  return { ...key, dependencies };
}

const NOTHING_KNOWN: Dependencies = {
  modules: [],
  data: [],
  facts: [],
  unknown: "the kernel is not on this machine",
};

function sourcesOf({ cells }: Notebook): string[] {
  return cells.flatMap((cell) => cell.cell_type === "code" ? [cell.source] : []);
}
