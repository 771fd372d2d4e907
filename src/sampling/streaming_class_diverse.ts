import { checkOptions, unknownName } from "../_internal/check_options.ts";
import { allocate, type ClassDiversePicks } from "./allocate.ts";
import { ClassSketch, priorityOf } from "./class_sketch.ts";

/** What decides how many rows are picked, and which. */
export interface PickOptions {
  /** Rows of each class. @default {2}, or no bound when `total` is given */
  readonly perClass?: number;
  /** Rows altogether, spread evenly over the present classes, the rarest first. @default no bound */
  readonly total?: number;
  /** Equal seeds pick equal ids. */
  readonly seed: number | string;
  /** How rows of one class are chosen: at random. @default {"random"} */
  readonly strategy?: "random";
}

/** Options of {@linkcode streamingClassDiverse}. */
export interface StreamingOptions extends PickOptions {
  /** Class names in class order, or their number. */
  readonly classes: number | readonly string[];
  /** Index of the first row, for a stream that is one part of a larger one. @default {0} */
  readonly offset?: number;
}

/** Some rows of a stream. */
export interface RowBatch {
  /** Class index of each row; negative, null or NaN where a row has no label. */
  readonly yTrue: ArrayLike<number | null>;
  /** Predicted class of each row. */
  readonly yPred?: ArrayLike<number | null>;
  /** Stable name of each row. @default its index */
  readonly ids?: ArrayLike<string | number>;
}

const PICK_OPTIONS = ["perClass", "total", "seed", "strategy"];

/**
 * Class-diverse picks from rows that come in batches, in bounded memory. The picks are the same for
 * every batch size and order of rows, and those of merged streams are those of one long stream.
 *
 * @throws {RangeError} when an option is out of range
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { streamingClassDiverse } from "@qsight/qsight/sampling";
 *
 * const stream = streamingClassDiverse({ classes: 3, perClass: 1, seed: 1 });
 * stream.push({ yTrue: [0, 0, 1], ids: ["a", "b", "c"] });
 * stream.push({ yTrue: [0, 1, -1], ids: ["d", "e", "f"] });
 * const picks = stream.picks();
 * assert.deepEqual(picks.picks.map((pick) => pick.class), [0, 1]);
 * assert.deepEqual([picks.missing, picks.unlabelled], [[2], 1]);
 * ```
 */
export function streamingClassDiverse(options: StreamingOptions): ClassDiverseStream {
  checkOptions("streamingClassDiverse()", options, [...PICK_OPTIONS, "classes", "offset"]);
  return new ClassDiverseStream(options);
}

/** Made by {@linkcode streamingClassDiverse}. */
export class ClassDiverseStream {
  readonly #names: readonly string[];
  readonly #limits: { readonly perClass: number; readonly total: number };
  readonly #seed: number | string;
  readonly #sketches: readonly ClassSketch[];
  readonly #counts: number[];
  readonly #first: number;
  #next: number;
  #unlabelled = 0;
  #numbered = false;

  /** Use {@linkcode streamingClassDiverse}. */
  constructor(
    { classes, perClass, total, seed, strategy = "random", offset = 0 }: StreamingOptions,
  ) {
    const where = "streamingClassDiverse()";
    this.#names = typeof classes === "number"
      ? Array.from({ length: atLeast(where, { classes }, 1) }, (_, c) => String(c))
      : [...classes];
    if (strategy !== "random") {
      throw new RangeError(unknownName(where, "strategy", String(strategy), ["random"]));
    }
    if (seed === undefined) {
      throw new TypeError(
        `${where}: found no seed, wanted a number or text. Pass e.g. { seed: 1 }`,
      );
    }
    const wanted = perClass ?? (total === undefined ? 2 : Infinity);
    this.#limits = {
      perClass: wanted === Infinity ? wanted : atLeast(where, { perClass: wanted }, 1),
      total: total === undefined ? Infinity : atLeast(where, { total }, 0),
    };
    this.#seed = seed;
    this.#first = this.#next = atLeast(where, { offset }, 0);
    this.#counts = this.#names.map(() => 0);
    // No class looks at more candidates than there are picks: each is picked or was picked before.
    const capacity = Math.min(this.#limits.total, this.#limits.perClass * this.#names.length);
    this.#sketches = this.#names.map(() => new ClassSketch(Math.max(1, capacity)));
  }

