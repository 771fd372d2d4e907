import { basename, dirname, join, resolve } from "node:path";
import { clearInterval, clearTimeout, setInterval, setTimeout } from "node:timers";
import { checkOptions } from "../../_internal/check_options.ts";
import { messageOf } from "../../_internal/message_of.ts";
import type { SavedFile } from "../run.ts";
import { readExportedRun } from "./exported_run.ts";
import { ItemMaker, type NewItem, type SkippedFile } from "./outbox_items.ts";
import { OutboxJournal } from "./outbox_journal.ts";
import { lockOutbox } from "./outbox_lock.ts";
import { type OutboxOptions, type OutboxSettings, outboxSettings } from "./outbox_options.ts";
import { OutboxSender } from "./outbox_sender.ts";
import type { OutboxItem, RemoteRun } from "./remote.ts";

/** What came of an outbox. */
export interface OutboxReport {
  /** Items that arrived since it was opened. */
  readonly sent: number;
  /** Items that are still to be sent; `replayRun()` does. */
  readonly pending: number;
  /** Items of these that the remote refused, with its reason. */
  readonly failed: readonly SkippedFile[];
  /** Files that are not sent at all. */
  readonly skipped: readonly SkippedFile[];
  /** Why sending stopped before its end; null when it did not. */
  readonly stopped: string | null;
}

/** Options of {@linkcode Outbox.close}. */
export interface CloseOptions {
  /** Milliseconds to wait for what is not sent yet. @default {10000} */
  readonly timeout?: number;
  /** Ends the wait when aborted. @default none */
  readonly signal?: AbortSignal;
}

/** Sends what a run leaves to a remote, beside the run and never in its way. */
export interface Outbox {
  /** For `openRun({ onSaved })`. Returns at once and never throws. */
  readonly onSaved: (file: SavedFile) => void;
  /** Resolves when everything so far has arrived, or sending has stopped. */
  whenIdle(): Promise<void>;
  /** Waits a while for the rest and ends; what is left stays in the journal. Never rejects. */
  close(options?: CloseOptions): Promise<OutboxReport>;
}

/**
 * Opens the outbox of a run: first everything in the folder that was never sent, then what
 * `onSaved` tells of. The disk is the truth and the remote follows: a file becomes an item of the
 * journal only when it is whole on disk, items are sent one by one in their order, and each is
 * acknowledged in the journal when it has arrived. A remote that is off, slow, hanging or refusing
 * changes nothing on disk and holds nobody up.
 *
 * The journal is `.<run-id>.outbox-<remote>.jsonl` beside the run folder, not in it: the folder is
 * sealed by its manifest, and equal trainings leave equal folders. A killed process is made up for
 * by opening again: an item that arrived without being acknowledged is sent once more with the same
 * idempotency key.
 *
 * @throws {TypeError} on an unknown option, or without a remote
 * @throws {RangeError} when the folder is none of a run, and on numbers that are not positive
 * @throws {Error} when another process sends this run, or the journal cannot be written
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { mkdtemp } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { openOutbox, openRun, type Remote } from "@qsight/qsight/runs";
 *
 * const root = await mkdtemp(join(tmpdir(), "runs-"));
 * const arrived: string[] = [];
 * const remote: Remote = {
 *   name: "list",
 *   where: "memory",
 *   begin: async () => {},
 *   send: async (item) => void arrived.push(item.path),
 * };
 * const run = await openRun({ root, seed: 1, config: {} });
 * await run.finish({});
 * const outbox = await openOutbox(run.folder, { remote });
 * const { sent, pending } = await outbox.close();
 * assert.equal(arrived[0], "config.json");
 * assert.deepEqual({ sent, pending }, { sent: arrived.length, pending: 0 });
 * ```
 */
export async function openOutbox(runFolder: string, options: OutboxOptions): Promise<Outbox> {
  const settings = outboxSettings("openOutbox()", options);
  const run = await readExportedRun("openOutbox()", runFolder);
  return await RunOutbox.open({ ...run, folder: resolve(runFolder) }, settings);
}

/** Where the journal of a run stands. */
export function outboxPath(runFolder: string, remote: string): string {
  const folder = resolve(runFolder);
  return join(dirname(folder), `.${basename(folder)}.outbox-${remote}.jsonl`);
}

