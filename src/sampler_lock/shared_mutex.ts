/** Longest sleep between two looks; it also keeps the event loop alive while waiting. */
const LOOK_EVERY_MS = 20;

/**
 * One bit in shared memory that says whether any thread is inside. First come, first served inside
 * a thread is the business of the lock above; between threads whoever looks first gets it.
 */
export class SharedMutex {
  readonly buffer: SharedArrayBuffer;
  #word: Int32Array<SharedArrayBuffer>;

  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(4)) {
    this.buffer = buffer;
    this.#word = new Int32Array(buffer, 0, 1);
  }

  /** Takes it if it is free. */
  tryTake(): boolean {
    return Atomics.compareExchange(this.#word, 0, 0, 1) === 0;
  }

  /** Waits until it is taken; rejects with the reason of the signal. */
  async take(signal: AbortSignal): Promise<void> {
    while (!this.tryTake()) {
      signal.throwIfAborted();
      await this.#change(signal);
    }
  }

  release(): void {
    Atomics.store(this.#word, 0, 0);
    Atomics.notify(this.#word, 0, 1);
  }

  /** Resolves when another thread released it, the signal fired, or it is time to look again. */
  #change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, LOOK_EVERY_MS);
      signal.addEventListener("abort", done, { once: true });
      const waiting = Atomics.waitAsync(this.#word, 0, 1, LOOK_EVERY_MS);
      if (waiting.async) waiting.value.then(done);
      else done();
    });
  }
}
