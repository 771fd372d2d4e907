import type { OutputDifference } from "./output_difference.ts";

/** A cell of a {@linkcode ReportEntry}. */
export interface ReportCell {
  /** Index among all cells of the notebook, from 0. */
  readonly cellIndex: number;
  /** How the cell ended, e.g. `"ok"`, `"error"`, `"timeout"`, `"skipped"`. */
  readonly status: string;
  /** Milliseconds; 0 where it was not run. */
  readonly durationMs: number;
  /** The text of the cell. */
  readonly source: string;
  /** Why it failed, with the traceback. */
  readonly message?: string;
}

/** A fault of types in a {@linkcode ReportEntry}. */
export interface ReportTypeFault {
  /** Index among all cells of the notebook, from 0. */
  readonly cellIndex: number;
  /** Line of the cell, from 1. */
  readonly line?: number;
  /** What is wrong. */
  readonly message: string;
}

/** One notebook of a suite, as {@linkcode compareReport} shows it. */
export interface ReportEntry {
  /** Path as shown to the user. */
  readonly path: string;
  /** What its test came to; "passed" and "cached" are good, "skipped" is neither good nor bad. */
  readonly verdict: "passed" | "failed" | "fault" | "interrupted" | "skipped" | "cached";
  /** Why, in a word, e.g. `"differs"` or `"error"`. */
  readonly status: string;
  /** Milliseconds of the whole notebook. */
  readonly durationMs: number;
  /** Why it did not pass. */
  readonly message?: string;
  /** What a type check found. @default none */
  readonly typeFaults?: readonly ReportTypeFault[];
  /** Its code cells. */
  readonly cells: readonly ReportCell[];
  /** Where fresh outputs differ from the stored ones. */
  readonly differences: readonly OutputDifference[];
}

/** Whether a notebook belongs among those that need a look. */
export function isBad({ verdict }: ReportEntry): boolean {
  return verdict === "failed" || verdict === "fault" || verdict === "interrupted";
}
