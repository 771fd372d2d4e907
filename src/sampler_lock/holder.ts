import { threadId } from "node:worker_threads";

/** The part of the Web Locks interface that is used; Deno has it, Node 20 has not. */
interface WebLocks {
  request(name: string, work: () => Promise<void>): Promise<void>;
  query(): Promise<{ readonly held: readonly { readonly name: string }[] }>;
}

function webLocks(): WebLocks | undefined {
  return (globalThis.navigator as { readonly locks?: WebLocks } | undefined)?.locks;
}

/** Whether the runtime lets a thread see that another one has ended. */
export function seesThreadsEnd(): boolean {
  return webLocks() !== undefined;
}

/** Bits of a token that count stays; those above name a thread of Node. */
const STAY_BITS = 16;
let stays = 0;

/**
 * A number for one stay inside a lock, never 0. It is positive where others can find out whether
 * its holder lives: in Node its upper bits name the thread, in Deno a web lock of that name is held.
 */
export function newToken(): number {
  if (!seesThreadsEnd()) {
    return ((threadId + 1) << STAY_BITS) | (stays++ & (2 ** STAY_BITS - 1));
  }
  // Threads of Deno all have number 0, and a token must not come twice while somebody looks at it.
  return 1 + (crypto.getRandomValues(new Uint32Array(1))[0] >>> 2);
}

/** The thread of Node that holds a token. */
export function threadOf(token: number): number {
  return (Math.abs(token) >> STAY_BITS) - 1;
}

/**
 * Lets other threads see that the holder of a token lives, until the returned function is called.
 * The runtime itself ends a web lock when its thread ends, however that comes about.
 */
export async function announce(token: number): Promise<() => void> {
  const locks = webLocks();
  if (locks === undefined) return () => {};
  let end = () => {};
  await new Promise<void>((held, failed) => {
    const stay = new Promise<void>((resolve) => end = resolve);
    locks.request(nameOf(token), () => {
      held();
      return stay;
    }).catch(failed);
  });
  return end;
}

/** Whether the thread of an announced token has ended; false where that cannot be known. */
export async function hasEnded(token: number): Promise<boolean> {
  const locks = webLocks();
  if (locks === undefined || token <= 0) return false;
  const { held } = await locks.query();
  return !held.some(({ name }) => name === nameOf(token));
}

function nameOf(token: number): string {
  return `qsight-sampler-lock-${token}`;
}
