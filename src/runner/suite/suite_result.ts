import type { OutputDifference } from "../compare/output_difference.ts";
import type { CellResult } from "../execute/execute_options.ts";
import type { TypeFault } from "../typecheck/type_fault.ts";

/**
 * What a test of a notebook came to. "failed" is the notebook's fault, "fault" the kernel's or the
 * runner's; "interrupted" was cut off by the signal; "skipped" was not run, or stopped, because
 * another one failed or the suite was interrupted; "cached" passed before and has not changed since.
 */
export type Verdict = "passed" | "failed" | "fault" | "interrupted" | "skipped" | "cached";

/** What became of one code cell, with its text. */
export interface TestedCell extends CellResult {
  /** The text of the cell. */
  readonly source: string;
}

/** The verdict about one notebook. */
export interface NotebookVerdict {
  /** Path as shown to the user, relative to the suite's folder where it lies below it. */
  readonly path: string;
  /** What the test came to. */
  readonly verdict: Verdict;
  /**
   * Why: the status of the run (`"ok"`, `"error"`, `"timeout"`, …), `"memory"` over the limit,
   * `"differs"` from its stored outputs, `"types"` do not fit, `"updated"` outputs, `"unchanged"`,
   * `"not_run"`, or the name of the error that kept it from running.
   */
  readonly status: string;
  /** Milliseconds, with the start of the kernel unless that was done before. */
  readonly durationMs: number;
  /** One entry for each code cell that there was a run of, in order. */
  readonly cells: readonly TestedCell[];
  /** Where fresh outputs differ from the stored ones. */
  readonly differences: readonly OutputDifference[];
  /** What the type check found; cells are counted as in the executed notebook. */
  readonly typeFaults: readonly TypeFault[];
  /** Things that did not change the verdict. */
  readonly warnings: readonly string[];
  /** Why it is not "passed", with the cell that is to blame; absent where there is nothing to say. */
  readonly message?: string;
  /** The cell that is to blame: index among all cells, from 0. */
  readonly cellIndex?: number;
  /** Line of the notebook's file, from 1, where the blame lies, as far as that can be told. */
  readonly line?: number;
  /** Most memory seen of the kernel and all its processes, in bytes. */
  readonly peakMemoryBytes?: number;
  /** Name of the kernel that was used. */
  readonly kernel?: string;
}

/** What a suite came to. */
export interface SuiteResult {
  /** One entry for each notebook, sorted by path whatever the order in which they ended. */
  readonly verdicts: readonly NotebookVerdict[];
  /** Milliseconds from the search for notebooks to the last verdict. */
  readonly durationMs: number;
  /** How many notebooks the patterns named, before filter and shard. */
  readonly found: number;
  /** Things about the suite as a whole, such as a cache that could not be read. */
  readonly warnings: readonly string[];
}

/** How many notebooks came to each verdict. */
export function countVerdicts(verdicts: readonly NotebookVerdict[]): Record<Verdict, number> {
  const counts = { passed: 0, failed: 0, fault: 0, interrupted: 0, skipped: 0, cached: 0 };
  for (const { verdict } of verdicts) counts[verdict]++;
  return counts;
}
