import type { BatchChange, BatchPlan, EpochPlan } from "../data/batch_plan.ts";
import type { TrainingData } from "../data/image_files.ts";
import { type BatchSource, fillFrom, sourceOf } from "../data/pipeline/batch_source.ts";
import { BatchWorkers } from "../data/pipeline/batch_workers.ts";
import { prefetchFor } from "../data/pipeline/open_batches.ts";
import { prefetch } from "../data/pipeline/prefetch.ts";

/** A batch that is decided; its images are undefined where whoever trains on them fills them. */
export interface ComingBatch {
  readonly plan: BatchPlan;
  readonly x: Float32Array | undefined;
}

/** The training images of all epochs, filled ahead in threads where there are any. */
export class TrainingBatches {
  /** What batches are filled from. */
  readonly source: BatchSource;
  readonly #train: TrainingData["train"];
  readonly #count: number;
  readonly #depth: number;
  #workers: BatchWorkers | undefined;

  /** @param options.dataWorkers threads; they are started by the first batch */
  constructor(
    train: TrainingData["train"],
    { dataWorkers = 0, prefetch = prefetchFor(dataWorkers) }: {
      readonly dataWorkers?: number;
      readonly prefetch?: number;
    },
  ) {
    this.#train = train;
    this.source = sourceOf(train);
    this.#count = dataWorkers;
    this.#depth = prefetch;
  }

  /** The batches of an epoch from one on, in order. */
  async *of(
    { plans, ...change }: EpochPlan,
    { from, filled }: { readonly from: number; readonly filled: boolean },
  ): AsyncGenerator<ComingBatch, void> {
    const coming = plansFrom(plans, from);
    if (this.#count > 0) {
      yield* prefetch(coming, { depth: this.#depth, fetch: (plan) => this.#fill(plan, change) });
      return;
    }
    for (const plan of coming) {
      yield { plan, x: filled ? await fillFrom(this.source, plan, change) : undefined };
    }
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    await this.#workers?.close();
    this.#workers = undefined;
  }

  async #fill(plan: BatchPlan, change: BatchChange): Promise<Float32Array> {
    this.#workers ??= new BatchWorkers(this.#train, this.#count);
    return await this.#workers.fill(plan, change);
  }
}

/** Iterators have no `filter` in Node 20. */
function* plansFrom(plans: Iterable<BatchPlan>, from: number): Generator<BatchPlan, void> {
  for (const plan of plans) if (plan.step >= from) yield plan;
}
