import type { Cell } from "../notebook/nbformat.ts";
import { cellTags } from "../notebook/parameters.ts";
import type { NumberTolerance } from "./number_tolerance.ts";

/** Whether a cell's outputs are compared; "variable" asks only for outputs of the same kinds. */
export type CellCheck = "check" | "ignore" | "variable";

/** What the tags and comments of a cell say about running and comparing it. */
export interface CellRules {
  /** The cell is not run and not compared. */
  readonly skip: boolean;
  /** The cell may raise an error without failing the notebook. */
  readonly mayRaise: boolean;
  /** Whether its outputs are compared; undefined where the cell says nothing. */
  readonly check?: CellCheck;
  /** For its numbers; replaces what the options of the comparison say. */
  readonly tolerance?: NumberTolerance;
  /** Share of pixels of its pictures that may differ, 0 to 1. */
  readonly imageTolerance?: number;
  /** MIME types, `"stdout"` or `"stderr"`, that are not compared. */
  readonly ignoreMimes: readonly string[];
  /** Replacements as tagged: `/regex/replacement/`, or the name of a built-in set. */
  readonly sanitize: readonly string[];
  /** What is wrong with the cell's tags, in sentences. The comparison refuses such a notebook. */
  readonly faults: readonly string[];
}

type Draft = { -readonly [Key in keyof CellRules]: CellRules[Key] };

/** The comment markers of nbval; the same words in small letters and with dashes are its tags. */
const MARKERS: Readonly<Record<string, (rules: Draft) => void>> = {
  NBVAL_CHECK_OUTPUT: (rules) => rules.check = "check",
  NBVAL_IGNORE_OUTPUT: (rules) => rules.check = "ignore",
  PYTEST_VALIDATE_IGNORE_OUTPUT: (rules) => rules.check = "ignore",
  NBVAL_VARIABLE_OUTPUT: (rules) => rules.check = "variable",
  NBVAL_RAISES_EXCEPTION: (rules) => rules.mayRaise = true,
  NBVAL_SKIP: (rules) => rules.skip = true,
};

const TAGS: ReadonlyMap<string, (rules: Draft) => void> = new Map([
  ...Object.entries(MARKERS).map(([marker, apply]) =>
    [marker.toLowerCase().replaceAll("_", "-"), apply] as const
  ),
  ["check-output", MARKERS.NBVAL_CHECK_OUTPUT],
  ["ignore-output", MARKERS.NBVAL_IGNORE_OUTPUT],
  ["variable-output", MARKERS.NBVAL_VARIABLE_OUTPUT],
  ["raises-exception", MARKERS.NBVAL_RAISES_EXCEPTION],
  ["skip-execution", MARKERS.NBVAL_SKIP],
]);

/** Tags of the form name=value. */
const SETTINGS: Readonly<Record<string, (rules: Draft, value: string, tag: string) => void>> = {
  "tolerance": (rules, value, tag) => {
    const number = toNumber(rules, value, tag);
    if (number !== undefined) rules.tolerance = { relative: number, absolute: number };
  },
  "rtol": (rules, value, tag) => {
    const relative = toNumber(rules, value, tag);
    if (relative !== undefined) rules.tolerance = { ...rules.tolerance, relative };
  },
  "atol": (rules, value, tag) => {
    const absolute = toNumber(rules, value, tag);
    if (absolute !== undefined) rules.tolerance = { ...rules.tolerance, absolute };
  },
  "image-tolerance": (rules, value, tag) => {
    rules.imageTolerance = toNumber(rules, value, tag, 1) ?? rules.imageTolerance;
  },
  "ignore-mime": (rules, value) => rules.ignoreMimes = [...rules.ignoreMimes, value.trim()],
  "sanitize": (rules, value) => rules.sanitize = [...rules.sanitize, value],
};

/**
 * Reads how a cell is to be run and compared from its tags (`check-output`, `ignore-output`,
 * `variable-output`, `raises-exception`, `skip-execution`, `tolerance=1e-3`, `rtol=`, `atol=`,
 * `image-tolerance=0.05`, `ignore-mime=text/html`, `sanitize=/regex/replacement/`, and those of
 * nbval) and from nbval's comments in its source (`# NBVAL_IGNORE_OUTPUT` on a line of its own, or
 * after `//`). Where they contradict each other a comment beats a tag, and the last one wins.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { cellRules, type CodeCell } from "@qsight/qsight/runner";
 *
 * const cell: CodeCell = {
 *   cell_type: "code", id: "a", source: "# NBVAL_CHECK_OUTPUT\nloss", outputs: [],
 *   metadata: { tags: ["raises-exception", "rtol=0.01"] }, execution_count: null,
 * };
 * const { check, mayRaise, tolerance } = cellRules(cell);
 * assert.deepEqual([check, mayRaise, tolerance], ["check", true, { relative: 0.01 }]);
 * ```
 */
export function cellRules(cell: Cell): CellRules {
  const rules: Draft = { skip: false, mayRaise: false, ignoreMimes: [], sanitize: [], faults: [] };
  for (const tag of cellTags(cell)) {
    TAGS.get(tag)?.(rules);
    const cut = tag.indexOf("=");
    const name = tag.slice(0, Math.max(0, cut));
    if (Object.hasOwn(SETTINGS, name)) SETTINGS[name](rules, tag.slice(cut + 1), tag);
  }
  for (const line of cell.source.split(/\r\n?|\n/)) {
    const comment = /^\s*(?:#+|\/\/+)\s*([A-Z_]+)\s*$/.exec(line)?.[1] ?? "";
    if (Object.hasOwn(MARKERS, comment)) MARKERS[comment](rules);
  }
  return rules;
}

function toNumber(rules: Draft, value: string, tag: string, most = Infinity): number | undefined {
  const number = value.trim() === "" ? NaN : Number(value);
  if (number >= 0 && number <= most && number < Infinity) return number;
  const wanted = most === Infinity ? "a number of 0 or more" : `a number from 0 to ${most}`;
  const example = `${tag.slice(0, tag.indexOf("="))}=0.01`;
  rules.faults = [...rules.faults, `tag "${tag}": wanted ${wanted}, such as ${example}`];
  return undefined;
}
