import process from "node:process";
import { clearTimeout, setTimeout } from "node:timers";
import { randomUUID } from "node:crypto";
import { checkOptions } from "../_internal/check_options.ts";
import { escapeMarkup } from "../_internal/escape_markup.ts";
import { type DenoJupyter, denoJupyter } from "./kernel_kind.ts";

/** Options of {@linkcode openStatusLine}. */
export interface StatusLineOptions {
  /** Display id in a notebook; two lines with one id are one line. @default a new id */
  readonly id?: string;
  /** Milliseconds of a monotonic clock. @default {performance.now} */
  readonly clock?: () => number;
  /** Where the line goes outside a notebook. @default {process.stderr} */
  readonly output?: StatusOutput;
  /** Milliseconds between two writes. @default {100} in a notebook and on a terminal, {5000} in a log */
  readonly interval?: number;
}

/** The part of a writable stream that a status line needs. */
export interface StatusOutput {
  /** Takes the text of the line, control characters included. */
  write(text: string): unknown;
  /** A terminal redraws the line in place. */
  readonly isTTY?: boolean;
  /** Columns of the terminal; longer lines are cut. */
  readonly columns?: number;
}

/** A line of text that shows how far something is. */
export interface StatusLine {
  /**
   * Replaces the line. Of updates that follow too fast only the last is written, when the interval
   * is over; waiting for that does not keep the process alive.
   */
  update(text: string, html?: string): void;
  /**
   * Writes the last update, if it was left out, and ends the line. Must be awaited: in a notebook
   * the line is still on its way until the promise resolves.
   */
  close(): Promise<void>;
}

/** How a line reaches its reader. */
interface LineWriter {
  write(text: string, html: string | undefined): void;
  close(): Promise<void>;
  readonly interval: number;
}

/**
 * Opens a line that is updated in place: in a Deno kernel by its display id, on a terminal by a
 * carriage return, and in a log as a new line now and then.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { openStatusLine } from "@qsight/qsight/display";
 *
 * const written: string[] = [];
 * const line = openStatusLine({ output: { write: (text) => written.push(text) } });
 * line.update("epoch 1/2 · loss 0.9");
 * line.update("epoch 2/2 · loss 0.4");
 * await line.close();
 * assert.deepEqual(written, ["epoch 1/2 · loss 0.9\n", "epoch 2/2 · loss 0.4\n"]);
 * ```
 */
export function openStatusLine(options: StatusLineOptions = {}): StatusLine {
  checkOptions("openStatusLine", options, ["id", "clock", "output", "interval"]);
  const { id = randomUUID(), clock = () => performance.now() } = options;
  const output = options.output ?? process.stderr;
  const jupyter = options.output === undefined ? denoJupyter() : undefined;
  const writer = jupyter !== undefined
    ? kernelWriter(jupyter, id)
    : output.isTTY === true
    ? terminalWriter(output)
    : logWriter(output);
  return new ThrottledLine(writer, { clock, interval: options.interval ?? writer.interval });
}

class ThrottledLine implements StatusLine {
  readonly #writer: LineWriter;
  readonly #clock: () => number;
  readonly #interval: number;
  #lastWrite = -Infinity;
  #waiting: { text: string; html: string | undefined } | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(
    writer: LineWriter,
    { clock, interval }: { readonly clock: () => number; readonly interval: number },
  ) {
    this.#writer = writer;
    this.#clock = clock;
    this.#interval = interval;
  }

  update(text: string, html?: string): void {
    if (this.#closed) return;
    this.#waiting = { text, html };
    const wait = this.#lastWrite + this.#interval - this.#clock();
    if (wait <= 0) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), wait).unref();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#flush();
    this.#closed = true;
    await this.#writer.close();
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting === undefined) return;
    this.#writer.write(this.#waiting.text, this.#waiting.html);
    this.#waiting = undefined;
    this.#lastWrite = this.#clock();
  }
}

function kernelWriter(jupyter: DenoJupyter, id: string): LineWriter {
  let type = "display_data";
  let sent = Promise.resolve();
  return {
    interval: 100,
    write(text, html) {
      const data = { "text/plain": text, "text/html": html ?? `<pre>${escapeMarkup(text)}</pre>` };
      const content = { data, metadata: {}, transient: { display_id: id } };
      const messageType = type;
      // One after the other: an update must not overtake the line that it updates.
      sent = sent.then(() => jupyter.broadcast(messageType, content));
      type = "update_display_data";
    },
    close: () => sent,
  };
}

function terminalWriter(output: StatusOutput): LineWriter {
  let written = false;
  return {
    interval: 100,
    write(text) {
      const width = (output.columns ?? 80) - 1;
      const line = Array.from(text.replace(/[\r\n]+/g, " ")).slice(0, width).join("");
      output.write(`\r${line}\x1b[K`);
      written = true;
    },
    close() {
      if (written) output.write("\n");
      return Promise.resolve();
    },
  };
}

function logWriter(output: StatusOutput): LineWriter {
  return {
    interval: 5000,
    write: (text) => void output.write(`${text}\n`),
    close: () => Promise.resolve(),
  };
}
