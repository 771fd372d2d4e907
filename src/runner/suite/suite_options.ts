import { resolve } from "node:path";
import process from "node:process";
import { checkOptions } from "../../_internal/check_options.ts";
import { checkCompareOptions, type CompareOptions } from "../compare/compare_options.ts";
import type { CellResult, ExecuteNotebookOptions, RunOptions } from "../execute/execute_options.ts";
import type { NotebookVerdict } from "./suite_result.ts";
import { checkShard, type Shard } from "./shard.ts";

/** How one notebook is tested: how it is run, and what is compared and checked beside that. */
export interface NotebookTestOptions extends
  Omit<
    ExecuteNotebookOptions,
    "cwd" | "hooks" | "autosave" | "recordTiming" | "treatment"
  > {
  /** Where relative paths and patterns start. @default {process.cwd()} */
  readonly cwd?: string;
  /**
   * Compare fresh with stored outputs: of all cells, of those tagged `check-output`, or not at all.
   * Markdown files and scripts store none. @default {"tagged"}
   */
  readonly compare?: CompareOptions["mode"];
  /** What is replaced in both outputs before they are compared. @default {[]} */
  readonly sanitize?: CompareOptions["sanitize"];
  /** How much numbers in outputs may differ. @default those of the comparison */
  readonly tolerance?: CompareOptions["tolerance"];
  /** Share of the pixels of a picture that may differ, 0 to 1. */
  readonly imageTolerance?: CompareOptions["imageTolerance"];
  /** MIME types, or `"stdout"` and `"stderr"`, that are not compared. @default {[]} */
  readonly ignoreMimes?: CompareOptions["ignoreMimes"];
  /** Check the types of notebooks in TypeScript, where deno is there. @default {true} */
  readonly checkTypes?: boolean;
  /** Store fresh outputs where they differ, instead of failing. @default {false} */
  readonly update?: boolean;
  /** Folder that the executed notebooks go to, under their own paths. @default none are written */
  readonly output?: string;
}

/** Called while a suite runs. */
export interface SuiteHooks {
  /** The notebooks are known. */
  readonly onStart?: (event: { readonly paths: readonly string[] }) => void;
  /** A notebook's kernel is ready; so many code cells will run. */
  readonly onNotebookStart?: (event: { readonly path: string; readonly cells: number }) => void;
  /** A code cell runs: the so many-th of its notebook, from 1. */
  readonly onCellStart?: (
    event: { readonly path: string; readonly cellIndex: number; readonly number: number },
  ) => void;
  /** A code cell is done. */
  readonly onCellComplete?: (event: { readonly path: string; readonly result: CellResult }) => void;
  /** A notebook has its verdict; the next one begins when the promise, if it is one, resolves. */
  readonly onVerdict?: (verdict: NotebookVerdict) => void | Promise<void>;
}

/** Options of {@linkcode testNotebooks}. */
export interface SuiteOptions extends NotebookTestOptions {
  /** Notebooks that run at once. @default the processors and the memory that this process may use */
  readonly jobs?: number;
  /** Start the kernels of the next notebooks while others run. @default {true} */
  readonly prewarm?: boolean;
  /** Only notebooks with this text in their path or in one of their headings. */
  readonly filter?: string;
  /** Only this part of the notebooks, for a suite that is spread over machines. */
  readonly shard?: Shard;
  /** Stop everything at the first notebook that does not pass. @default {false} */
  readonly failFast?: boolean;
  /** Leave out notebooks that passed before and are unchanged since; the file that remembers it. */
  readonly cache?: string;
  /** Called while the suite runs. */
  readonly hooks?: SuiteHooks;
}

const COMPARE = ["sanitize", "tolerance", "imageTolerance", "ignoreMimes"] as const;
const RUN = [
  ...["parameters", "timeout", "notebookTimeout", "quietTimeout", "maxOutputBytes"] as const,
  ...["maxMemoryBytes", "allowErrors", "allowErrorNames", "stdin"] as const,
];
const LIMITS = [
  ...["timeout", "notebookTimeout", "quietTimeout", "startupTimeout"] as const,
  ...["maxOutputBytes", "maxMemoryBytes"] as const,
];
const START = ["kernel", "server", "startupTimeout", "env"] as const;
/** Names of the options of one notebook's test. */
export const TEST_OPTIONS = [
  ...[...RUN, ...START, ...COMPARE, "compare", "checkTypes", "update", "output"] as const,
  ...["cwd", "signal", "clock"] as const,
];
/** Names of all options of a suite. */
export const SUITE_OPTIONS = [
  ...[...TEST_OPTIONS, "jobs", "prewarm", "filter", "shard", "failFast", "cache", "hooks"] as const,
];

/**
 * Throws for options that no suite could follow.
 *
 * @throws {TypeError} for unknown options and values of the wrong kind
 * @throws {RangeError} for numbers out of range
 */
export function checkSuiteOptions(
  where: string,
  options: SuiteOptions,
  known: readonly string[] = SUITE_OPTIONS,
): void {
  checkOptions(where, options, known);
  const { compare, jobs, shard, update } = options;
  if (update === true && compare === "off") {
    throw new TypeError(
      `${where}: update with compare "off" would store nothing; use "tagged" or "all"`,
    );
  }
  if (jobs !== undefined && !(Number.isSafeInteger(jobs) && jobs >= 1)) {
    throw new RangeError(`${where}: jobs is ${jobs}, wanted a whole number of at least 1`);
  }
  for (const name of LIMITS) {
    const value = options[name];
    if (value !== undefined && !(value > 0)) {
      throw new RangeError(
        `${where}: ${name} is ${value}, wanted a positive number. Leave it out for no limit`,
      );
    }
  }
  if (shard !== undefined) checkShard(where, shard);
  checkCompareOptions(where, compareOptions(options));
}

/** The options that a run on a kernel that is ready takes. */
export function runOptions(options: NotebookTestOptions): RunOptions {
  return pick(options, [...RUN, "signal", "clock"]);
}

/** The options that only the start of a kernel takes. */
export function startOptions(options: NotebookTestOptions) {
  return pick(options, START);
}

/** The options of the comparison. */
export function compareOptions({ compare, ...options }: NotebookTestOptions): CompareOptions {
  const own = pick(options, COMPARE);
  return compare === undefined ? own : { ...own, mode: compare };
}

/** The options that bear on a verdict, for the key of a cached pass. */
export function outcomeOptions(options: NotebookTestOptions): Record<string, unknown> {
  return pick(options, [...RUN, ...START, ...COMPARE, "compare", "checkTypes"]);
}

/** Those of the options that are there: an absent one and undefined are not the same everywhere. */
function pick<T extends object, K extends keyof T>(options: T, names: readonly K[]): Pick<T, K> {
  const entries = names.filter((name) => options[name] !== undefined)
    .map((name) => [name, options[name]]);
  return Object.fromEntries(entries);
}

/** The folder that relative paths start from. */
export function folderOf({ cwd = process.cwd() }: NotebookTestOptions): string {
  return resolve(cwd);
}
