import { randomUUID } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import process from "node:process";
import { isAlive, type ProcessIdentity, thisProcess } from "../process_identity.ts";

interface Holder extends ProcessIdentity {
  readonly id: string;
}

/** Locks of this process, so that one left by an earlier process with our number is seen as such. */
const HELD = new Set<string>();

/**
 * Keeps two processes from sending one run at the same time. What a killed process leaves is taken
 * over.
 *
 * @returns releases the lock
 * @throws {Error} when another process holds it
 */
export async function lockOutbox(path: string): Promise<() => Promise<void>> {
  const mine: Holder = { ...await thisProcess(), id: randomUUID() };
  for (;;) {
    try {
      await writeFile(path, JSON.stringify(mine), { flag: "wx" });
      HELD.add(mine.id);
      return async () => {
        HELD.delete(mine.id);
        await rm(path, { force: true });
      };
    } catch (error) {
      if ((error as { code?: string }).code !== "EEXIST") throw error;
    }
    const text = await readFile(path, "utf8").catch(() => undefined);
    if (text === undefined) continue;
    const holder = parse(text);
    if (holder !== undefined && await isThere(holder)) {
      throw new Error(
        `Another outbox (process ${holder.pid} on ${holder.host}) sends this run: wait for it, or ` +
          `delete ${path} when it is gone`,
      );
    }
    await removeStale(path, text);
  }
}

/** Of two processes that find the same stale lock, neither may remove the new lock of the other. */
async function removeStale(path: string, text: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  await rename(path, aside).catch(() => {});
  const moved = await readFile(aside, "utf8").catch(() => undefined);
  if (moved === undefined) return;
  if (moved === text) await rm(aside, { force: true });
  else await rename(aside, path);
}

/** A lock that was cut short while it was written is of a process that is gone. */
function parse(text: string): Holder | undefined {
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return undefined;
  }
}

async function isThere(holder: Holder): Promise<boolean> {
  // Processes of another machine cannot be seen from here.
  const alive = await isAlive(holder) ?? true;
  return alive && (holder.pid !== process.pid || HELD.has(holder.id));
}
