import { checkOptions } from "../../_internal/check_options.ts";
import {
  BATCHES_OPTIONS,
  type BatchesOptions,
  type BatchPlan,
  planBatches,
} from "../batch_plan.ts";
import { type Batch, labelsOf } from "../batches.ts";
import type { ImageFiles } from "../image_files.ts";
import type { ImageSet } from "../image_set.ts";
import { fillFrom, sourceOf } from "./batch_source.ts";
import { BatchWorkers } from "./batch_workers.ts";
import { prefetch } from "./prefetch.ts";

/** Options of {@linkcode openBatches}. */
export interface OpenBatchesOptions extends BatchesOptions {
  /** Threads that read, decode and change images; 0 for none but the caller's own. @default {0} */
  readonly workers?: number;
  /**
   * Batches that are filled ahead at most, those being filled included: they are the memory that the
   * pipeline takes. @default {2 a worker, 1 without}
   */
  readonly prefetch?: number;
  /** Ends the threads; whoever waits for a batch gets its reason. */
  readonly signal?: AbortSignal;
}

/** Batches that are on their way, for one `for await`. */
export interface BatchStream extends AsyncIterable<Batch> {
  /** Ends the threads. A loop that ends, breaks or throws has done so. */
  close(): Promise<void>;
}

/**
 * The batches of {@linkcode batches}, byte for byte and in the same order, filled ahead in threads:
 * each image is changed as its number says, whoever does it. Images that are still in files, from
 * {@linkcode listImages}, are read as they are needed, so that a set may be larger than memory.
 *
 * @throws {RangeError} when a number is out of range
 * @throws {DataError} in the loop, at the place of the batch, naming the file that is no whole image
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { batches, openBatches, syntheticFundus } from "@qsight/qsight/data";
 * const set = syntheticFundus({ count: 5, size: 32, seed: 1 });
 * const options = { batchSize: 2, augment: true };
 * const [first] = batches(set, options);
 * for await (const batch of openBatches(set, { ...options, workers: 2 })) {
 *   if (batch.step === 0) assert.deepEqual(batch, first);
 * }
 * ```
 */
export function openBatches(
  set: ImageSet | ImageFiles,
  options: OpenBatchesOptions = {},
): BatchStream {
  const where = "openBatches()";
  checkOptions(where, options, [...BATCHES_OPTIONS, "workers", "prefetch", "signal"]);
  const { workers = 0, prefetch: depth = prefetchFor(workers), signal, ...order } = options;
  checkPipeline(where, { workers, prefetch: depth });
  const { plans, ...change } = planBatches(set.count, order, where, set.labels);
  let threads: BatchWorkers | undefined, closed: { readonly reason: unknown } | undefined;
  const end = async (reason: unknown) => {
    closed ??= { reason };
    signal?.removeEventListener("abort", abort);
    await threads?.close(closed.reason);
  };
  const abort = () => void end(signal!.reason);
  signal?.addEventListener("abort", abort, { once: true });
  const close = () => end(new Error(`${where}: the batches were closed`));
  async function* walk(): AsyncGenerator<Batch, void> {
    try {
      // Not before: nobody has to close what was never walked through.
      if (workers > 0) threads = new BatchWorkers(set, workers);
      const source = sourceOf(set);
      const fetch = (plan: BatchPlan) =>
        threads?.fill(plan, change) ?? fillFrom(source, plan, change);
      for await (const { plan, x } of prefetch(plans, { depth, fetch })) {
        if (closed !== undefined) throw closed.reason;
        const { indices, epoch, step } = plan;
        yield { x, y: labelsOf(set, indices), indices, epoch, step };
      }
    } finally {
      await close();
    }
  }
  if (signal?.aborted) abort();
  const walked = walk();
  return { [Symbol.asyncIterator]: () => walked, close };
}

/** Batches ahead where nothing else is said. */
export function prefetchFor(workers: number): number {
  return Math.max(1, 2 * workers);
}

/** @throws {RangeError} for numbers that make no sense */
export function checkPipeline(
  where: string,
  numbers: { readonly [name: string]: number },
): void {
  for (const [name, value] of Object.entries(numbers)) {
    const least = name === "prefetch" ? 1 : 0;
    if (Number.isInteger(value) && value >= least) continue;
    throw new RangeError(
      `${where}: found ${name} ${value}, wanted a whole number from ${least}. Leave it out.`,
    );
  }
}
