import { setTimeout as sleep } from "node:timers/promises";

/** Reads, waits, writes: loses an update whenever somebody else is inside too. */
export async function addSlowly(sum: SharedArrayBuffer): Promise<void> {
  const cell = new Int32Array(sum);
  const before = cell[0];
  await sleep(1);
  cell[0] = before + 1;
}
