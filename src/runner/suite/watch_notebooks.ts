import { stat } from "node:fs/promises";
import { systemClock } from "../execute/execute_notebook.ts";
import { NotebookError } from "../runner_errors.ts";
import { within } from "../wait.ts";
import { collect, type CollectedNotebook } from "./collect.ts";
import { type KeyedNotebook, keyNotebooks, keyOf } from "./suite_keys.ts";
import { checkSuiteOptions, SUITE_OPTIONS, type SuiteOptions } from "./suite_options.ts";
import type { SuiteResult } from "./suite_result.ts";
import { collectSuite, findSuite, runSuite } from "./test_notebooks.ts";

/** Options of {@linkcode watchNotebooks}. */
export interface WatchOptions extends SuiteOptions {
  /** Ends the watch; what runs then is stopped. */
  readonly signal: AbortSignal;
  /** Called after each round with what it came to. */
  readonly onRound: (result: SuiteResult) => void | Promise<void>;
  /** Milliseconds between two looks at the files. @default {300} */
  readonly interval?: number;
}

/** What is known of a notebook since its last run. */
interface Watched {
  readonly keyed: KeyedNotebook | undefined;
  /** Time and size of each file that it depends on, as they were then. */
  readonly stamps: ReadonlyMap<string, string>;
}

/**
 * Tests notebooks, and again those that change, or whose local modules and data change, until the
 * signal is aborted. New notebooks that fit the patterns are picked up. Looks at times and sizes of
 * files, and then at their content: saving a notebook without a change, or its own writing of a data
 * file or of updated outputs, starts nothing.
 *
 * @throws {TypeError} and others as `testNotebooks`, before the first round
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { watchNotebooks } from "@qsight/qsight/runner";
 *
 * const controller = new AbortController();
 * const rounds: number[] = [];
 * await watchNotebooks("no_such_*.ipynb", {
 *   signal: controller.signal, // here at once; else when the user has had enough
 *   onRound: ({ verdicts }) => {
 *     rounds.push(verdicts.length);
 *     controller.abort();
 *   },
 * });
 * assert.deepEqual(rounds, [0]);
 * ```
 */
export async function watchNotebooks(
  patterns: string | readonly string[],
  options: WatchOptions,
): Promise<void> {
  checkSuiteOptions("watchNotebooks", options, [...SUITE_OPTIONS, "onRound", "interval"]);
  await new NotebookWatch(patterns, options).run();
}

class NotebookWatch {
  readonly #patterns: string | readonly string[];
  readonly #options: WatchOptions;
  readonly #suite: SuiteOptions;
  readonly #watched = new Map<string, Watched>();

  constructor(patterns: string | readonly string[], options: WatchOptions) {
    this.#patterns = patterns;
    this.#options = options;
    const { onRound: _onRound, interval: _interval, ...suite } = options;
    this.#suite = suite;
  }

  async run(): Promise<void> {
    const { signal } = this.#options;
    await this.#round(findSuite(this.#patterns, this.#suite).paths, { isFirst: true });
    while (!signal.aborted) {
      const paths = this.#find();
      for (const path of this.#watched.keys()) {
        if (!paths.includes(path)) this.#watched.delete(path);
      }
      const touched = await this.#touched(paths);
      if (touched.length > 0) await this.#settled(touched);
      if (touched.length > 0 && !signal.aborted) await this.#round(touched, { isFirst: false });
      await this.#pause();
    }
  }

  /** A folder that was removed, or is just being replaced, has no notebooks for now. */
  #find(): readonly string[] {
    try {
      return findSuite(this.#patterns, this.#suite).paths;
    } catch (error) {
      if (error instanceof NotebookError || error instanceof RangeError) return [];
      throw error;
    }
  }

