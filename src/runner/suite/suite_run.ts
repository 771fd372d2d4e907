import { dirname } from "node:path";
import type { ExecuteHooks, RunStatus } from "../execute/execute_options.ts";
import { kernelName, systemClock } from "../execute/execute_notebook.ts";
import { findKernel } from "../kernels/kernel_spec.ts";
import { startKernel } from "../kernels/start_kernel.ts";
import type { Notebook } from "../notebook/nbformat.ts";
import type { CollectedNotebook } from "./collect.ts";
import type { SuiteOptions } from "./suite_options.ts";
import type { NotebookVerdict } from "./suite_result.ts";
import { testNotebook, withoutRun } from "./test_notebook.ts";
import type { NotebookTypes } from "./suite_types.ts";
import { createGate } from "../wait.ts";
import { WarmKernels } from "./warm_kernels.ts";

/** What a suite knows before its first notebook runs. */
export interface SuitePlan {
  /** Notebooks that are to run, in the order in which they begin. */
  readonly queue: readonly CollectedNotebook[];
  /** How many run at once. */
  readonly jobs: number;
  /** Where executed notebooks go, by path. */
  readonly outputs: ReadonlyMap<string, string>;
  /** What the type check finds in a notebook; undefined where none is made. */
  readonly typesOf: (path: string) => Promise<NotebookTypes> | undefined;
  /** Called with each verdict before it is reported. */
  readonly onVerdict: (one: CollectedNotebook, verdict: NotebookVerdict) => Promise<void>;
}

/** Runs the notebooks of a suite, some at once, and stops all of them when one way out is taken. */
export class SuiteRun {
  readonly #plan: SuitePlan;
  readonly #options: SuiteOptions;
  readonly #queue: CollectedNotebook[];
  readonly #verdicts: NotebookVerdict[] = [];
  /** Verdicts that are made and reported. */
  readonly #settling: Promise<void>[] = [];
  readonly #warm: WarmKernels | undefined;
  readonly #stop = new AbortController();
  /** The notebook that stopped the others, with `failFast`. */
  #failed: string | undefined;

  constructor(plan: SuitePlan, options: SuiteOptions) {
    this.#plan = plan;
    this.#options = options;
    this.#queue = [...plan.queue];
    const { prewarm = true, server } = options;
    if (!prewarm || server !== undefined) return;
    this.#warm = new WarmKernels({
      most: plan.jobs,
      start: (path, signal) => this.#startKernel(path, signal),
    });
  }

  /** Resolves to a verdict for each notebook of the plan. Nothing runs any more then. */
  async run(): Promise<NotebookVerdict[]> {
    const { signal } = this.#options;
    const onAbort = () => this.#stop.abort(signal?.reason);
    signal?.addEventListener("abort", onAbort, { once: true });
    if (signal?.aborted) onAbort();
    try {
      // The first kernels start while the types of all notebooks are checked.
      await this.#startAhead();
      await Promise.all(Array.from({ length: this.#plan.jobs }, () => this.#work()));
      await Promise.all(this.#settling);
    } finally {
      signal?.removeEventListener("abort", onAbort);
      // What a hook throws ends the suite as well, and then kernels are still running.
      await Promise.allSettled(this.#settling);
      await this.#warm?.stop();
    }
    for (const { shown } of this.#queue) await this.#report(skipped(shown, this.#why()));
    return this.#verdicts;
  }

  async #work(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const one = this.#queue.shift();
      if (one === undefined) return;
      const ran = createGate();
      const onRan = (status: RunStatus) => {
        if (status !== "ok" && status !== "aborted") this.#fail(one.shown);
        ran.open();
      };
      const settled = this.#test(one, onRan).then((verdict) => this.#settle(one, verdict));
      this.#settling.push(settled);
      // It is awaited later, at the latest at the end.
      settled.catch((error) => this.#stop.abort(error));
      // While a verdict waits for the type check of all notebooks, the next one runs.
      await Promise.race([ran.opened, settled]);
    }
  }

  async #settle(one: CollectedNotebook, verdict: NotebookVerdict): Promise<void> {
    await this.#plan.onVerdict(one, verdict);
    if (verdict.verdict === "failed" || verdict.verdict === "fault") this.#fail(verdict.path);
    await this.#report(verdict);
  }

  /** With `failFast` one failure stops all others, before its own verdict is made in full. */
  #fail(path: string): void {
    if (this.#options.failFast !== true) return;
    this.#failed ??= path;
    this.#stop.abort(new Error(this.#why()));
  }

  async #test(
    one: CollectedNotebook,
    onRan: (status: RunStatus) => void,
  ): Promise<NotebookVerdict> {
    const { path, shown, error } = one;
    if (error !== undefined) return withoutRun(shown, error);
    const output = this.#plan.outputs.get(path);
    const types = this.#plan.typesOf(path);
    const warm = this.#warm;
    const verdict = await testNotebook({
      path,
      shown,
      onRan,
      hooks: this.#hooks(shown),
      ...(output === undefined ? {} : { output }),
      ...(types === undefined ? {} : { types }),
      ...(warm === undefined ? {} : { takeKernel: () => warm.take(path) }),
    }, { ...this.#options, signal: this.#stop.signal });
    // A notebook whose types are wrong needs no kernel.
    await (await warm?.take(path))?.stop({ grace: 0 });
    // It was stopped by another one, not by the user.
    if (verdict.verdict === "interrupted" && this.#failed !== undefined) {
      return { ...verdict, verdict: "skipped", message: this.#why() };
    }
    return verdict;
  }

  #hooks(path: string): ExecuteHooks {
    const { hooks } = this.#options;
    let number = 0;
    return {
      onStart: ({ notebook }) => {
        hooks?.onNotebookStart?.({ path, cells: codeCells(notebook) });
        void this.#startAhead();
      },
      onCellStart: ({ cellIndex }) => {
        number++;
        hooks?.onCellStart?.({ path, cellIndex, number });
      },
      onCellComplete: (result) => hooks?.onCellComplete?.({ path, result }),
    };
  }

  /** Begins to start the kernels of the notebooks that are next. */
  async #startAhead(): Promise<void> {
    await this.#warm?.warm(this.#queue.filter((one) => one.notebook).map((one) => one.path));
  }

  async #startKernel(path: string, signal: AbortSignal) {
    const { kernel, env, startupTimeout, maxOutputBytes, clock = systemClock } = this.#options;
    const { notebook } = this.#plan.queue.find((one) => one.path === path)!;
    const spec = await findKernel(kernel ?? kernelName(notebook!));
    return await startKernel(spec, {
      cwd: dirname(path),
      clock,
      signal,
      ...(env === undefined ? {} : { env }),
      ...(startupTimeout === undefined ? {} : { startupTimeout }),
      ...(maxOutputBytes === undefined ? {} : { maxOutputBytes }),
    });
  }

  async #report(verdict: NotebookVerdict): Promise<void> {
    this.#verdicts.push(verdict);
    await this.#options.hooks?.onVerdict?.(verdict);
  }

  #why(): string {
    return this.#failed === undefined
      ? "Not run: the suite was interrupted"
      : `Not run: ${this.#failed} failed, and failFast is set`;
  }
}

/** The verdict about a notebook that was never begun. */
export function skipped(path: string, message: string): NotebookVerdict {
  return {
    path,
    verdict: "skipped",
    status: "not_run",
    durationMs: 0,
    ...{ cells: [], differences: [], typeFaults: [], warnings: [] },
    message,
  };
}

function codeCells({ cells }: Notebook): number {
  return cells.filter((cell) => cell.cell_type === "code" && cell.source.trim() !== "").length;
}
