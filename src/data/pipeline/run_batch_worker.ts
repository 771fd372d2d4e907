import { parentPort, workerData } from "node:worker_threads";
import { messageOf } from "../../_internal/message_of.ts";
import type { BatchChange, BatchPlan } from "../batch_plan.ts";
import { DataError } from "../data_error.ts";
import { type BatchSource, fillFrom } from "./batch_source.ts";

/** A batch that is to be filled. */
export interface BatchTask {
  readonly id: number;
  readonly plan: BatchPlan;
  readonly change: BatchChange;
}

/** A batch that is filled, or why it is not; `path` names the file of its image where it is one. */
export type BatchAnswer =
  | { readonly id: number; readonly x: Float32Array<ArrayBuffer> }
  | { readonly id: number; readonly message: string; readonly path: string | undefined };

/** The whole life of a thread that fills batches, in the order in which they come. */
export function runBatchWorker(): void {
  const port = parentPort!, source = workerData as BatchSource;
  let queue = Promise.resolve();
  port.on("message", (task: BatchTask) => {
    queue = queue.then(async () => {
      try {
        const x = await fillFrom(source, task.plan, task.change);
        port.postMessage({ id: task.id, x } satisfies BatchAnswer, [x.buffer]);
      } catch (error) {
        const path = error instanceof DataError ? error.path : undefined;
        port.postMessage({ id: task.id, message: messageOf(error), path } satisfies BatchAnswer);
      }
    });
  });
}
