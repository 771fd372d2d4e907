// One notebook, one verdict: the only file of the suite that runs notebooks.
import { dirname } from "node:path";
import { cellRules } from "../compare/cell_rules.ts";
import { executeWarm, type NotebookResult } from "../execute/execute_notebook.ts";
import type { ExecuteHooks, RunStatus } from "../execute/execute_options.ts";
import type { Kernel } from "../kernels/kernel.ts";
import { loadNotebook } from "../notebook/load_notebook.ts";
import type { Notebook } from "../notebook/nbformat.ts";
import { KernelStartError, NotebookError } from "../runner_errors.ts";
import { judgeRun, judgeTypes } from "./judge_run.ts";
import { type NotebookTestOptions, runOptions, startOptions } from "./suite_options.ts";
import type { NotebookVerdict } from "./suite_result.ts";
import type { NotebookTypes } from "./suite_types.ts";

/** What a test of one notebook needs beside its options. */
export interface NotebookTest {
  /** Absolute path of the notebook. */
  readonly path: string;
  /** Path as shown to the user. */
  readonly shown: string;
  /** File for the executed notebook, if it is wanted. */
  readonly output?: string;
  /** What the type check finds, if there is one. */
  readonly types?: Promise<NotebookTypes>;
  /** Gives a kernel that is ready already, if there is one. */
  readonly takeKernel?: () => Promise<Kernel | undefined>;
  /** Called while the notebook runs. */
  readonly hooks?: ExecuteHooks;
  /** Called when the kernel has ended; the verdict may still wait for the type check. */
  readonly onRan?: (status: RunStatus) => void;
}

/** Runs a notebook and judges it. Whatever goes wrong becomes a verdict. */
export async function testNotebook(
  test: NotebookTest,
  options: NotebookTestOptions,
): Promise<NotebookVerdict> {
  try {
    const stored = await loadNotebook(test.path);
    // Before anything runs: a misspelt name in the last cell should not cost an hour of training.
    const types = await test.types;
    if (types !== undefined && types.faults.length > 0) {
      test.onRan?.("error");
      return await judgeTypes({ stored, types, test, options });
    }
    const result = await execute(stored, test, options);
    test.onRan?.(result.status);
    return await judgeRun({ stored, result, test, options });
  } catch (error) {
    return withoutRun(test.shown, error);
  }
}

/** The verdict about a notebook that could not be run, or whose run broke the runner. */
export function withoutRun(shown: string, error: unknown): NotebookVerdict {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  // A RangeError is about a tag of a cell; of any other error nobody knows yet where it belongs.
  const isOfNotebook = error instanceof NotebookError || error instanceof RangeError;
  const explainsItself = isOfNotebook || error instanceof KernelStartError;
  return {
    path: shown,
    verdict: isOfNotebook ? "failed" : "fault",
    status: name,
    durationMs: 0,
    cells: [],
    differences: [],
    typeFaults: [],
    warnings: [],
    message: explainsItself ? message : stack ?? message,
  };
}

async function execute(
  stored: Notebook,
  { path, output, takeKernel, hooks }: NotebookTest,
  options: NotebookTestOptions,
): Promise<NotebookResult> {
  return await executeWarm(stored, {
    ...runOptions(options),
    ...startOptions(options),
    cwd: dirname(path),
    recordTiming: true,
    treatment: cellRules,
    ...(hooks === undefined ? {} : { hooks }),
    ...(output === undefined ? {} : { autosave: output }),
    ...(takeKernel === undefined ? {} : { takeKernel }),
  });
}