  /** Runs those of the notebooks that are not as they were when they last ran. */
  async #round(paths: readonly string[], { isFirst }: { readonly isFirst: boolean }) {
    const { clock = systemClock, onRound } = this.#options;
    const start = clock();
    const all = await collectSuite(this.#find(), this.#suite);
    const collected = all.filter(({ path }) => paths.includes(path));
    const keys = await keyNotebooks(collected, this.#suite);
    const changed = [];
    for (const one of collected) {
      const keyed = keys.get(one.path);
      const stamps = await stampsOf(filesOf(one.path, keyed));
      const known = this.#watched.get(one.path)?.keyed;
      const isSame = keyed !== undefined && keyed.code === known?.code &&
        keyed.data === known.data;
      if (!isSame) changed.push(one);
      this.#watched.set(one.path, { keyed, stamps });
    }
    // What the filter or the shard leaves out is not looked at again until it changes.
    for (const path of paths) {
      if (!keys.has(path)) {
        this.#watched.set(path, { keyed: undefined, stamps: await stampsOf([path]) });
      }
    }
    if (changed.length === 0 && !isFirst) return;
    const result = await runSuite(changed, this.#suite);
    await this.#settleOwnWrites(changed, result);
    await onRound({ ...result, found: all.length, durationMs: clock() - start });
  }

  /** Data files and updated outputs that a run has written are no reason to run again. */
  async #settleOwnWrites(
    changed: readonly CollectedNotebook[],
    { verdicts }: Pick<SuiteResult, "verdicts">,
  ): Promise<void> {
    for (const { path, shown } of changed) {
      const { keyed, stamps } = this.#watched.get(path)!;
      if (keyed === undefined) continue;
      const { dependencies } = keyed;
      const isUpdated = verdicts.some((one) => one.path === shown && one.status === "updated");
      const own = [...dependencies.data, ...(isUpdated ? [path] : [])];
      const fresh = await stampsOf(own);
      const now = await keyOf(await collect(path, shown), { dependencies, options: this.#suite });
      const code = isUpdated && now !== undefined ? now.code : keyed.code;
      this.#watched.set(path, {
        keyed: { dependencies, code, data: now?.data ?? keyed.data },
        stamps: new Map([...stamps, ...fresh]),
      });
    }
  }

  /** Notebooks that are new or depend on a file whose time or size has changed. */
  async #touched(paths: readonly string[]): Promise<string[]> {
    const stamps = await stampsOf([
      ...new Set([...this.#watched.values()].flatMap((watched) => [...watched.stamps.keys()])),
    ]);
    return paths.filter((path) => {
      const watched = this.#watched.get(path);
      if (watched === undefined) return true;
      return [...watched.stamps].some(([file, stamp]) => stamps.get(file) !== stamp);
    });
  }

  /** Waits until nothing has changed for an interval: editors and git write in several steps. */
  async #settled(paths: readonly string[]): Promise<void> {
    const files = paths.flatMap((path) => [path, ...this.#watched.get(path)?.stamps.keys() ?? []]);
    for (let before = ""; !this.#options.signal.aborted;) {
      const now = JSON.stringify([...await stampsOf(files)]);
      if (now === before) return;
      before = now;
      await this.#pause();
    }
  }

  async #pause(): Promise<void> {
    const { signal, interval = 300 } = this.#options;
    if (signal.aborted) return;
    let onAbort = () => {};
    const aborted = new Promise<void>((resolve) => {
      onAbort = resolve;
      signal.addEventListener("abort", onAbort, { once: true });
    });
    await within(aborted, interval);
    signal.removeEventListener("abort", onAbort);
  }
}

function filesOf(path: string, keyed: KeyedNotebook | undefined): string[] {
  return [path, ...keyed?.dependencies.modules ?? [], ...keyed?.dependencies.data ?? []];
}

async function stampsOf(paths: readonly string[]): Promise<Map<string, string>> {
  const entries = paths.map(async (path) => {
    const file = await stat(path).catch(() => undefined);
    return [path, file === undefined ? "absent" : `${file.mtimeMs} ${file.size}`] as const;
  });
  return new Map(await Promise.all(entries));
}
