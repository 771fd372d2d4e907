import { AbsentPackageError } from "../../_internal/load_package.ts";
import { kernelName } from "../execute/execute_notebook.ts";
import type { Notebook } from "../notebook/nbformat.ts";
import { injectParameters, type Parameters } from "../notebook/parameters.ts";
import type { TypeFault } from "../typecheck/type_fault.ts";
import type { CollectedNotebook } from "./collect.ts";
import type { NotebookTestOptions } from "./suite_options.ts";

/** What the type check says of one notebook. */
export interface NotebookTypes {
  readonly faults: readonly TypeFault[];
  /** What could not be checked. */
  readonly warnings: readonly string[];
}

const NO_TYPES: NotebookTypes = { faults: [], warnings: [] };

/**
 * Begins the type check of all notebooks together, in one process a project, and gives for each what
 * will be found. Undefined for notebooks of other kernels, and where there is no deno to check with.
 */
export function startTypeChecks(
  collected: readonly CollectedNotebook[],
  { checkTypes = true, kernel, parameters = {}, signal }: NotebookTestOptions,
): (path: string) => Promise<NotebookTypes> | undefined {
  const files = collected.flatMap(({ path, notebook }) =>
    notebook !== undefined && (kernel ?? kernelName(notebook)) === "deno"
      ? [{ path, notebook: withParameters(notebook, parameters) }]
      : []
  );
  if (!checkTypes || files.length === 0) return () => undefined;
  const checked = check(files, signal);
  // A fault of the check itself is thrown where it is awaited, once for each notebook.
  checked.catch(() => undefined);
  const paths = new Set(files.map(({ path }) => path));
  return (path) =>
    paths.has(path) ? checked.then((found) => found.get(path) ?? NO_TYPES) : undefined;
}

/** A notebook as it is run with parameters, whose names may be declared nowhere else. */
export function withParameters(notebook: Notebook, parameters: Parameters): Notebook {
  if (Object.keys(parameters).length === 0) return notebook;
  const copy = structuredClone(notebook);
  injectParameters(copy, { parameters, language: "typescript" });
  return copy;
}

async function check(
  files: readonly (Pick<Required<CollectedNotebook>, "path" | "notebook">)[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, NotebookTypes>> {
  const { checkTypes } = await import("../typecheck/check_types.ts");
  const { faults, unchecked } = await checkTypes(files, signal === undefined ? {} : { signal })
    .catch((error: unknown) => {
      // Notebooks run without their types being checked, too.
      if (!(error instanceof AbsentPackageError)) throw error;
      const { message: reason } = error;
      return { faults: [], unchecked: files.map(({ path }) => ({ path, reason })) };
    });
  return new Map(files.map(({ path }) => [path, {
    faults: faults.filter((fault) => fault.path === path),
    warnings: unchecked.filter((one) => one.path === path)
      .map(({ reason }) => `Types not checked: ${reason}`),
  }]));
}
