import { checkOptions } from "../_internal/check_options.ts";
import { checkClasses, checkLabels, checkLengths, type Labels } from "./check_labels.ts";
import { cohenKappaOf } from "./cohen_kappa.ts";
import { countPairs } from "./confusion_matrix.ts";
import { defined, type Metric, notDefined } from "./metric.ts";

/** Options of {@linkcode headAgreement}. */
export interface HeadAgreementOptions {
  /** Class index of each row. */
  readonly yTrue: Labels;
  /** Predicted class of each row by head; -1 for a row without a prediction, null for a head that is switched off. */
  readonly heads: Readonly<Record<string, Labels | null>>;
  /** Predicted class of each row by the fused answer. @default none */
  readonly fused?: Labels;
  /** Number of classes. */
  readonly classes: number;
}

/** How often two heads say the same. */
export interface HeadPair {
  /** Name of the first head. */
  readonly a: string;
  /** Name of the second head. */
  readonly b: string;
  /** Share of the rows on which both predict the same class. */
  readonly agreement: Metric;
  /** Cohen's kappa between their predictions: agreement beyond chance. */
  readonly kappa: Metric;
}

/** What {@linkcode headAgreement} returns. */
export interface HeadAgreement {
  /** Active heads, in the order given. */
  readonly heads: readonly string[];
  /** Heads that were switched off. */
  readonly masked: readonly string[];
  /** Rows on which every active head has a prediction; all numbers are of these. */
  readonly count: number;
  /** Rows left out, for want of a prediction. */
  readonly invalid: number;
  /** Every two heads, in order. */
  readonly pairs: readonly HeadPair[];
  /** For 0 to all heads right: the rows of which so many heads are right, and of them those that the fused answer gets right (null without one). */
  readonly rightCounts: readonly {
    readonly right: number;
    readonly count: number;
    readonly fusedRight: number | null;
  }[];
  /** Rows that one head alone gets right. */
  readonly onlyRight: readonly { readonly head: string; readonly count: number }[];
}

/**
 * How alike heads answer, which is what an ensemble lives on: heads that always agree add nothing to
 * each other, and where all are wrong no fusion helps.
 *
 * @throws {RangeError} when lengths do not fit or a label is not in 0…classes-1
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { headAgreement } from "@qsight/qsight/metrics";
 *
 * const heads = { a: [0, 0, 1, 1], b: [0, 1, 1, 0], quantum: null };
 * const { pairs, rightCounts } = headAgreement({ yTrue: [0, 0, 1, 0], heads, classes: 2 });
 * assert.equal(pairs[0].agreement.value, 0.5);
 * assert.deepEqual(rightCounts.map(({ count }) => count), [0, 2, 2]); // none, one, both right
 * ```
 */
export function headAgreement(options: HeadAgreementOptions): HeadAgreement {
  const where = "headAgreement()";
  checkOptions(where, options, ["yTrue", "heads", "fused", "classes"]);
  const { yTrue, heads: given, fused, classes } = options;
  checkClasses(where, classes);
  checkLabels(where, yTrue, classes);
  const names = Object.keys(given), heads = names.filter((head) => given[head] !== null);
  const votes = heads.map((head) => given[head] as Labels);
  for (const predictions of fused === undefined ? votes : [...votes, fused]) {
    checkLengths(where, yTrue, predictions);
    checkLabels(where, Array.from(predictions).filter((label) => label !== -1), classes);
  }
  const rows = Int32Array.from({ length: yTrue.length }, (_, row) => row)
    .filter((row) => votes.every((predictions) => predictions[row] !== -1));
  return {
    heads,
    masked: names.filter((head) => given[head] === null),
    count: rows.length,
    invalid: yTrue.length - rows.length,
    pairs: pairsOf(heads, votes, { classes, rows }),
    ...rightCountsOf(heads, votes, { yTrue, rows, fused }),
  };
}

function pairsOf(
  heads: readonly string[],
  votes: readonly Labels[],
  { classes, rows }: { classes: number; rows: Int32Array },
): HeadPair[] {
  return heads.flatMap((a, i) =>
    heads.slice(i + 1).map((b, k): HeadPair => {
      const [first, second] = [votes[i], votes[i + 1 + k]];
      const same = rows.reduce((sum, row) => sum + (first[row] === second[row] ? 1 : 0), 0);
      const none = rows.length === 0;
      return {
        a,
        b,
        agreement: none ? notDefined("there are no rows") : defined(same / rows.length),
        kappa: cohenKappaOf(countPairs(first, second, classes, rows), "none"),
      };
    })
  );
}

function rightCountsOf(
  heads: readonly string[],
  votes: readonly Labels[],
  { yTrue, rows, fused }: { yTrue: Labels; rows: Int32Array; fused: Labels | undefined },
): Pick<HeadAgreement, "rightCounts" | "onlyRight"> {
  const counts = new Array<number>(heads.length + 1).fill(0);
  const fusedRight = [...counts], alone = heads.map(() => 0);
  for (const row of rows) {
    const right = heads.map((_, i) => i).filter((i) => votes[i][row] === yTrue[row]);
    counts[right.length]++;
    if (fused?.[row] === yTrue[row]) fusedRight[right.length]++;
    if (right.length === 1) alone[right[0]]++;
  }
  return {
    rightCounts: counts.map((count, right) => ({
      right,
      count,
      fusedRight: fused === undefined ? null : fusedRight[right],
    })),
    onlyRight: heads.map((head, i) => ({ head, count: alone[i] })),
  };
}
