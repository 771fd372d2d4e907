import { realpath } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { checkOptions } from "../../_internal/check_options.ts";
import { findKernel } from "../kernels/kernel_spec.ts";
import { checkGroup, type PlacedCheck } from "./check_group.ts";
import { NotebookCheck, type NotebookFile } from "./notebook_check.ts";
import { notDenoTypeScript } from "./notebook_kernel.ts";
import { openCellParser } from "./parse_cell.ts";
import { projectFolder } from "./project_folder.ts";
import type { TypeFault } from "./type_fault.ts";

/** Options of {@linkcode checkTypes}. */
export interface CheckTypesOptions {
  /** Path of Deno's executable. @default the running Deno, or `deno` on PATH */
  readonly deno?: string;
  /** Stops the check; what is not checked by then is said to be unchecked. */
  readonly signal?: AbortSignal;
  /** Milliseconds for the whole check. @default {300000} */
  readonly timeout?: number;
}

/** A notebook, or a part of it, that was not checked. */
export interface UncheckedNotebook {
  /** Path of the notebook, as it was given. */
  readonly path: string;
  /** Why, in a sentence without a capital or a full stop. */
  readonly reason: string;
}

/** What a type check found. */
export interface TypeCheckResult {
  /** In the order of the notebooks and their cells. */
  readonly faults: readonly TypeFault[];
  /** What no fault could be found in; a notebook may be here and have faults too. */
  readonly unchecked: readonly UncheckedNotebook[];
}

/**
 * Checks the types of the cells of TypeScript notebooks before anything runs, with one process of
 * `deno check` for all notebooks of a project, however many. A cell may use what any earlier cell
 * declares, and declare it again as the Deno kernel allows; imports and compiler options are those
 * that a kernel in the notebook's folder has. While it runs, a hidden file stands beside each
 * notebook.
 *
 * Not checked are cells tagged `skip-execution`, which declare nothing either. Not reported is what
 * is wrong in cells tagged `raises-exception` or `no-type-check`, or with `// @ts-nocheck` at the
 * top; what they declare is known to the other cells. Parameters may have any value of their type.
 *
 * @param notebooks the notebooks, each with its path: its folder must exist, the file need not
 * @throws {TypeError} for unknown options
 * @throws {RangeError} for a time limit that is not a positive number
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { checkTypes, parseNotebook } from "@qsight/qsight/runner";
 *
 * const cells = ["let epochs = 3", 'epochs = "many"'].map((source) => (
 *   { cell_type: "code", source, metadata: {} }
 * ));
 * const notebook = parseNotebook(JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }));
 * const { faults } = await checkTypes([{ path: "example.ipynb", notebook }]);
 * const [{ cellIndex, line, column, code, message }] = faults;
 * assert.deepEqual([cellIndex, line, column, code], [1, 1, 1, "TS2322"]);
 * assert.equal(message, "Type 'string' is not assignable to type 'number'.");
 * ```
 */
export async function checkTypes(
  notebooks: readonly NotebookFile[],
  options: CheckTypesOptions = {},
): Promise<TypeCheckResult> {
  checkOptions("checkTypes", options, ["deno", "signal", "timeout"]);
  const { timeout = 300_000, signal } = options;
  if (!(timeout > 0)) {
    throw new RangeError(`checkTypes: timeout is ${timeout}, wanted positive milliseconds`);
  }
  const parse = await openCellParser();
  const results = notebooks.map((file) => {
    const reason = notDenoTypeScript(file.notebook);
    return reason === undefined ? new NotebookCheck(file, parse) : { path: file.path, reason };
  });
  const checks = results.filter((result) => result instanceof NotebookCheck);
  const limit = new AbortController();
  const stop = () => limit.abort();
  const timer = setTimeout(stop, timeout);
  signal?.addEventListener("abort", stop);
  if (signal?.aborted) stop();
  try {
    await compile(checks.filter((check) => !check.isEmpty), {
      ...options,
      timeout,
      signal: limit.signal,
    });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  }
  return {
    faults: checks.flatMap((check) => check.faults),
    unchecked: results.flatMap((result) =>
      result instanceof NotebookCheck
        ? result.gaps.map((reason) => ({ path: result.path, reason }))
        : [result]
    ),
  };
}

async function compile(
  checks: readonly NotebookCheck[],
  { deno, timeout, signal }: CheckTypesOptions & {
    readonly timeout: number;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  if (checks.length === 0) return;
  const program = deno ?? await findDeno();
  if (program === undefined) {
    const reason = "there is no deno to check it: neither is this Deno, nor is deno on PATH";
    for (const { gaps } of checks) gaps.push(reason);
    return;
  }
  const groups = new Map<string | undefined, PlacedCheck[]>(),
    alone: [string | undefined, PlacedCheck[]][] = [];
  for (const check of checks) {
    try {
      // As a kernel sees it: its folder is without links.
      const folder = await realpath(dirname(resolve(check.path)));
      const project = await projectFolder(folder);
      const placed = { check, folder };
      // What one notebook declares for all modules is nothing to the others.
      if (check.hasGlobals) alone.push([project, [placed]]);
      else groups.set(project, [...groups.get(project) ?? [], placed]);
    } catch (error) {
      check.gaps.push(`its folder cannot be read: ${(error as Error).message}`);
    }
  }
  for (const [project, group] of [...groups, ...alone]) {
    await checkGroup(group, { deno: program, project, timeout, signal });
  }
}

async function findDeno(): Promise<string | undefined> {
  return (await findKernel("deno").catch(() => undefined))?.argv[0];
}
