import type { RunRecord } from "./run_record.ts";

/** A run with the letter by which the page calls it. */
export interface ComparedRun {
  readonly run: RunRecord;
  /** A, B, C … */
  readonly letter: string;
}
