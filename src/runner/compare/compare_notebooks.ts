import type { CodeCell, Notebook } from "../notebook/nbformat.ts";
import { type CellRules, cellRules } from "./cell_rules.ts";
import { type CellDifference, compareCell } from "./compare_cell.ts";
import { checkCompareOptions, type CompareMode, type CompareOptions } from "./compare_options.ts";
import { builtInSanitizeRules, isSanitizeRuleSet } from "./built_in_rules.ts";
import { type CellPair, matchCells } from "./match_cells.ts";
import type { OutputDifference } from "./output_difference.ts";
import { inlineSanitizeRule, type SanitizeRule, sanitizeText } from "./sanitize_rules.ts";

/**
 * Compares the outputs of an executed notebook with the stored ones. Cells are matched by id, or in
 * their order. Text is compared without the colours and overwritten parts of a terminal, HTML and SVG
 * by their structure, JSON by its values, pictures by what is seen; what nobody reads as a result is
 * not compared: metadata, tracebacks, execution counts, ids. The verdicts are those of nbval, of
 * `--nbval-lax` in the mode "tagged" and of `--nbval` in the mode "all"; its comments and tags and
 * those of {@linkcode cellRules} are obeyed. Only pictures are compared here and not there; with
 * `ignoreMimes: ["image/png", "image/jpeg"]` they are left out too.
 *
 * A cell that raised and may not, and a stored cell that has outputs but was never run, differ in
 * both modes, whether or not the cell is to be checked.
 *
 * @returns the differences in the order of the cells; empty when all is as stored
 * @throws {TypeError} for unknown options
 * @throws {RangeError} for a tolerance below 0, and for tags of cells that cannot be understood
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { compareNotebooks, parseNotebook } from "@qsight/qsight/runner";
 *
 * const notebook = (text: string) => {
 *   const outputs = [{ output_type: "stream", name: "stdout", text }];
 *   const cell = { cell_type: "code", source: "", metadata: {}, execution_count: 1, outputs };
 *   return parseNotebook(JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [cell] }));
 * };
 * const [difference] = await compareNotebooks(notebook("loss 0.50"), notebook("loss 0.60"), {
 *   mode: "all",
 *   tolerance: { relative: 0.01 },
 * });
 * assert.match(difference.message, /stored 0.50, fresh 0.60/);
 * ```
 */
export async function compareNotebooks(
  stored: Notebook,
  executed: Notebook,
  options: CompareOptions = {},
): Promise<readonly OutputDifference[]> {
  checkCompareOptions("compareNotebooks", options);
  const mode = options.mode ?? "tagged";
  if (mode === "off") return [];
  const entries = matchCells(stored, executed)
    .map((pair) => ({ ...pair, rules: cellRules(pair.stored) }))
    .filter(({ rules }) => !rules.skip)
    .map((entry) => ({ ...entry, inline: inlineRules(entry) }));
  const differences: OutputDifference[] = [];
  let stopped = false;
  for (const { storedIndex, executedIndex, inline, ...entry } of entries) {
    const found = await differencesOf(entry, { ...options, mode, inline, stopped });
    stopped ||= raised(entry, options) !== undefined ||
      found.some(({ part, kind }) => part === "cell" && kind === "missing");
    const place = {
      cellIndex: storedIndex,
      ...(executedIndex === undefined ? {} : { executedIndex }),
    };
    differences.push(...found.map((difference) => ({ ...place, ...difference })));
  }
  return differences;
}

type Entry = Pick<CellPair, "stored" | "executed"> & { readonly rules: CellRules };

interface CellOptions extends CompareOptions {
  readonly mode: CompareMode;
  /** Of the cell's tags. */
  readonly inline: readonly SanitizeRule[];
  /** An earlier cell has ended the run, and what follows from it is not said again. */
  readonly stopped: boolean;
}

async function differencesOf(entry: Entry, options: CellOptions): Promise<CellDifference[]> {
  const { stored, executed, rules } = entry;
  const error = raised(entry, options);
  if (error !== undefined) {
    const message = `the cell raised ${error}, and may not: it is not tagged raises-exception`;
    return [{ part: "error", kind: "unexpected", message, fresh: error }];
  }
  const isRun = stored.execution_count !== null;
  if (!isRun && stored.outputs.length > 0) {
    const message = "the stored cell has outputs but was never run (execution_count is null); " +
      "run the notebook and save it, or clear the outputs";
    return [{ part: "cell", kind: "unexpected", message }];
  }
  const check = rules.check ?? (options.mode === "all" ? "check" : "ignore");
  if (check === "ignore" || !isRun) return [];
  if (executed === undefined || wasNotRun(executed)) {
    if (options.stopped || stored.outputs.length === 0) return [];
    const what = executed === undefined ? "is not in the executed notebook" : "was not run";
    return [{ part: "cell", kind: "missing", message: `the cell has stored outputs, and ${what}` }];
  }
  const sanitize = [...(options.sanitize ?? []), ...options.inline];
  return await compareCell(stored, executed, {
    check,
    ignore: [...(options.ignoreMimes ?? []), ...rules.ignoreMimes],
    tolerance: rules.tolerance ?? options.tolerance,
    imageTolerance: rules.imageTolerance ?? options.imageTolerance,
    sanitize: (text) => sanitizeText(text, sanitize),
  });
}

/** What the cell raised although it may not. */
function raised({ executed, rules }: Entry, { allowErrors }: CompareOptions): string | undefined {
  if (executed === undefined || rules.mayRaise || allowErrors) return undefined;
  const error = executed.outputs.find((output) => output.output_type === "error");
  return error && `${error.ename}: ${error.evalue}`;
}

/** A run that ended before the cell leaves it without outputs and count. */
export function wasNotRun({ source, execution_count, outputs }: CodeCell): boolean {
  return source.trim() !== "" && execution_count === null && outputs.length === 0;
}

function inlineRules({ storedIndex, rules }: { storedIndex: number; rules: CellRules }) {
  const faults = [...rules.faults];
  const inline = rules.sanitize.flatMap((text) => {
    if (isSanitizeRuleSet(text)) return builtInSanitizeRules([text]);
    const rule = inlineSanitizeRule(text);
    if (rule !== undefined) return [rule];
    faults.push(
      `tag "sanitize=${text}": wanted sanitize=/regex/replacement/, with \\/ for a slash within, ` +
        "or the name of a built-in set, such as sanitize=times",
    );
    return [];
  });
  if (faults.length > 0) throw new RangeError(`cell ${storedIndex}: ${faults.join("; ")}`);
  return inline;
}
