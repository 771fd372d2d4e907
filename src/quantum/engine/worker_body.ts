import type { MessagePort } from "node:worker_threads";
import type { EngineExports } from "./engine_module.ts";

/** Words that all threads of a pool share. */
export const CONTROL = {
  /** Odd while a job is being written, otherwise the number of the job. */
  sequence: 0,
  /** Threads that look at the job. */
  active: 1,
  /** The next chunk that nobody has taken. */
  next: 2,
  /** Chunks that are done. */
  done: 3,
  chunks: 4,
  batch: 5,
  width: 6,
  back: 7,
  /** The prepared circuit that the job is about. */
  circuit: 8,
  /** Messages sent so far. */
  messages: 9,
  /** Set when a chunk failed. */
  failed: 10,
  closing: 11,
} as const;

/** How many words that are. */
export const CONTROL_WORDS = 12;

/** Tells a worker about a prepared circuit, or to forget it. */
export interface WorkerMessage {
  readonly circuit: number;
  readonly attach?: {
    readonly module: WebAssembly.Module;
    readonly memory: WebAssembly.Memory;
    readonly program: number;
    readonly run: number;
  };
}

/** What a worker is started with. */
export interface WorkerStart {
  readonly control: Int32Array<SharedArrayBuffer>;
  readonly words: typeof CONTROL;
  /** Where messages come from: they are fetched, as a thread that sleeps sees no events. */
  readonly port: MessagePort;
}

/**
 * All that a worker does. It runs from its text, so that a bundle needs no file for it, and must not
 * refer to anything outside.
 */
export function workerBody(
  { receiveMessageOnPort, workerData }: typeof import("node:worker_threads"),
): void {
  const { control, words, port } = workerData as WorkerStart;
  const circuits = new Map<number, NonNullable<WorkerMessage["attach"]> & EngineExports>();
  let seen = 0, read = 0;
  const readMessages = () => {
    while (read < Atomics.load(control, words.messages)) {
      const received = receiveMessageOnPort(port);
      // Sent before it was counted, so that it is about to arrive.
      if (received === undefined) continue;
      read++;
      const { circuit, attach } = received.message as WorkerMessage;
      if (attach === undefined) circuits.delete(circuit);
      else {
        const env = { memory: attach.memory };
        const { exports } = new WebAssembly.Instance(attach.module, { env });
        circuits.set(circuit, { ...attach, ...(exports as unknown as EngineExports) });
      }
    }
  };
  const runChunks = () => {
    const found = circuits.get(control[words.circuit]);
    const chunks = control[words.chunks], width = control[words.width];
    const batch = control[words.batch], back = control[words.back] === 1;
    while (found !== undefined) {
      const chunk = Atomics.add(control, words.next, 1);
      if (chunk >= chunks) return;
      const first = chunk * width;
      try {
        const samples = Math.min(width, batch - first);
        found.runChunk(found.program, found.run, chunk, first, samples, back);
      } catch {
        Atomics.store(control, words.failed, 1);
      }
      Atomics.add(control, words.done, 1);
      Atomics.notify(control, words.done);
    }
  };
  while (true) {
    Atomics.wait(control, words.sequence, seen);
    if (Atomics.load(control, words.closing) === 1) return;
    Atomics.add(control, words.active, 1);
    const sequence = Atomics.load(control, words.sequence);
    if (sequence % 2 === 0 && sequence !== seen) {
      seen = sequence;
      try {
        readMessages();
        runChunks();
      } catch {
        // Without this circuit here, the other threads do its chunks.
      }
    } else if (sequence % 2 === 1) seen = sequence;
    Atomics.sub(control, words.active, 1);
    Atomics.notify(control, words.active);
  }
}
