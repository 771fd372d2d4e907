import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import type { PreparedCircuit } from "./prepared_circuit.ts";
import {
  CONTROL,
  CONTROL_WORDS,
  workerBody,
  type WorkerMessage,
  type WorkerStart,
} from "./worker_body.ts";

/** A chunk that takes longer than this is not coming back. */
const DEADLINE_MS = 600_000;

/**
 * Threads that take chunks of a batch beside the caller's own. They sleep between calls, do not keep
 * the process alive, and nothing depends on their being there: the caller takes what they do not.
 */
export class WorkerPool {
  readonly #control = new Int32Array(new SharedArrayBuffer(4 * CONTROL_WORDS));
  readonly #ports: readonly MessagePort[];
  readonly #circuits = new Map<PreparedCircuit, number>();
  #names = 0;

  /** Starts `count` threads. */
  constructor(count: number) {
    const text = `(${workerBody})(require("node:worker_threads"))`;
    this.#ports = Array.from({ length: count }, () => {
      const { port1, port2 } = new MessageChannel();
      const workerData: WorkerStart = { control: this.#control, words: CONTROL, port: port2 };
      const worker = new Worker(text, { eval: true, workerData, transferList: [port2] });
      // A thread that cannot start is one that takes no chunks.
      worker.on("error", () => {});
      worker.unref();
      port1.unref();
      return port1;
    });
  }

  /** Runs all chunks of a batch and returns, when they are done, how many there were. */
  run(
    prepared: PreparedCircuit,
    { batch, back }: { readonly batch: number; readonly back: boolean },
  ): number {
    const control = this.#control, { shape: { width }, exports, program, runs } = prepared;
    const chunks = Math.ceil(batch / width), circuit = this.#nameOf(prepared);
    const job = Atomics.add(control, CONTROL.sequence, 1) + 2;
    this.#waitFor(CONTROL.active, (active) => active === 0);
    Object.entries({
      next: 0,
      done: 0,
      chunks,
      batch,
      width,
      back: Number(back),
      circuit,
      failed: 0,
    })
      .forEach(([word, value]) => control[CONTROL[word as keyof typeof CONTROL]] = value);
    Atomics.store(control, CONTROL.sequence, job);
    Atomics.notify(control, CONTROL.sequence);
    while (true) {
      const chunk = Atomics.add(control, CONTROL.next, 1);
      if (chunk >= chunks) break;
      const first = chunk * width;
      exports.runChunk(program, runs[0], chunk, first, Math.min(width, batch - first), back);
      Atomics.add(control, CONTROL.done, 1);
    }
    this.#waitFor(CONTROL.done, (done) => done === chunks);
    if (Atomics.load(control, CONTROL.failed) === 1) {
      throw new Error("statevectorSimulator(): a worker failed; use workers: 1");
    }
    return chunks;
  }

  /** Lets the threads forget a circuit. */
  forget(prepared: PreparedCircuit): void {
    const circuit = this.#circuits.get(prepared);
    if (circuit === undefined) return;
    this.#circuits.delete(prepared);
    for (const port of this.#ports) port.postMessage({ circuit } satisfies WorkerMessage);
    Atomics.add(this.#control, CONTROL.messages, 1);
  }

  /** Ends the threads. */
  close(): void {
    Atomics.store(this.#control, CONTROL.closing, 1);
    Atomics.add(this.#control, CONTROL.sequence, 2);
    Atomics.notify(this.#control, CONTROL.sequence);
    for (const port of this.#ports) port.close();
  }

  #nameOf(prepared: PreparedCircuit): number {
    const known = this.#circuits.get(prepared);
    if (known !== undefined) return known;
    const circuit = ++this.#names;
    this.#circuits.set(prepared, circuit);
    const { module, memory, program, runs } = prepared;
    this.#ports.forEach((port, i) => {
      // A circuit for fewer threads than there are leaves the last ones out.
      const run = runs[i + 1];
      const attach = run === undefined ? undefined : { module, memory, program, run };
      port.postMessage({ circuit, attach } satisfies WorkerMessage);
    });
    Atomics.add(this.#control, CONTROL.messages, 1);
    return circuit;
  }

  /** Looks for a while, then sleeps: most waits are shorter than falling asleep takes. */
  #waitFor(word: number, ready: (value: number) => boolean): void {
    for (let look = 0; look < 2000; look++) if (ready(Atomics.load(this.#control, word))) return;
    const end = performance.now() + DEADLINE_MS;
    while (true) {
      const value = Atomics.load(this.#control, word);
      if (ready(value)) return;
      Atomics.wait(this.#control, word, value, 1000);
      if (performance.now() > end) {
        throw new Error("statevectorSimulator(): a worker does not answer; use workers: 1");
      }
    }
  }
}
