import type { BatchRows } from "../../model/layers/batch_rows.ts";
import type { LossName } from "../loss_names.ts";
import { tasksOf } from "../losses.ts";

/** Batch normalisation needs two rows. */
const LEAST_ROWS = 2;

/** A replica's part of a batch. */
export interface BatchPart {
  /** Its first row, and those of the whole batch. */
  readonly rows: BatchRows;
  /** How many of them are its own; 0 for none. */
  readonly count: number;
  /** What the mean loss of these rows counts in that of the batch. */
  readonly share: number;
}

/** What the loss of an image with that label counts in the mean over a batch. */
export type LossShare = (label: number) => number;

/** A mean over images; of CORN over the tasks that they take part in. */
export function lossShareOf(loss: LossName, classes: number): LossShare {
  return loss === "corn" ? (label) => tasksOf(label, classes) : () => 1;
}

/**
 * Shares out the rows of a batch, the first replicas having one more where it does not go into equal
 * parts. A batch of fewer than two rows for each is the first one's alone: the others wait for it.
 */
export function shareOut(
  y: Int32Array,
  { count, lossShare }: { readonly count: number; readonly lossShare: LossShare },
): BatchPart[] {
  const total = y.length;
  const weigh = (labels: Int32Array) => labels.reduce((sum, label) => sum + lossShare(label), 0);
  const whole = weigh(y);
  const isAlone = total < LEAST_ROWS * count;
  let first = 0;
  return Array.from({ length: count }, (_, member) => {
    const even = Math.floor(total / count) + (member < total % count ? 1 : 0);
    const own = isAlone ? (member === 0 ? total : 0) : even;
    const share = own === total ? 1 : weigh(y.subarray(first, first + own)) / whole;
    const part = { rows: { first, total }, count: own, share };
    first += own;
    return part;
  });
}
