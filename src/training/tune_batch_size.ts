import { checkOptions } from "../_internal/check_options.ts";

/** Options of {@linkcode tuneBatchSize}. */
export interface TuneBatchSizeOptions<State> {
  /** Where to begin. */
  readonly base: number;
  /** Largest to try; the images of an epoch at most. @default {4 * base} */
  readonly largest?: number;
  /** Smallest to fall back to when `base` does not fit; batch normalisation needs 2. @default {2} */
  readonly smallest?: number;
  /** One training step with so many images. */
  readonly step: (batchSize: number) => void | Promise<void>;
  /** Everything that a step changes: weights, moving statistics, optimizer, random numbers. */
  readonly save: () => State | Promise<State>;
  /** Puts back what `save` returned; called after the steps of each size, also after a failed one. */
  readonly restore: (state: State) => void | Promise<void>;
  /** Clock in milliseconds. */
  readonly now: () => number;
  /** Bytes in use, asked after each step; without it memory is not looked at. */
  readonly memory?: () => number;
  /** Bytes of which 90 % may be in use. @default {Infinity} */
  readonly memoryLimit?: number;
  /** How long all steps may take together, in seconds. @default {60} */
  readonly maxSeconds?: number;
  /** Measured steps of each size, after one that is not; their median counts. @default {3} */
  readonly rounds?: number;
  /** Whether an error of a step says that the size does not fit. @default {its message speaks of memory} */
  readonly isTooLarge?: (error: unknown) => boolean;
}

/** One size that was tried. */
export interface BatchSizeTrial {
  /** Images in a step. */
  readonly batchSize: number;
  /** Median seconds of a step per image; null when the size did not fit. */
  readonly secondsPerImage: number | null;
  /** Most bytes in use after a step; null when it was not asked for. */
  readonly bytes: number | null;
}

/** What {@linkcode tuneBatchSize} found. */
export interface TunedBatchSize {
  /** The size with the least time per image. */
  readonly batchSize: number;
  /** Why no further size was tried. */
  readonly why: string;
  /** In the order they were tried. */
  readonly trials: readonly BatchSizeTrial[];
}

/** A size is this much larger than the one before. */
const GROWTH = 1.5;
/** A larger size has to save this share of the time per image. */
const GAIN = 0.02;
/** Share of the memory that may be in use. */
const FULL = 0.9;

/**
 * Finds the batch size with the least time per image: grows by half while that pays, memory and time
 * allow; shrinks by half when the first does not fit. It leaves everything as `save` found it.
 *
 * @throws {RangeError} when not even the smallest size fits, or for a number out of range
 * @throws the error of a step that is not about its size, after restoring
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { tuneBatchSize } from "@qsight/qsight/training";
 * let clock = 0;
 * const { batchSize } = await tuneBatchSize({
 *   base: 16,
 *   step: () => void (clock += 100), // as long for one image as for many
 *   now: () => clock,
 *   save: () => null,
 *   restore: () => {},
 * });
 * assert.equal(batchSize, 64);
 * ```
 */
export async function tuneBatchSize<State>(
  options: TuneBatchSizeOptions<State>,
): Promise<TunedBatchSize> {
  checkTuner(options);
  const { base, largest = 4 * base, smallest = Math.min(2, base), now, maxSeconds = 60 } = options;
  const state = await options.save();
  const started = now();
  const trials: BatchSizeTrial[] = [];
  const attempt = async (batchSize: number): Promise<BatchSizeTrial> => {
    try {
      const trial = await measure(batchSize, options);
      trials.push(trial);
      return trial;
    } finally {
      await options.restore(state);
    }
  };
  const before = options.memory?.() ?? 0;
  let best = await attempt(base);
  let failed = best;
  while (best.secondsPerImage === null) {
    if (best.batchSize <= smallest) throw tooSmall(smallest);
    failed = best;
    best = await attempt(Math.max(smallest, Math.floor(best.batchSize / 2)));
  }
  const end = (why: string): TunedBatchSize => ({ batchSize: best.batchSize, why, trials });
  if (best.batchSize < base) return end(`${failed.batchSize} images did not fit`);
  while (best.batchSize < largest) {
    const next = Math.min(
      largest,
      Math.max(best.batchSize + 1, Math.round(best.batchSize * GROWTH)),
    );
    const limit = wouldExceed(next, { best, before, options });
    if (limit !== undefined) return end(limit);
    const seconds = (now() - started) / 1000 + best.secondsPerImage! * next * steps(options);
    if (seconds > maxSeconds) return end(`trying ${next} would take longer than ${maxSeconds} s`);
    const trial = await attempt(next);
    if (trial.secondsPerImage === null) return end(`${next} images did not fit`);
    if (trial.secondsPerImage > best.secondsPerImage! * (1 - GAIN)) {
      return end(`${next} images in a step take no less time per image`);
    }
    best = trial;
  }
  return end(`${largest} is the largest that was allowed`);
}

