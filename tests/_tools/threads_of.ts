import { Worker } from "node:worker_threads";

/** A thread that was sent something, and its end. */
export interface SeenThread {
  readonly worker: Worker;
  /** Resolves when it has ended. */
  readonly ended: Promise<unknown>;
}

/** The threads that are sent messages while a body runs. */
export async function threadsOf(
  body: (threads: () => readonly SeenThread[]) => Promise<void>,
): Promise<readonly SeenThread[]> {
  const threads = new Map<Worker, Promise<unknown>>(), { postMessage } = Worker.prototype;
  const seen = () => Array.from(threads, ([worker, ended]) => ({ worker, ended }));
  Worker.prototype.postMessage = function (...args) {
    if (!threads.has(this)) threads.set(this, new Promise((end) => this.on("exit", end)));
    return postMessage.apply(this, args);
  };
  try {
    await body(seen);
    return seen();
  } finally {
    Worker.prototype.postMessage = postMessage;
  }
}
