import { systemClock } from "../execute/execute_notebook.ts";
import { isTextNotebook } from "../notebook/nbformat.ts";
import { availableCpus, availableMemory } from "./available_machine.ts";
import { type CollectedNotebook, collectNotebooks } from "./collect.ts";
import { findNotebooks } from "./find_notebooks.ts";
import { outputPaths } from "./output_paths.ts";
import { SuiteCache } from "./suite_cache.ts";
import { checkSuiteOptions, folderOf, type SuiteOptions } from "./suite_options.ts";
import type { NotebookVerdict, SuiteResult } from "./suite_result.ts";
import { SuiteRun } from "./suite_run.ts";
import { startTypeChecks } from "./suite_types.ts";

/**
 * Runs notebooks as a test suite, some at once, and gives a verdict about each: whether its cells
 * run, whether tagged outputs are still as stored, whether its types fit. Notebooks are `.ipynb`
 * files, Markdown documents and percent scripts; see {@linkcode findNotebooks} for the patterns.
 *
 * What goes wrong with one notebook is its verdict and does not touch the others. No kernel is left
 * when the promise settles.
 *
 * @throws {NotebookError} for a plain path where nothing is
 * @throws {TypeError} for unknown options, and for `update` with documents, which store no outputs
 * @throws {RangeError} for numbers out of range, or an `output` folder that holds the notebooks
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { mkdtemp, rm } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { parseNotebook, saveNotebook, testNotebooks } from "@qsight/qsight/runner";
 *
 * const folder = await mkdtemp(join(tmpdir(), "qsight-example-"));
 * const cell = { cell_type: "code", source: "const half = 1 / 2;", metadata: {} };
 * await saveNotebook(join(folder, "half.ipynb"), parseNotebook(JSON.stringify({
 *   nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [cell],
 * })));
 * const { verdicts } = await testNotebooks("*.ipynb", { cwd: folder, timeout: 60_000 });
 * assert.deepEqual(verdicts.map(({ path, verdict }) => [path, verdict]), [["half.ipynb", "passed"]]);
 * await rm(folder, { recursive: true });
 * ```
 */
export async function testNotebooks(
  patterns: string | readonly string[],
  options: SuiteOptions = {},
): Promise<SuiteResult> {
  checkSuiteOptions("testNotebooks", options);
  const { clock = systemClock } = options;
  const start = clock();
  const { paths, warnings } = findSuite(patterns, options);
  const collected = await collectSuite(paths, options);
  const result = await runSuite(collected, options);
  return {
    verdicts: result.verdicts,
    warnings: [...warnings, ...result.warnings],
    found: paths.length,
    durationMs: clock() - start,
  };
}

/** What the patterns of a suite name. */
export interface FoundSuite {
  /** Absolute paths, sorted. */
  readonly paths: readonly string[];
  /** Notebooks in the output folder, which are taken for what an earlier run left. */
  readonly warnings: readonly string[];
}

/**
 * The notebooks that the patterns name, without those in the output folder.
 *
 * @throws {RangeError} where all of them are there
 */
export function findSuite(
  patterns: string | readonly string[],
  options: SuiteOptions,
): FoundSuite {
  const { output } = options;
  const cwd = folderOf(options);
  const all = findNotebooks(patterns, { cwd });
  if (output === undefined) return { paths: all, warnings: [] };
  const paths = findNotebooks(patterns, { cwd, exclude: output });
  const left = all.length - paths.length;
  if (left === 0) return { paths, warnings: [] };
  if (paths.length === 0) {
    throw new RangeError(
      `The output folder ${output} would overwrite the notebooks: all that were found lie in it. ` +
        "Choose another folder; to store fresh outputs in the notebooks themselves, use update",
    );
  }
  return { paths, warnings: [`${left} notebook(s) in the output folder ${output} are not tested`] };
}

/** Reads the notebooks of the suite and keeps those of its filter and shard. */
export async function collectSuite(
  paths: readonly string[],
  options: SuiteOptions,
): Promise<CollectedNotebook[]> {
  const { filter, shard, update } = options;
  const collected = await collectNotebooks(paths, {
    cwd: folderOf(options),
    ...(filter === undefined ? {} : { filter }),
    ...(shard === undefined ? {} : { shard }),
  });
  const document = collected.find(({ path }) => isTextNotebook(path));
  if (update === true && document !== undefined) {
    throw new TypeError(
      `update: ${document.shown} is a document and has no place for outputs. ` +
        "Leave it out, or update only .ipynb files",
    );
  }
  return collected;
}

/** Runs collected notebooks; the verdicts are sorted by path. */
export async function runSuite(
  collected: readonly CollectedNotebook[],
  options: SuiteOptions,
): Promise<Pick<SuiteResult, "verdicts" | "warnings">> {
  const { hooks, output } = options;
  const outputs = output === undefined
    ? new Map<string, string>()
    : outputPaths(collected.map(({ path }) => path), { output, cwd: folderOf(options) });
  hooks?.onStart?.({ paths: collected.map(({ shown }) => shown) });
  const cache = await SuiteCache.open(collected, options);
  const unchanged = collected.filter((one) => cache.has(one)).map(({ shown }) => cached(shown));
  for (const verdict of unchanged) await hooks?.onVerdict?.(verdict);
  const queue = cache.longestFirst(collected.filter((one) => !cache.has(one)));
  const jobs = Math.min(options.jobs ?? await defaultJobs(options), Math.max(1, queue.length));
  const run = new SuiteRun({
    queue: jobs === 1 ? queue.toSorted((a, b) => (a.path < b.path ? -1 : 1)) : queue,
    jobs,
    outputs,
    typesOf: startTypeChecks(queue, options),
    onVerdict: (one, verdict) => cache.remember(one, verdict),
  }, options);
  const verdicts = [...unchanged, ...await run.run()];
  verdicts.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return { verdicts, warnings: cache.warnings };
}

function cached(path: string): NotebookVerdict {
  return {
    path,
    verdict: "cached",
    status: "unchanged",
    durationMs: 0,
    ...{ cells: [], differences: [], typeFaults: [], warnings: [] },
    message: "Passed before, and neither it nor what it depends on has changed since",
  };
}

/** As many as there are processors, and as the memory limit of each allows. */
async function defaultJobs({ maxMemoryBytes }: SuiteOptions): Promise<number> {
  const cpus = await availableCpus();
  if (maxMemoryBytes === undefined) return cpus;
  return Math.max(1, Math.min(cpus, Math.floor(await availableMemory() / maxMemoryBytes)));
}
