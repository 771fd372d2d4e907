import type { Figure } from "../_internal/figure.ts";
import type { Manifest } from "./manifest.ts";
import type { RetentionReport } from "./retention/apply_retention.ts";
import type { RetentionPlan } from "./retention/plan.ts";
import type { MetricsRow, TimingsRow } from "./metrics_rows.ts";

/** A file that is whole on disk. */
export interface SavedFile {
  /** Path inside the run folder, with `/`. */
  readonly path: string;
  /** Path as the file system takes it. */
  readonly file: string;
}

/** What the retention at the end of a run came to. */
export interface RetentionOutcome {
  /** What was to be done; missing when not even that could be found out. */
  readonly plan?: RetentionPlan;
  /** What was done. */
  readonly report?: RetentionReport;
  /** What went wrong as a whole; runs that failed one by one stand in the report. */
  readonly error?: Error;
}

/** Rows of the two files that grow. */
export interface RowCounts {
  /** Of `metrics.jsonl`. */
  readonly metrics: number;
  /** Of `timings.jsonl`. */
  readonly timings: number;
}

/**
 * An open run. Paths are relative to its folder and made of safe names: `..` does not climb, and
 * what a file system refuses becomes `_` (see `safeName`). Every promise resolves when the file is
 * whole on disk.
 */
export interface Run {
  /** Name of the folder; sorts by time. */
  readonly id: string;
  /** Path of the folder. */
  readonly folder: string;
  /** Where `finish()` writes the manifest. */
  readonly manifestPath: string;
  /** Whether made-up images take part. */
  readonly synthetic: boolean;
  /**
   * Writes a file in one step: readers see the old content or the new. Resolves to its path.
   * @throws {RangeError} for files the run writes itself, for a second name that would be the same
   * file, and where a link leads out of the folder
   */
  save(path: string, content: string | Uint8Array): Promise<string>;
  /** {@linkcode Run.save} of JSON with sorted keys; NaN and infinities become null with a note. */
  saveJson(path: string, value: unknown): Promise<string>;
  /** Writes `<path>.json` (numbers behind the figure and `synthetic`), `.svg` and `.png`. */
  saveFigure(path: string, figure: Figure): Promise<void>;
  /**
   * Writes a folder in one step: readers find the files of before or the new ones, never a mix. What
   * stood in it before is gone. Resolves to its path.
   * @param files content by file name
   */
  saveFolder(
    path: string,
    files: Readonly<Record<string, string | Uint8Array>>,
  ): Promise<string>;
  /** Removes a file, or a folder with all that is in it; what is not there is no error. */
  remove(path: string): Promise<void>;
  /** Appends to `metrics.jsonl`. Times do not belong there: equal trainings give equal bytes. */
  appendMetrics(rows: readonly MetricsRow[]): Promise<void>;
  /** Appends to `timings.jsonl`. */
  appendTimings(rows: readonly TimingsRow[]): Promise<void>;
  /** How many rows there are, to come back to with {@linkcode Run.keepRows}. */
  countRows(): Promise<RowCounts>;
  /**
   * Cuts off the rows behind the first so many, which were written after the state that a training
   * goes on from.
   * @throws {RangeError} when there are fewer
   */
  keepRows(counts: RowCounts): Promise<void>;
  /**
   * Takes in a file, or all files of a folder, that other code wrote into the run folder, e.g. a
   * saved model: tells `onSaved` of each, in the order of the calls. The manifest holds every file
   * of the folder, adopted or not. Resolves to the paths inside the run folder, sorted.
   * @param path relative to the run folder or absolute, as it stands on disk
   * @throws {RangeError} for what is not there or not inside, links, and files the run writes itself
   */
  adopt(path: string): Promise<readonly string[]>;
  /**
   * Ends the run: `history.json` from the metrics, then the manifest over all files in the folder,
   * then `latest` in the root. `backend`, `data`, `lock`, `versions`, `status`, `kind` and
   * `estimatedSeconds` have their own place in the manifest; other facts stand under `facts`.
   * When it fails, the run is open as before and can be finished again. The `retention` of `openRun()`
   * comes after all that, and cannot fail it.
   */
  finish(facts?: Readonly<Record<string, unknown>>): Promise<Manifest>;
}
