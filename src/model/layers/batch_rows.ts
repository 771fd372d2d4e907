import type { Tensor, Tf } from "../../tensors/tf.ts";

/** Rows of a batch that is shared out among several copies of a model. */
export interface BatchRows {
  /** The first of them, from 0. */
  readonly first: number;
  /** Rows of the whole batch. */
  readonly total: number;
}

/** A layer whose randomness in training is chosen from outside. */
export interface KeyedLayer {
  /** Key of the next mask or noise; the training loop sets it to seed, epoch and step. */
  maskKey: string;
  /** Which rows of a larger batch the next input is; null when it is the whole. */
  maskRows: BatchRows | null;
}

/**
 * Random numbers for the rows at hand: those that the whole batch would have had, so that a batch in
 * parts is treated as one that is not.
 *
 * @param draw random numbers of a shape
 */
export function drawRows<T extends Tensor>(
  tf: Tf,
  { shape, rows }: { readonly shape: readonly number[]; readonly rows: BatchRows | null },
  draw: (shape: number[]) => T,
): T {
  if (rows === null) return draw([...shape]);
  const [here, ...rest] = shape;
  return tf.tidy(() => {
    const whole = draw([rows.total, ...rest]);
    return whole.slice([rows.first, ...rest.map(() => 0)], [here, ...rest]) as T;
  });
}