function steps({ rounds = 3 }: { readonly rounds?: number }): number {
  return rounds + 1;
}

async function measure<State>(
  batchSize: number,
  options: TuneBatchSizeOptions<State>,
): Promise<BatchSizeTrial> {
  const { step, now, memory, memoryLimit = Infinity, isTooLarge = speaksOfMemory } = options;
  const times: number[] = [];
  let bytes: number | null = null;
  try {
    for (let i = 0; i < steps(options); i++) {
      const from = now();
      await step(batchSize);
      // The first step of a size also allocates and compiles.
      if (i > 0) times.push((now() - from) / 1000);
      if (memory !== undefined) bytes = Math.max(bytes ?? 0, memory());
      if (bytes !== null && bytes > FULL * memoryLimit) {
        return { batchSize, secondsPerImage: null, bytes };
      }
    }
  } catch (error) {
    if (!isTooLarge(error)) throw error;
    return { batchSize, secondsPerImage: null, bytes };
  }
  times.sort((a, b) => a - b);
  const middle = times.length >> 1;
  const median = times.length % 2 === 1 ? times[middle] : (times[middle - 1] + times[middle]) / 2;
  return { batchSize, secondsPerImage: median / batchSize, bytes };
}

/** A step that runs out of memory may end the process, so its need is estimated first. */
function wouldExceed<State>(
  next: number,
  { best, before, options: { memoryLimit = Infinity } }: {
    best: BatchSizeTrial;
    before: number;
    options: TuneBatchSizeOptions<State>;
  },
): string | undefined {
  if (best.bytes === null) return undefined;
  const needed = before + Math.max(0, best.bytes - before) / best.batchSize * next;
  if (needed <= FULL * memoryLimit) return undefined;
  const mib = (bytes: number) => Math.round(bytes / 2 ** 20);
  return `${next} images would need about ${mib(needed)} of ${mib(memoryLimit)} MiB`;
}

function speaksOfMemory(error: unknown): boolean {
  return error instanceof Error &&
    /out of memory|memory|alloc|\bOOM\b|maximum .*size/i.test(error.message);
}

function tooSmall(smallest: number): RangeError {
  return new RangeError(
    `Batch size tuner: not even ${smallest} images fit into memory; use smaller images or a ` +
      "smaller encoder, or stop other programs",
  );
}

function checkTuner<State>(options: TuneBatchSizeOptions<State>): void {
  checkOptions("tuneBatchSize", options, [
    "base",
    "largest",
    "smallest",
    "step",
    "save",
    "restore",
    "now",
    "memory",
    "memoryLimit",
    "maxSeconds",
    "rounds",
    "isTooLarge",
  ]);
  const { base, largest = base, smallest = 1, rounds = 3, maxSeconds = 60 } = options;
  const whole = [base, largest, smallest, rounds].every((x) => Number.isInteger(x) && x >= 1);
  if (whole && smallest <= base && base <= largest && maxSeconds > 0) return;
  throw new RangeError(
    `tuneBatchSize: found smallest ${smallest}, base ${base}, largest ${largest}, rounds ` +
      `${rounds}, maxSeconds ${maxSeconds}; wanted whole numbers in this order and a time above 0`,
  );
}
