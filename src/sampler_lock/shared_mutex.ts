import { announce, hasEnded, newToken, threadOf } from "./holder.ts";

/** Longest sleep between two looks; it also keeps the event loop alive while waiting. */
const LOOK_EVERY_MS = 20;
/** Looks at the same holder before it is asked whether that one still lives. */
const LOOKS_BEFORE_DOUBT = 5;

/**
 * A word in shared memory that says which thread is inside. First come, first served inside a
 * thread is the business of the lock above; between threads whoever looks first gets it.
 */
export class SharedMutex {
  readonly #word: Int32Array<SharedArrayBuffer>;
  #shared: boolean;
  #token = 0;
  #end = () => {};
  #freed = 0;

  constructor(buffer?: SharedArrayBuffer) {
    this.#shared = buffer !== undefined;
    this.#word = new Int32Array(buffer ?? new SharedArrayBuffer(4), 0, 1);
  }

  /** The memory to hand to another thread. */
  get buffer(): SharedArrayBuffer {
    this.#shared = true;
    return this.#word.buffer;
  }

  /** Whether other threads may know of it. */
  get shared(): boolean {
    return this.#shared;
  }

  /** How often it was taken from a thread that had ended. */
  get freed(): number {
    return this.#freed;
  }

  /** Takes it if it is free, for a call that cannot wait: nobody will see if its thread ends. */
  tryTake(): boolean {
    return this.#takeAs(-newToken());
  }

  /** Waits until it is taken; rejects with the reason of the signal. */
  async take(signal: AbortSignal): Promise<void> {
    if (!this.#shared) return await this.#waitAs(-newToken(), signal);
    const token = newToken();
    // Announced before it is taken: a thread that ends in between must be seen to have ended.
    const end = await announce(token);
    try {
      await this.#waitAs(token, signal);
      this.#end = end;
    } catch (error) {
      end();
      throw error;
    }
  }

  release(): void {
    Atomics.compareExchange(this.#word, 0, this.#token, 0);
    Atomics.notify(this.#word, 0, 1);
    this.#end();
    this.#end = () => {};
  }

  /** Frees it if a thread of Node that has ended is inside. */
  freeThread(thread: number): void {
    const token = Atomics.load(this.#word, 0);
    if (token !== 0 && threadOf(token) === thread) this.#free(token);
  }

  #takeAs(token: number): boolean {
    if (Atomics.compareExchange(this.#word, 0, 0, token) !== 0) return false;
    this.#token = token;
    return true;
  }

  async #waitAs(token: number, signal: AbortSignal): Promise<void> {
    let seen = 0, looks = 0;
    while (!this.#takeAs(token)) {
      signal.throwIfAborted();
      const holder = Atomics.load(this.#word, 0);
      looks = holder === seen ? looks + 1 : 0;
      seen = holder;
      if (looks >= LOOKS_BEFORE_DOUBT) {
        looks = 0;
        if (await hasEnded(holder)) this.#free(holder);
        continue;
      }
      await this.#change(holder, signal);
    }
  }

  #free(token: number): void {
    if (Atomics.compareExchange(this.#word, 0, token, 0) !== token) return;
    this.#freed++;
    Atomics.notify(this.#word, 0, 1);
  }

  /** Resolves when the holder released it, the signal fired, or it is time to look again. */
  #change(holder: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, LOOK_EVERY_MS);
      signal.addEventListener("abort", done, { once: true });
      const waiting = Atomics.waitAsync(this.#word, 0, holder, LOOK_EVERY_MS);
      if (waiting.async) waiting.value.then(done);
      else done();
    });
  }
}
