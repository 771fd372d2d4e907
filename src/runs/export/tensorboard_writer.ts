import { type FileHandle, mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import { checkOptions } from "../../_internal/check_options.ts";
import type { MetricsRow } from "../metrics_rows.ts";
import { safeName } from "../safe_path.ts";
import {
  fileVersionEvent,
  imageValue,
  scalarValue,
  summaryEvent,
  type SummaryValue,
  textValue,
} from "./event.ts";
import {
  experimentValue,
  type HparamMetric,
  type HparamValue,
  sessionEndValue,
  sessionStartValue,
  type SessionStatus,
} from "./hparams_value.ts";
import { pngSize } from "./png_size.ts";
import { type PrCurveInput, prCurveValue } from "./pr_curve_value.ts";
import { rowNumbers } from "./row_numbers.ts";
import { tfRecord } from "./tf_record.ts";

/** Options of {@linkcode tensorboardWriter}. */
export interface TensorboardWriterOptions {
  /** The time, or a clock. @default the system clock */
  readonly now?: Date | (() => Date);
}

/** When something was. */
export interface EventOptions {
  /** A whole number, not negative. */
  readonly step: number;
  /** Seconds since 1970. @default the writer's clock */
  readonly wallTime?: number;
}

/** Options of {@linkcode TensorboardWriter.hparams}. */
export interface HparamsOptions {
  /**
   * Metrics of the HParams view. TensorBoard keeps to the first such list below its log folder;
   * without any it lists all hyperparameters and metrics that it finds, which suits several runs.
   * @default none
   */
  readonly metrics?: readonly HparamMetric[];
  /** Runs of one group are shown as one. @default a group of its own */
  readonly group?: string;
  /** Seconds since 1970. @default the writer's clock */
  readonly wallTime?: number;
}

/** Writes event files. Every promise resolves when the event is handed to the file system. */
export interface TensorboardWriter {
  /** Where it writes. */
  readonly folder: string;
  /** A number; NaN and infinities are shown as such. */
  scalar(tag: string, value: number, at: EventOptions): Promise<void>;
  /**
   * The metrics of rows, each in the folder `<split>/<head>` below, so that curves overlay. Resolves
   * to how many numbers that were.
   */
  rows(rows: readonly MetricsRow[], at: EventOptions): Promise<number>;
  /** A PNG file. @throws {TypeError} when the bytes are none */
  image(tag: string, png: Uint8Array, at: EventOptions): Promise<void>;
  /** Markdown. */
  text(tag: string, markdown: string, at: EventOptions): Promise<void>;
  /** A precision-recall curve. @throws {RangeError} for scores outside 0 to 1 and other lengths */
  prCurve(tag: string, input: PrCurveInput, at: EventOptions): Promise<void>;
  /** Hyperparameters, once a run. */
  hparams(values: Readonly<Record<string, HparamValue>>, options?: HparamsOptions): Promise<void>;
  /** How the run ended, once. */
  sessionEnd(status: SessionStatus, options?: { readonly wallTime?: number }): Promise<void>;
  /** Resolves when all is on the disk. */
  flush(): Promise<void>;
  /** Flushes and closes. */
  close(): Promise<void>;
}

/**
 * Opens an event file for TensorBoard, usable during training: every event is appended in one piece,
 * and a reader sees it at once. A killed process loses the last event at most; the next writer of
 * the folder begins a file of its own, which TensorBoard reads after it.
 *
 * Formats: TFRecord with masked CRC-32C around `tensorboard.Event`; see `tf_record.ts`, `event.ts`.
 *
 * @throws {TypeError} on an unknown option
 * @throws {Error} when the folder cannot be written
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { mkdtemp, readdir } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { tensorboardWriter } from "@qsight/qsight/runs";
 *
 * const folder = await mkdtemp(join(tmpdir(), "tensorboard-"));
 * const writer = await tensorboardWriter(folder);
 * await writer.scalar("loss", 0.5, { step: 1 });
 * await writer.prCurve("severe", { yTrue: [1, 0], scores: [0.9, 0.2] }, { step: 1 });
 * await writer.close();
 * assert.match((await readdir(folder))[0], /^events\.out\.tfevents\./);
 * ```
 */
export async function tensorboardWriter(
  folder: string,
  options: TensorboardWriterOptions = {},
): Promise<TensorboardWriter> {
  checkOptions("tensorboardWriter()", options, ["now"]);
  const { now = () => new Date() } = options;
  return await EventFile.open(folder, typeof now === "function" ? now : () => now);
}

class EventFile implements TensorboardWriter {
  readonly folder: string;
  readonly #file: FileHandle;
  readonly #clock: () => Date;
  readonly #groups = new Map<string, Promise<EventFile>>();
  /** One write after the other, so that records never mix. */
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(folder: string, file: FileHandle, clock: () => Date) {
    this.folder = folder;
    this.#file = file;
    this.#clock = clock;
  }

  static async open(folder: string, clock: () => Date): Promise<EventFile> {
    await mkdir(folder, { recursive: true });
    const seconds = clock().getTime() / 1000;
    const writer = new EventFile(folder, await createFile(folder, seconds), clock);
    await writer.#append(fileVersionEvent(seconds));
    return writer;
  }

  async scalar(tag: string, value: number, at: EventOptions): Promise<void> {
    await this.#write(at, [scalarValue(tag, value)]);
  }

  async rows(rows: readonly MetricsRow[], at: EventOptions): Promise<number> {
    let count = 0;
    for (const row of rows) {
      const values = Object.entries(rowNumbers(row)).map(([tag, value]) => scalarValue(tag, value));
      const group = await this.#group(`${safeName(row.split)}/${safeName(row.head)}`);
      await group.#write(at, values);
      count += values.length;
    }
    return count;
  }

  async image(tag: string, png: Uint8Array, at: EventOptions): Promise<void> {
    const size = pngSize(png);
    if (size === undefined) {
      throw new TypeError(
        `image("${tag}"): found ${png.length} bytes that are no PNG file, wanted one: pass what ` +
          `figure.png() or encodePng() gives`,
      );
    }
    await this.#write(at, [imageValue(tag, png, size)]);
  }

  async text(tag: string, markdown: string, at: EventOptions): Promise<void> {
    await this.#write(at, [textValue(tag, markdown)]);
  }

  async prCurve(tag: string, input: PrCurveInput, at: EventOptions): Promise<void> {
    checkOptions("prCurve()", input, ["yTrue", "scores", "thresholds"]);
    await this.#write(at, [prCurveValue(tag, input)]);
  }

  async hparams(
    values: Readonly<Record<string, HparamValue>>,
    options: HparamsOptions = {},
  ): Promise<void> {
    checkOptions("hparams()", options, ["metrics", "group", "wallTime"]);
    const { metrics, group = "", wallTime = this.#now() } = options;
    const experiment = metrics === undefined
      ? []
      : [experimentValue(values, { metrics, createdTime: wallTime })];
    const start = sessionStartValue(values, { group, startTime: wallTime });
    await this.#write({ step: 0, wallTime }, [...experiment, start]);
  }

  async sessionEnd(
    status: SessionStatus,
    options: { readonly wallTime?: number } = {},
  ): Promise<void> {
    checkOptions("sessionEnd()", options, ["wallTime"]);
    const { wallTime = this.#now() } = options;
    await this.#write({ step: 0, wallTime }, [sessionEndValue(status, wallTime)]);
  }

  async flush(): Promise<void> {
    for (const group of this.#groups.values()) await (await group).flush();
    await this.#queue;
    await this.#file.sync();
  }

  async close(): Promise<void> {
    await this.flush();
    for (const group of this.#groups.values()) await (await group).close();
    await this.#file.close();
  }

  async #group(path: string): Promise<EventFile> {
    let group = this.#groups.get(path);
    if (group === undefined) {
      group = EventFile.open(join(this.folder, path), this.#clock);
      this.#groups.set(path, group);
    }
    return await group;
  }

  async #write(at: EventOptions, values: readonly SummaryValue[]): Promise<void> {
    checkOptions("TensorboardWriter", at, ["step", "wallTime"]);
    const { step, wallTime = this.#now() } = at;
    if (!Number.isSafeInteger(step) || step < 0) {
      throw new RangeError(
        `TensorboardWriter: step is ${step}, wanted a whole number from 0: count epochs or batches`,
      );
    }
    await this.#append(summaryEvent({ wallTime, step }, values));
  }

  async #append(event: Uint8Array): Promise<void> {
    const turn = this.#queue.then(() => this.#file.appendFile(tfRecord(event)));
    this.#queue = turn.catch(() => {});
    await turn;
  }

  #now(): number {
    return this.#clock().getTime() / 1000;
  }
}

/** TensorBoard reads the files of a folder in the order of their names: seconds first, then a counter. */
async function createFile(folder: string, seconds: number): Promise<FileHandle> {
  const stamp = String(Math.max(0, Math.floor(seconds))).padStart(10, "0");
  for (let i = 0;; i++) {
    const name = `events.out.tfevents.${stamp}.qsight.${String(i).padStart(4, "0")}`;
    try {
      return await open(join(folder, name), "ax");
    } catch (error) {
      if ((error as { code?: string }).code !== "EEXIST") throw error;
    }
  }
}