class RunOutbox implements Outbox {
  readonly #maker: ItemMaker;
  readonly #journal: OutboxJournal;
  readonly #sender: OutboxSender;
  readonly #release: () => Promise<void>;
  readonly #sending: Promise<void>;
  /** Files to look at, each once however often it is saved meanwhile. */
  readonly #saved = new Set<string>();
  #making: Promise<void>;
  #stopped: string | null = null;
  #ended = false;
  #closed: Promise<OutboxReport> | undefined;

  private constructor(
    run: RemoteRun,
    { settings, journal, maker, release }: {
      readonly settings: OutboxSettings;
      readonly journal: OutboxJournal;
      readonly maker: ItemMaker;
      readonly release: () => Promise<void>;
    },
  ) {
    this.#maker = maker;
    this.#journal = journal;
    this.#release = release;
    const listener = {
      onDropped: (item: OutboxItem) => {
        maker.forget(item);
        this.#look(item.path);
      },
    };
    this.#sender = new OutboxSender(run, { journal, settings, listener });
    this.#sending = this.#sender.loop();
    this.#making = this.#add(maker.makeAll());
  }

  static async open(run: RemoteRun, settings: OutboxSettings): Promise<RunOutbox> {
    const { remote } = settings;
    const path = outboxPath(run.folder, remote.name);
    const release = await lockOutbox(`${path}.lock`);
    try {
      const maker = new ItemMaker(run.folder, { config: run.config, ...settings });
      const journal = await OutboxJournal.open(path, {
        run: run.id,
        remote: remote.name,
        onItem: (item) => maker.note(item),
        onDropped: (item) => maker.forget(item),
      });
      return new RunOutbox(run, { settings, journal, maker, release });
    } catch (error) {
      await release();
      throw error;
    }
  }

  readonly onSaved = ({ path }: SavedFile): void => this.#look(path);

  async whenIdle(): Promise<void> {
    // The timers of the sender do not keep a process alive, but somebody who waits does.
    const hold = setInterval(() => {}, 60_000);
    try {
      // Sending may find that a file has changed, which is then looked at again.
      do {
        await this.#making;
        await this.#sender.whenIdle();
      } while (this.#saved.size > 0);
    } finally {
      clearInterval(hold);
    }
  }

  async close(options: CloseOptions = {}): Promise<OutboxReport> {
    checkOptions("close()", options, ["timeout", "signal"]);
    this.#closed ??= this.#close(options);
    return await this.#closed;
  }

  async #close({ timeout = 10_000, signal }: CloseOptions): Promise<OutboxReport> {
    await this.#making;
    await within(timeout, { work: this.whenIdle(), signal });
    this.#sender.stop();
    this.#ended = true;
    await this.#making;
    await this.#sending;
    await this.#release().catch(() => {});
    return {
      sent: this.#sender.sent,
      pending: this.#journal.pending,
      failed: this.#sender.failed,
      skipped: Array.from(this.#maker.skipped, ([path, reason]) => ({ path, reason })),
      stopped: this.#sender.stopped ?? this.#stopped,
    };
  }

  #look(path: string): void {
    // What comes too late is found when the outbox is opened again.
    if (this.#ended || this.#stopped !== null) return;
    this.#saved.add(path);
    // A turn of its own, so that many files saved at once are one piece of work.
    if (this.#saved.size === 1) this.#making = this.#making.then(() => this.#makeSaved());
  }

  async #makeSaved(): Promise<void> {
    for (const path of this.#saved) {
      this.#saved.delete(path);
      await this.#add(this.#maker.make(path));
    }
  }

  async #add(items: AsyncGenerator<NewItem>): Promise<void> {
    try {
      for await (const item of items) {
        await this.#journal.add([item]);
        this.#sender.wake();
      }
    } catch (error) {
      // E.g. a full disk: what is missing in the journal is found when it is opened again.
      this.#stopped ??= messageOf(error);
    }
  }
}

async function within(
  milliseconds: number,
  { work, signal }: { readonly work: Promise<void>; readonly signal?: AbortSignal },
): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = new Promise<void>((resolve) => {
    if (signal?.aborted) resolve();
    signal?.addEventListener("abort", () => resolve(), { once: true });
    // Timers take no more than that, and Infinity as 1.
    if (milliseconds < 2 ** 31) timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([work, end]);
  clearTimeout(timer);
}
