/** From this size on a cell ends only when its outputs have arrived. */
const LARGE = 2 ** 18;

/** What a display costs whatever it holds, as long as it waits to be sent. */
const OVERHEAD = 1024;

/** So many prints in so many milliseconds leave at once; only what floods is gathered. */
const AT_ONCE = 20, WINDOW = 50;

/** Characters of gathered text that are sent in one message. */
const BATCH = 2 ** 14;

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
 * cell's. So the end of each cell that put something out is marked in the same queue. The mark is
 * set where the kernel shows the result of a cell: nothing is added to the cell's own code.
 *
 * Four more things that the kernel does not do by itself: prints take the queue of displays, so
 * that the order of both is kept; a flood of prints is sent together instead of one message each; a
 * cell with large outputs is held until they have arrived, because the kernel writes its next
 * messages into one that takes long to send; and errors that nobody handles are printed.
 */
export function denoPrelude({ nonce, maxOutputBytes }: DenoPreludeOptions): string {
  return `{
  const nonce = ${JSON.stringify(nonce)}, limit = ${maxOutputBytes};
  const { jupyter: internals, Console } = Deno[Deno.internal];
  const api = Deno.jupyter, display = api.$display, ask = globalThis.prompt, wait = setTimeout;
  const send = api.broadcast, showResult = internals.broadcastResult;
  let size = 0, sent = 0, waiting = "", name = "stdout", timer, since = 0, prints = 0;
  const add = (more) => {
    size += more;
    if (size > limit) throw new RangeError("The cell printed or displayed more than " + limit +
      " bytes. Print less, write it to a file, or raise maxOutputBytes");
  };
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting === "") return;
    sent++;
    send("stream", { name, text: waiting });
    waiting = "";
  };
  const printer = new Console((text, level) => {
    add(text.length);
    const stream = level > 1 ? "stderr" : "stdout";
    if (name !== stream) flush();
    name = stream;
    waiting += text;
    const now = performance.now();
    if (now - since > ${WINDOW}) {
      since = now;
      prints = 0;
    }
    if (++prints <= ${AT_ONCE} || waiting.length > ${BATCH}) flush();
    else timer ??= wait(flush, 0);
  });
  for (const [key, method] of Object.entries(printer)) {
    if (typeof method === "function") console[key] = method;
  }
  const sizeOf = (value, depth = 0) => typeof value === "string" ? value.length
    : ArrayBuffer.isView(value) ? value.byteLength
    : value !== null && typeof value === "object" && depth < 4
    ? Object.values(value).reduce((sum, inner) => sum + sizeOf(inner, depth + 1), 8) : 8;
  for (const key of ["broadcast", "display"]) {
    const inner = api[key];
    api[key] = { [key](...args) {
      add(${OVERHEAD} + sizeOf(args));
      flush();
      const done = inner.apply(this, args);
      sent++;
      return Promise.resolve(done).catch((error) => {
        sent--;
        throw error;
      });
    } }[key];
  }
  const mark = (id) => {
    flush();
    // Who reads over a network can tell by the number that nothing is missing.
    send(nonce, { id, sent: ++sent });
    size = 0;
  };
  // What a barrier calls, also after an error.
  globalThis[Symbol.for(nonce)] = mark;
  internals.broadcastResult = async (count, value) => {
    flush();
    let shown = value, isSent = value !== undefined;
    if (value !== null && (typeof value === "object" || typeof value === "string")) {
      try {
        const data = await api.format(value), bytes = sizeOf(data);
        // A small result needs no mark: it carries the number of its cell.
        if (bytes > ${LARGE}) add(bytes);
        shown = { [display]: () => data };
      } catch {
        // The kernel meets the same fault below and reports it.
        isSent = false;
      }
    }
    if (isSent) sent++;
    await showResult(count, shown);
    const isLarge = size > ${LARGE};
    if (size > 0) mark(String(count));
    if (isLarge) ask(nonce + " " + count);
  };
  // Not prevented, such an error can also keep a cell that awaits from going on, for half a minute.
  addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    console.error("Uncaught (in promise)", event.reason);
  });
  addEventListener("error", (event) => {
    event.preventDefault();
    console.error("Uncaught", event.error);
  });
}`;
}
