import { checkOptions } from "../_internal/check_options.ts";
import { argMax } from "./arg_max.ts";
import { checkLabels, checkProbabilities, classNamesOf, type Labels } from "./check_labels.ts";

/** Options of {@linkcode confidenceTable}. */
export interface ConfidenceTableOptions<Head extends string> {
  /** Class index of each row. */
  readonly yTrue: Labels;
  /** Probabilities of each head, flat, rows × classes; null for a head that is switched off. */
  readonly heads: Readonly<Record<Head, Labels | null>>;
  /** Class names in class order, or just their number. */
  readonly classes: number | readonly string[];
}

/** What one head thinks of the rows of one class. Everything but `count` is null where count is 0. */
export interface ConfidenceRow<Head extends string = string> {
  /** Name of the head. */
  readonly head: Head;
  /** Class index. */
  readonly class: number;
  /** Class name. */
  readonly label: string;
  /** Rows of this class. */
  readonly count: number;
  /** Mean probability of the true class. */
  readonly meanTrueProbability: number | null;
  /** Mean of p(true) minus the highest other probability, -1…1; negative where the head is wrong. */
  readonly meanMargin: number | null;
  /** Mean Shannon entropy of the row in nats, 0 (certain) to ln(classes). */
  readonly meanEntropy: number | null;
  /** Share of the rows of this class that the head gets right. */
  readonly recall: number | null;
  /** Rows left out of the means: a probability not in 0…1, NaN, or a sum off 1 by more than 1e-4. */
  readonly invalid: number;
  /** A sentence where something is wrong with this row of the table; null otherwise. */
  readonly flag: string | null;
}

/** Confidence of each active head in each class. */
export interface ConfidenceTable<Head extends string = string> {
  /** Active heads, in the order given. */
  readonly heads: readonly Head[];
  /** Heads that were switched off. */
  readonly masked: readonly Head[];
  /** Class names in class order. */
  readonly classes: readonly string[];
  /** One per active head and class, head by head, in class order. */
  readonly rows: readonly ConfidenceRow<Head>[];
}

/**
 * How sure each head is of the truth, class by class: the table that shows which head has learnt
 * which class before accuracy does. Works for any set of active heads; a switched-off head has no
 * rows, an absent class has count 0 and nulls.
 *
 * @throws {RangeError} when lengths do not fit or a label is not in 0…classes-1
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { confidenceTable } from "@qsight/qsight/metrics";
 *
 * const table = confidenceTable({
 *   yTrue: [0, 0],
 *   heads: { classical_a: [0.75, 0.25, 0.25, 0.75], quantum: null },
 *   classes: ["healthy", "ill"],
 * });
 * assert.deepEqual(table.heads, ["classical_a"]);
 * assert.equal(table.rows[0].meanTrueProbability, 0.5);
 * assert.equal(table.rows[1].meanTrueProbability, null); // nobody is ill here
 * ```
 */
export function confidenceTable<Head extends string>(
  options: ConfidenceTableOptions<Head>,
): ConfidenceTable<Head> {
  return headTable(
    "confidenceTable()",
    options,
    (probabilities, { head, classes }) =>
      classes.map((label, c) =>
        confidenceRow(probabilities, { yTrue: options.yTrue, head, label, c, of: classes.length })
      ),
  );
}

/** A table with the rows that `rowsOf` makes of each active head, after a check of all arguments. */
export function headTable<Head extends string, Row>(
  where: string,
  options: ConfidenceTableOptions<Head>,
  rowsOf: (
    probabilities: Labels,
    about: { readonly head: Head; readonly classes: readonly string[] },
  ) => Row[],
) {
  checkOptions(where, options, ["yTrue", "heads", "classes"]);
  const { yTrue, heads } = options;
  const classes = classNamesOf(where, options.classes);
  checkLabels(where, yTrue, classes.length);
  const names = Object.keys(heads) as Head[];
  const active = names.filter((head) => heads[head] !== null);
  const rows = active.flatMap((head) => {
    const probabilities = heads[head] as Labels;
    const size = { rows: yTrue.length, classes: classes.length };
    checkProbabilities(`${where} head "${head}"`, probabilities, size);
    return rowsOf(probabilities, { head, classes });
  });
  return { heads: active, masked: names.filter((head) => heads[head] === null), classes, rows };
}

function confidenceRow<Head extends string>(
  probabilities: Labels,
  { yTrue, head, label, c, of }: {
    yTrue: Labels;
    head: Head;
    label: string;
    c: number;
    of: number;
  },
): ConfidenceRow<Head> {
  let count = 0, invalid = 0, truth = 0, margin = 0, entropy = 0, right = 0;
  for (let row = 0; row < yTrue.length; row++) {
    if (yTrue[row] !== c) continue;
    count++;
    const start = row * of;
    if (!isDistribution(probabilities, start, of)) {
      invalid++;
      continue;
    }
    let other = of === 1 ? 0 : -Infinity;
    for (let k = 0; k < of; k++) {
      const p = probabilities[start + k];
      if (k !== c) other = Math.max(other, p);
      if (p > 0) entropy -= p * Math.log(p);
    }
    truth += probabilities[start + c];
    margin += probabilities[start + c] - other;
    if (argMax(probabilities, start, of) === c) right++;
  }
  const used = count - invalid;
  const mean = (total: number) => used === 0 ? null : total / used;
  return {
    head,
    class: c,
    label,
    count,
    meanTrueProbability: mean(truth),
    meanMargin: mean(margin),
    meanEntropy: mean(entropy),
    recall: mean(right),
    invalid,
    flag: invalid === 0
      ? null
      : `${invalid} of ${count} rows are left out: their probabilities are NaN, outside 0…1, or do not sum to 1`,
  };
}

/** Whether the numbers are in 0…1 and sum to 1, as far as float32 can say. */
function isDistribution(probabilities: Labels, start: number, length: number): boolean {
  let sum = 0;
  for (let k = 0; k < length; k++) {
    const p = probabilities[start + k];
    if (!(p >= 0 && p <= 1 + 1e-6)) return false;
    sum += p;
  }
  return Math.abs(sum - 1) <= 1e-4;
}
