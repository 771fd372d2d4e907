import { relative } from "node:path";
import { cellRules } from "../compare/cell_rules.ts";
import type { CodeCell } from "../notebook/nbformat.ts";
import { NotebookError } from "../runner_errors.ts";
import { collect } from "./collect.ts";
import { findNotebooks, globExpression } from "./find_notebooks.ts";
import { type LiveCell, LiveCells } from "./live_cells.ts";
import {
  checkSuiteOptions,
  folderOf,
  type NotebookTestOptions,
  TEST_OPTIONS,
} from "./suite_options.ts";
import type { NotebookVerdict } from "./suite_result.ts";
import { startTypeChecks } from "./suite_types.ts";
import { testHost, type TestSteps } from "./test_host.ts";
import { testNotebook } from "./test_notebook.ts";
import { differenceLine, typeFaultLine } from "./verdict_text.ts";

/** Options of {@linkcode notebookTest}. */
export interface NotebookTestRegistration extends NotebookTestOptions {
  /** Patterns of notebooks that are listed and not run, relative to `cwd`. @default {[]} */
  readonly ignore?: string | readonly string[];
}

/**
 * Registers a test for each notebook, with a step for each code cell, in the test runner that loads
 * the file: `Deno.test`, or `node:test` in Node. A cell that fails, or whose outputs are not as
 * stored, fails its step; cells that are not run are skipped steps. Call it at the top of a file.
 *
 * @throws {NotebookError} where no notebook is found: a test that tests nothing must not be green
 * @throws {TypeError} for unknown options
 * @throws {RangeError} for numbers out of range
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { notebookTest } from "@qsight/qsight/runner";
 *
 * // In a test file, at the top: notebookTest("notebooks/*.ipynb", { timeout: 60_000 });
 * assert.throws(() => notebookTest("no_such_*.ipynb"), /no notebook matches/);
 * ```
 */
export function notebookTest(
  patterns: string | readonly string[],
  options: NotebookTestRegistration = {},
): void {
  const known = [...TEST_OPTIONS, "ignore"].filter((name) => name !== "output");
  checkSuiteOptions("notebookTest", options, known);
  const { ignore = [], ...test } = options;
  const cwd = folderOf(test);
  const paths = findNotebooks(patterns, { cwd });
  if (paths.length === 0) {
    throw new NotebookError(
      "missing",
      `notebookTest: no notebook matches ${[patterns].flat().join(", ")} in ${cwd}. ` +
        "Correct the pattern, or set cwd, e.g. to import.meta.dirname",
    );
  }
  const ignored = [ignore].flat().map(globExpression);
  const host = testHost();
  for (const path of paths) {
    const name = relative(cwd, path) || path;
    host.register({
      name,
      ignore: ignored.some((expression) => expression.test(name)),
      run: (steps) => runSteps({ path, shown: name }, { steps, options: test }),
    });
  }
}

/** A running test, with what its steps have found. */
interface Running {
  readonly steps: TestSteps;
  readonly options: NotebookTestOptions;
}

async function runSteps(
  notebook: { readonly path: string; readonly shown: string },
  { steps, options }: Running,
): Promise<void> {
  const collected = await collect(notebook.path, notebook.shown);
  const types = startTypeChecks([collected], options)(notebook.path);
  const live = new LiveCells();
  const verdict = testNotebook({
    ...notebook,
    hooks: live.hooks,
    ...(types === undefined ? {} : { types }),
  }, options);
  const problems: string[] = [];
  const cells = await Promise.race([live.cells(), verdict.then(() => [])]);
  for (const cell of cells) {
    await cellStep(cell, { steps, options, live, verdict, problems });
  }
  const { typeFaults, verdict: word, message, status } = await verdict;
  if (types !== undefined) {
    await steps.step("types", () => {
      problems.push(...typeFaults.map(typeFaultLine));
      return throwAll(typeFaults.map(typeFaultLine));
    });
  }
  if (word !== "passed" && problems.length === 0) throw failure(message ?? status);
}

/** A step for a cell: it ends with the cell, or where outputs are compared with the notebook. */
async function cellStep(
  { cellIndex, cell }: LiveCell,
  { steps, options, live, verdict, problems }: Running & {
    readonly live: LiveCells;
    readonly verdict: Promise<NotebookVerdict>;
    readonly problems: string[];
  },
): Promise<void> {
  const name = `cell ${cellIndex}: ${firstLine(cell)}`;
  const reached = await Promise.race([
    live.reached(cellIndex),
    verdict.then(() => "left out" as const),
  ]);
  if (reached === "left out") return await steps.skip(name);
  await steps.step(name, async () => {
    const result = await Promise.race([live.completed(cellIndex), verdict.then(() => undefined)]);
    const { compare = "tagged" } = options;
    const isCompared = compare === "all" ||
      compare === "tagged" && cellRules(cell).check !== undefined;
    const { differences } = isCompared ? await verdict : { differences: [] };
    const isOk = result?.status === "ok" || result?.status === "allowed_error";
    const reason = isOk ? [] : [result?.error?.message ?? (await verdict).message ?? "not run"];
    const found = [
      ...reason,
      ...differences.filter((one) => (one.executedIndex ?? one.cellIndex) === cellIndex)
        .map(differenceLine),
    ];
    if (options.update === true && (await verdict).status === "updated") return;
    problems.push(...found);
    throwAll(found);
  });
}

function throwAll(problems: readonly string[]): Promise<void> {
  if (problems.length > 0) throw failure(problems.join("\n"));
  return Promise.resolve();
}

/** An error of the notebook: where in this file it is thrown helps nobody. */
function failure(message: string): Error {
  const error = new Error(message);
  error.stack = `Error: ${message}`;
  return error;
}

function firstLine({ source }: CodeCell): string {
  const line = source.split("\n").find((text) => text.trim() !== "") ?? "(empty)";
  return Array.from(line.trim()).slice(0, 60).join("");
}
