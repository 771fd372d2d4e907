/** One part of a suite that is spread over several machines. */
export interface Shard {
  /** Which part, from 1. */
  readonly index: number;
  /** Into how many parts the suite is cut. */
  readonly count: number;
}

/**
 * Throws for a shard that does not exist.
 *
 * @throws {RangeError} unless 1 <= index <= count, both whole
 */
export function checkShard(where: string, { index, count }: Shard): void {
  if (Number.isSafeInteger(index) && Number.isSafeInteger(count) && index >= 1 && index <= count) {
    return;
  }
  throw new RangeError(
    `${where}: shard ${index}/${count}, wanted whole numbers from 1/${count} to ${count}/${count}, ` +
      "as in 2/5",
  );
}

/**
 * Every count-th item, beginning with the index-th: neighbours, which are often alike in length, go
 * to different machines. Recorded durations would balance better, but two machines that remember
 * different ones would leave a notebook out.
 */
export function takeShard<T>(items: readonly T[], { index, count }: Shard): T[] {
  return items.filter((_, i) => i % count === index - 1);
}