  /**
   * Takes rows in.
   *
   * @throws {RangeError} when lengths differ or a label is no class index
   */
  push(batch: RowBatch): this {
    checkOptions("push()", batch, ["yTrue", "yPred", "ids"]);
    const { yTrue, yPred, ids } = batch;
    for (const [name, column] of [["yPred", yPred], ["ids", ids]] as const) {
      if (column === undefined || column.length === yTrue.length) continue;
      throw new RangeError(
        `push(): yTrue has ${yTrue.length} rows and ${name} ${column.length}, wanted the same ` +
          `number. Pass one of ${name} for each label`,
      );
    }
    checkRange(yTrue, this.#names.length);
    this.#numbered ||= ids === undefined && yTrue.length > 0;
    for (let row = 0; row < yTrue.length; row++) {
      const index = this.#next++, label = yTrue[row];
      if (isUnlabelled(label)) {
        this.#unlabelled++;
        continue;
      }
      const id = String(ids?.[row] ?? index);
      this.#counts[label]++;
      this.#sketches[label].offer({
        index,
        id,
        class: label,
        predicted: yPred?.[row] ?? null,
        priority: priorityOf(this.#seed, id),
      });
    }
    return this;
  }

  /**
   * Takes in all that another stream with the same options has seen.
   *
   * @throws {RangeError} when the options differ, or both count their rows from overlapping offsets
   */
  merge(other: ClassDiverseStream): this {
    const options = (stream: ClassDiverseStream) =>
      JSON.stringify([
        stream.#names,
        String(stream.#limits.perClass),
        String(stream.#limits.total),
        stream.#seed,
      ]);
    if (options(this) !== options(other)) {
      throw new RangeError(
        `merge(): the streams have the options ${options(this)} and ${
          options(other)
        }, wanted the ` +
          `same classes, limits and seed. Open both with equal options`,
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
    other.#sketches.forEach((sketch, c) => {
      for (const candidate of sketch.candidates) this.#sketches[c].offer(candidate);
      this.#counts[c] += other.#counts[c];
    });
    this.#unlabelled += other.#unlabelled;
    return this;
  }

  /** The picks among all rows so far. */
  picks(): ClassDiversePicks {
    return allocate({
      names: this.#names,
      candidates: this.#sketches.map((sketch) => sketch.candidates),
      counts: this.#counts,
      unlabelled: this.#unlabelled,
      seed: this.#seed,
      ...this.#limits,
    });
  }
}

/** Whether a row carries no label: negative, null, undefined or NaN. */
export function isUnlabelled(label: number | null | undefined): label is null | undefined {
  return label === null || label === undefined || Number.isNaN(label) || label < 0;
}

function checkRange(yTrue: ArrayLike<number | null>, classes: number): void {
  for (let row = 0; row < yTrue.length; row++) {
    const label = yTrue[row];
    if (isUnlabelled(label) || (Number.isInteger(label) && label < classes)) continue;
    throw new RangeError(
      `push(): label ${label} at row ${row}, wanted a class index from 0 to ${
        classes - 1
      }, or -1 ` +
        `where there is none. Correct the label, or raise classes`,
    );
  }
}

function atLeast(where: string, named: Record<string, number>, lowest: number): number {
  const [name, value] = Object.entries(named)[0];
  if (Number.isInteger(value) && value >= lowest) return value;
  throw new RangeError(
    `${where}: ${name} is ${value}, wanted a whole number of at least ${lowest}. Pass e.g. { ${name}: ${
      Math.max(lowest, 2)
    } }`,
  );
}
