import { checkOptions } from "../_internal/check_options.ts";
import { allocate, reportPicks } from "./allocate.ts";
import type { ClassDiversePicks } from "./class_diverse_picks.ts";
import type { StreamStrategy } from "./measures.ts";
import { atLeast, PICK_OPTIONS, type PickOptions, planPicks } from "./pick_plan.ts";
import { checkBatch, ROW_COLUMNS, type RowBatch } from "./row_batch.ts";
import { RowPool } from "./row_pool.ts";

/** Options of {@linkcode streamingClassDiverse}. */
export interface StreamingOptions extends PickOptions {
  /** Class names in class order, or their number. */
  readonly classes: number | readonly string[];
  /** Index of the first row, for a stream that is one part of a larger one. @default {0} */
  readonly offset?: number;
  /**
   * As for arrays, but for `diverse`, which needs all rows at once. `typical` goes by the median of
   * a seeded sample of 1024 rows of each class. @default {"random"}
   */
  readonly strategy?: StreamStrategy | readonly StreamStrategy[];
}

const WHERE = "streamingClassDiverse()";

/**
 * Class-diverse picks from rows that come in batches, in bounded memory. The picks are the same for
 * every batch size and order of rows, and those of merged streams are those of one long stream
 * (bottom-k sketches, Cohen and Kaplan 2007); `maxRows` alone makes the order count.
 *
 * @throws {RangeError} when an option is out of range
 * @throws {TypeError} when an option is unknown or the seed is missing
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { streamingClassDiverse } from "@qsight/qsight/sampling";
 *
 * const stream = streamingClassDiverse({ classes: 2, perClass: 1, seed: 1, strategy: "hardest" });
 * stream.push({ yTrue: [0, 0], ids: ["a", "b"], probabilities: [[0.9, 0.1], [0.3, 0.7]] });
 * stream.push({ yTrue: [0, -1], ids: ["c", "d"], probabilities: [[0.6, 0.4], [0.5, 0.5]] });
 * const picks = stream.picks();
 * assert.deepEqual(picks.picks.map((pick) => [pick.id, pick.score]), [["b", 0.3]]);
 * assert.deepEqual([picks.missing, picks.unlabelled], [[1], 1]);
 * ```
 */
export function streamingClassDiverse(options: StreamingOptions): ClassDiverseStream {
  checkOptions(WHERE, options, [...PICK_OPTIONS, "classes", "offset"]);
  return new ClassDiverseStream(options);
}

/**
 * Made by {@linkcode streamingClassDiverse}.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { streamingClassDiverse } from "@qsight/qsight/sampling";
 *
 * const open = (offset: number) => streamingClassDiverse({ classes: 2, seed: 1, offset });
 * const left = open(0).push({ yTrue: [0, 1] }), right = open(2).push({ yTrue: [1, 0] });
 * assert.deepEqual(left.merge(right).picks(), open(0).push({ yTrue: [0, 1, 1, 0] }).picks());
 * ```
 */
export class ClassDiverseStream {
  readonly #pool: RowPool;
  readonly #first: number;
  #next: number;
  #numbered = false;

  /** Use {@linkcode streamingClassDiverse}. */
  constructor({ offset = 0, ...options }: StreamingOptions) {
    const plan = planPicks(WHERE, options);
    if (plan.strategies.includes("diverse")) {
      throw new RangeError(
        `${WHERE}: strategy "diverse" compares all rows with each other and a stream does not keep ` +
          `them; wanted random, typical, hardest or boundary. Collect the embeddings and call ` +
          `pickClassDiverse()`,
      );
    }
    this.#pool = new RowPool(plan);
    this.#first = this.#next = atLeast(WHERE, { offset }, 0);
  }

  /** Rows looked at so far; at `maxRows` a loader can stop. */
  get scanned(): number {
    return this.#pool.tally.scanned;
  }

  /**
   * Takes rows in.
   *
   * @throws {RangeError} when lengths differ, a label is no class index, or the strategy lacks its
   * numbers
   */
  push(batch: RowBatch): this {
    if (batch !== null && typeof batch === "object" && "embeddings" in batch) {
      throw new RangeError(
        `push(): found embeddings, wanted ${ROW_COLUMNS.join(", ")}: a stream does not keep all ` +
          `rows. Collect the embeddings and call pickClassDiverse()`,
      );
    }
    checkOptions("push()", batch, ROW_COLUMNS);
    const checked = checkBatch(batch, {
      where: "push()",
      classes: this.#pool.plan.names.length,
    });
    this.#pool.add(checked, this.#next);
    this.#next += batch.yTrue.length;
    this.#numbered ||= batch.ids === undefined && batch.yTrue.length > 0;
    return this;
  }

  /**
   * Takes in all that another stream with the same options has seen.
   *
   * @throws {RangeError} when the options differ, or both count their rows from overlapping offsets
   */
  merge(other: ClassDiverseStream): this {
    const options = (
      { names, perGroup, total, seed, strategies, quota, maxRows }: RowPool["plan"],
    ) => JSON.stringify([names, [perGroup, total, maxRows].map(String), seed, strategies, quota]);
    const own = options(this.#pool.plan), given = options(other.#pool.plan);
    if (own !== given) {
      throw new RangeError(
        `merge(): the streams have the options ${own} and ${given}, wanted the same classes, ` +
          `limits and seed, strategy and quota. Open both with equal options`,
      );
    }
    if (
      this.#numbered && other.#numbered && this.#first < other.#next && other.#first < this.#next
    ) {
      throw new RangeError(
        `merge(): both streams number their rows from ${this.#first} and ${other.#first} on, so ` +
          `different rows would have one id. Pass ids, or a different offset for each stream`,
      );
    }
    this.#pool.merge(other.#pool);
    return this;
  }

  /** The picks among all rows so far. */
  picks(): ClassDiversePicks {
    return reportPicks(this.#pool, allocate(this.#pool));
  }
}
