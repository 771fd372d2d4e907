import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Worker } from "node:worker_threads";
import { openWorker } from "../../_internal/open_worker.ts";
import { isImageFiles, type TrainingData } from "../../data/image_files.ts";
import { sourceOf } from "../../data/pipeline/batch_source.ts";
import { sharedPixels } from "../../data/shared_pixels.ts";
import { saveHybridModel } from "../../model/hybrid_files.ts";
import { findQuantumLayer, type HybridModel } from "../../model/hybrid_model.ts";
import { threadCopyOf } from "../../quantum/thread_copies.ts";
import { openedOptions } from "../../tensors/open_tensors.ts";
import { tfjs } from "../../tensors/tf.ts";
import type { FitSettings } from "../fit_settings.ts";
import type { ReplicaAnswer, ReplicaMessage, ReplicaStart } from "./replica_messages.ts";

/** What {@linkcode ReplicaPool} copies. */
export interface ReplicaPoolOptions {
  /** Replicas, the caller's model included. */
  readonly count: number;
  readonly model: HybridModel;
  readonly train: TrainingData["train"];
  readonly settings: FitSettings;
}

/** The threads of all replicas but the first, which is the caller's own model. */
export class ReplicaPool {
  /** Replicas, the caller's model included. */
  readonly count: number;
  readonly #workers: readonly Worker[];
  /** Rejects as soon as a replica cannot go on, with the reason. */
  readonly #failure: Promise<never>;
  #closing = false;

  /** Resolves when all threads have their copy of the model. */
  static async open(options: ReplicaPoolOptions): Promise<ReplicaPool> {
    const folder = await mkdtemp(join(tmpdir(), "qsight-replicas-"));
    try {
      await saveHybridModel(options.model, folder);
      const pool = new ReplicaPool(options, folder);
      try {
        await pool.answers("ready");
        return pool;
      } catch (error) {
        await pool.close();
        throw error;
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  private constructor({ count, model, train, settings }: ReplicaPoolOptions, folder: string) {
    this.count = count;
    const { labels, classes } = train;
    const source = isImageFiles(train) ? sourceOf(train) : sharedPixels(train);
    const images = { source, labels, classes };
    const tensors = openedOptions() ?? { prefer: tfjs().getBackend() as "wasm" | "cpu" };
    const simulator = threadCopyOf(findQuantumLayer(model)?.simulator);
    const given = { tensors, folder, simulator, settings, train: images };
    this.#workers = Array.from({ length: count - 1 }, (_, i) => {
      const data: ReplicaStart = { member: i + 1, ...given };
      return openWorker("replica_worker", { base: import.meta.url, data });
    });
    this.#failure = Promise.race(this.#workers.map((worker, i) => this.#failureOf(worker, i + 1)));
    // It may come while nobody waits.
    this.#failure.catch(() => {});
  }

  /** Tells a replica something. */
  tell(member: number, message: ReplicaMessage): void {
    this.#workers[member - 1].postMessage(message);
  }

  /** Resolves to the next answers of that kind, of all replicas. */
  async answers<K extends ReplicaAnswer["kind"]>(
    kind: K,
  ): Promise<Extract<ReplicaAnswer, { kind: K }>[]> {
    const each = this.#workers.map((worker) =>
      new Promise<Extract<ReplicaAnswer, { kind: K }>>((resolve) => {
        const listener = (answer: ReplicaAnswer) => {
          if (answer.kind !== kind) return;
          worker.off("message", listener);
          resolve(answer as Extract<ReplicaAnswer, { kind: K }>);
        };
        worker.on("message", listener);
      })
    );
    return await this.orFailure(Promise.all(each));
  }

  /** Waits for something that comes only if no replica fails. */
  async orFailure<T>(work: Promise<T>): Promise<T> {
    return await Promise.race([work, this.#failure]);
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #failureOf(worker: Worker, member: number): Promise<never> {
    return new Promise((_, reject) => {
      const fail = (why: string, cause?: unknown) => {
        if (this.#closing) return;
        reject(
          new Error(
            `fit: replica ${member} ended, and the training with it: ${why}. Its checkpoints are ` +
              `whole: go on with onExisting: "resume", or train with replicas: 1`,
            { cause },
          ),
        );
      };
      worker.on("message", (answer: ReplicaAnswer) => {
        if (answer.kind === "failed") fail(answer.message);
      });
      worker.on("error", (error) => fail((error as Error)?.message ?? String(error), error));
      worker.on("exit", (code) => fail(`its thread ended with code ${code}`));
    });
  }
}
