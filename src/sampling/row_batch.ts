import type { ScoreColumns } from "./measures.ts";
import { checkTable, type NumberTable } from "./number_table.ts";

/** Some rows of a stream, or all rows there are. */
export interface RowBatch {
  /**
   * Class index of each row; negative, null or NaN where a row has no label. A row with several
   * labels is repeated, with the same id, under each of them.
   */
  readonly yTrue: ArrayLike<number | null>;
  /** Predicted class of each row. @default the most probable one, where `probabilities` are given */
  readonly yPred?: ArrayLike<number | null>;
  /** Stable name of each row. @default its index */
  readonly ids?: ArrayLike<string | number>;
  /** Class probabilities, 0…1: a row for each label, or one flat array row by row. */
  readonly probabilities?: NumberTable;
  /** How hard each row is, in your own measure (a loss, say), in place of 1 − p(true). */
  readonly scores?: ArrayLike<number>;
}

/** The keys of {@linkcode RowBatch}. */
export const ROW_COLUMNS = ["yTrue", "yPred", "ids", "probabilities", "scores"] as const;

/** A batch whose columns go together. */
export interface CheckedBatch extends Pick<RowBatch, "yTrue" | "yPred" | "ids">, ScoreColumns {}

/**
 * @throws {RangeError} when lengths differ or a label is no class index
 */
export function checkBatch(
  batch: RowBatch & { readonly embeddings?: NumberTable },
  { where, classes }: { where: string; classes: number },
): CheckedBatch {
  const { yTrue, yPred, ids, scores, probabilities, embeddings } = batch;
  const rows = yTrue.length;
  for (const [name, column] of Object.entries({ yPred, ids, scores })) {
    if (column === undefined || column.length === rows) continue;
    throw new RangeError(
      `${where}: yTrue has ${rows} rows and ${name} ${column.length}, wanted the same number. ` +
        `Pass one of ${name} for each label`,
    );
  }
  for (let row = 0; row < rows; row++) {
    const label = yTrue[row];
    if (isUnlabelled(label) || (Number.isInteger(label) && label < classes)) continue;
    throw new RangeError(
      `${where}: label ${label} at row ${row}, wanted a class index from 0 to ${classes - 1}, ` +
        `or -1 where there is none. ` + (typeof label === "number"
          ? "Correct the label, or raise classes"
          : "Repeat the row with the same id under each of its labels"),
    );
  }
  const table = (name: string, values: NumberTable | undefined, wanted?: number) =>
    values && checkTable(values, { where, name, rows, wanted });
  return {
    yTrue,
    yPred,
    ids,
    scores,
    probabilities: table("probabilities", probabilities, classes),
    embeddings: table("embeddings", embeddings),
  };
}

/** Whether a row carries no label: negative, null, undefined or NaN. */
export function isUnlabelled(label: number | null | undefined): label is null | undefined {
  return label === null || label === undefined ||
    (typeof label === "number" && (Number.isNaN(label) || label < 0));
}

/** The highest class index, 0 when there is none: a set without rows still is one class wide. */
export function highestLabel(yTrue: ArrayLike<number | null>): number {
  let highest = 0;
  for (let row = 0; row < yTrue.length; row++) {
    const label = yTrue[row];
    if (!isUnlabelled(label) && Number.isInteger(label)) {
      highest = Math.max(highest, label as number);
    }
  }
  return highest;
}
