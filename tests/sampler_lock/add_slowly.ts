import { setTimeout as sleep } from "node:timers/promises";

/** The number of threads in the test; each waits for the others before it begins. */
export const THREADS = 3;

/** Room for the sum and for the number of threads that are ready. */
export const newSum = () => new SharedArrayBuffer(8);

/** Adds `times` ones, each inside `guarded`. */
export async function addSlowly(
  sum: SharedArrayBuffer,
  times: number,
  guarded: (once: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const cells = new Int32Array(sum);
  Atomics.add(cells, 1, 1);
  while (Atomics.load(cells, 1) < THREADS) await sleep(1);
  for (let i = 0; i < times; i++) {
    await guarded(async () => {
      // Reads, waits, writes: loses an update whenever somebody else is inside too.
      const before = cells[0];
      await sleep(1);
      cells[0] = before + 1;
    });
  }
}
