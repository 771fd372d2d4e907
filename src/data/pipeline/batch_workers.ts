import type { Worker } from "node:worker_threads";
import { openWorker } from "../../_internal/open_worker.ts";
import type { BatchChange, BatchPlan } from "../batch_plan.ts";
import { DataError } from "../data_error.ts";
import { type ImageFiles, isImageFiles } from "../image_files.ts";
import type { ImageSet } from "../image_set.ts";
import { sharedPixels } from "../shared_pixels.ts";
import { sourceOf } from "./batch_source.ts";
import type { BatchAnswer, BatchTask } from "./run_batch_worker.ts";

interface Waiting {
  readonly worker: number;
  resolve(x: Float32Array<ArrayBuffer>): void;
  reject(reason: unknown): void;
}

/** Threads that fill batches of one set; which of them fills a batch does not show in its bytes. */
export class BatchWorkers {
  readonly #workers: readonly Worker[];
  readonly #waiting = new Map<number, Waiting>();
  /** Why no batch is filled any more. */
  #ended: { readonly reason: unknown } | undefined;
  #tasks = 0;

  constructor(set: ImageSet | ImageFiles, count: number) {
    const data = isImageFiles(set) ? sourceOf(set) : sharedPixels(set);
    this.#workers = Array.from({ length: count }, () => {
      const worker = openWorker("batch_worker", { base: import.meta.url, data });
      worker.on("message", (answer: BatchAnswer) => this.#take(answer));
      worker.on("error", (error) => this.#fail(error));
      worker.on("exit", (code) => this.#fail(new Error(`its thread ended with code ${code}`)));
      return worker;
    });
  }

  /** Fills a batch in the thread that has least to do. */
  fill(plan: BatchPlan, change: BatchChange): Promise<Float32Array<ArrayBuffer>> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended.reason);
    const load = this.#workers.map(() => 0);
    for (const { worker } of this.#waiting.values()) load[worker]++;
    const worker = load.indexOf(Math.min(...load));
    const id = this.#tasks++;
    const filled = new Promise<Float32Array<ArrayBuffer>>((resolve, reject) => {
      this.#waiting.set(id, { worker, resolve, reject });
    });
    this.#workers[worker].postMessage({ id, plan, change } satisfies BatchTask);
    return filled;
  }

  /** Ends the threads; whoever waits for a batch gets the reason. */
  async close(reason: unknown = new Error("The batches were closed")): Promise<void> {
    this.#end(reason);
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #take(answer: BatchAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ("x" in answer) return waiting?.resolve(answer.x);
    const { message, path } = answer;
    waiting?.reject(path === undefined ? new Error(message) : new DataError(message, { path }));
  }

  #fail(error: Error): void {
    this.#end(
      new Error(`A thread that fills batches ended: ${error.message}. Pass workers: 0`, {
        cause: error,
      }),
    );
  }

  #end(reason: unknown): void {
    this.#ended ??= { reason };
    for (const { reject } of this.#waiting.values()) reject(this.#ended.reason);
    this.#waiting.clear();
  }
}
