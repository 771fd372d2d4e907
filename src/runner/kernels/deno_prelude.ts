/** Names of the console that print; the others call these by name. */
const PRINTERS = ["log", "debug", "info", "dir", "dirxml", "warn", "error", "clear"];

/** From this size on a cell ends only when the outputs have arrived. */
const LARGE = 2 ** 18;

/** Options of {@linkcode denoPrelude}. */
export interface DenoPreludeOptions {
  /** What marks begin with; nobody else prints it. */
  readonly nonce: string;
  /** Bytes that one cell may print or display. */
  readonly maxOutputBytes: number;
}

/**
 * TypeScript that prepares a Deno kernel (2.9) for a run. That kernel queues what a cell prints
 * and displays, sends it when it can, and names the request that runs by then, which may be a later
 * cell's. So the end of each cell that printed (or displayed) is marked in the same queue. The mark
 * is set where the kernel shows the result of a cell: nothing is added to the cell's own code.
 *
 * It also ends two faults: messages that collide with one that takes long to write, by waiting at
 * the end of a cell with large outputs until they have arrived; and rejections that nobody
 * handles, which the kernel passes over in silence.
 */
export function denoPrelude({ nonce, maxOutputBytes }: DenoPreludeOptions): string {
  return `{
  const nonce = ${JSON.stringify(nonce)}, limit = ${maxOutputBytes};
  const internals = Deno[Deno.internal].jupyter, api = Deno.jupyter, display = api.$display;
  const ask = globalThis.prompt, wait = setTimeout;
  let printed = 0, shown = 0;
  const sizeOf = (value, depth = 0) => typeof value === "string" ? value.length
    : ArrayBuffer.isView(value) ? value.byteLength
    : value !== null && typeof value === "object" && depth < 4
    ? Object.values(value).reduce((sum, inner) => sum + sizeOf(inner, depth + 1), 8) : 8;
  const check = (size) => {
    if (size > limit) throw new RangeError("The cell printed or displayed more than " + limit +
      " bytes. Print less, write it to a file, or raise maxOutputBytes");
  };
  for (const name of ${JSON.stringify(PRINTERS)}) {
    const inner = console[name];
    if (typeof inner !== "function") continue;
    console[name] = { [name](...args) {
      for (const arg of args) printed += typeof arg === "string" ? arg.length : 8;
      check(++printed);
      return inner.apply(this, args);
    } }[name];
  }
  for (const name of ["broadcast", "display"]) {
    const inner = api[name];
    api[name] = { [name](...args) {
      check(shown += 1 + sizeOf(args));
      return inner.apply(this, args);
    } }[name];
  }
  const print = console.debug, send = api.broadcast, showResult = internals.broadcastResult;
  const pause = () => new Promise((resolve) => wait(resolve, 0));
  internals.broadcastResult = async (count, value) => {
    // Lets the prints leave before the result, so that they stand before it.
    if (printed > 0) await pause();
    let shownValue = value;
    if (value !== null && (typeof value === "object" || typeof value === "string")) {
      try {
        const data = await api.format(value), size = sizeOf(data);
        // A small result needs no mark: it carries the number of its cell.
        if (size > ${LARGE}) check(shown += size);
        shownValue = { [display]: () => data };
      } catch { /* The kernel meets the same fault below and reports it. */ }
    }
    await showResult(count, shownValue);
    const marks = [printed > 0 ? "printed" : "", shown > 0 ? "shown" : ""];
    const isLarge = printed + shown > ${LARGE};
    if (printed > 0) print(nonce + " " + count);
    if (shown > 0) send(nonce, { id: String(count) });
    printed = shown = 0;
    if (isLarge) {
      await pause();
      ask([nonce, count, ...marks].join(" "));
    }
  };
  addEventListener("unhandledrejection", (event) => {
    console.error("Uncaught (in promise)", event.reason);
  });
}`;
}
