import { relative } from "node:path";
import type { Notebook } from "../notebook/nbformat.ts";
import { loadNotebook } from "../notebook/load_notebook.ts";
import { NotebookError } from "../runner_errors.ts";
import { outputsHash } from "./notebook_key.ts";
import { type Shard, takeShard } from "./shard.ts";

/** A notebook of a suite. */
export interface CollectedNotebook {
  /** Absolute path. */
  readonly path: string;
  /** Path as shown to the user. */
  readonly shown: string;
  /** Without outputs, which of hundreds of notebooks together would fill the memory. */
  readonly notebook?: Notebook;
  /** Checksum of the stored outputs. */
  readonly outputs: string;
  /** Why there is no notebook. */
  readonly error?: NotebookError;
}

/** Reads the notebooks and keeps those that the filter and the shard are about. */
export async function collectNotebooks(
  paths: readonly string[],
  { cwd, filter, shard }: {
    readonly cwd: string;
    readonly filter?: string;
    readonly shard?: Shard;
  },
): Promise<CollectedNotebook[]> {
  const collected: CollectedNotebook[] = [];
  for (const path of paths) {
    const one = await collect(path, relative(cwd, path) || path);
    if (filter === undefined || isNamed(one, filter.toLowerCase())) collected.push(one);
  }
  return shard === undefined ? collected : takeShard(collected, shard);
}

/** Reads one notebook; what cannot be read is an entry with the reason. */
export async function collect(path: string, shown: string): Promise<CollectedNotebook> {
  try {
    const notebook = await loadNotebook(path);
    const outputs = outputsHash(notebook);
    for (const cell of notebook.cells) if (cell.cell_type === "code") cell.outputs = [];
    return { path, shown, notebook, outputs };
  } catch (error) {
    if (!(error instanceof NotebookError)) throw error;
    return { path, shown, outputs: "", error };
  }
}

/** The text stands in the path or in a heading. */
function isNamed({ shown, notebook }: CollectedNotebook, text: string): boolean {
  if (shown.toLowerCase().includes(text)) return true;
  return notebook?.cells.some((cell) =>
    cell.cell_type === "markdown" &&
    [...cell.source.matchAll(/^#{1,6}\s+(.+)$/gm)].some(([, heading]) =>
      heading.toLowerCase().includes(text)
    )
  ) ?? false;
}
