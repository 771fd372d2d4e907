import { clearTimeout, setTimeout } from "node:timers";
import { messageOf } from "../../_internal/message_of.ts";
import { readContent } from "./outbox_items.ts";
import type { OutboxJournal } from "./outbox_journal.ts";
import type { OutboxSettings } from "./outbox_options.ts";
import { type OutboxItem, type RemoteCall, RemoteError, type RemoteRun } from "./remote.ts";

/** What a sender tells its outbox. */
export interface SenderListener {
  /** The content of an item is not on disk any more. */
  onDropped(item: OutboxItem): void;
}

/** Sends the items of a journal one by one, in their order, until it is stopped or has to give up. */
export class OutboxSender {
  readonly #run: RemoteRun;
  readonly #journal: OutboxJournal;
  readonly #settings: OutboxSettings;
  readonly #listener: SenderListener;
  readonly #abort = new AbortController();
  #begun = false;
  /** Ends the rest of a sender that has nothing to do. */
  #wake: (() => void) | undefined;
  /** Whether items came since it last looked. */
  #woken = false;
  #idle: (() => void)[] = [];
  /** Items that arrived. */
  sent = 0;
  /** Items that the remote refused. */
  readonly failed: { readonly path: string; readonly reason: string }[] = [];
  /** Why nothing more is sent; null while sending goes on. */
  stopped: string | null = null;

  constructor(
    run: RemoteRun,
    { journal, settings, listener }: {
      readonly journal: OutboxJournal;
      readonly settings: OutboxSettings;
      readonly listener: SenderListener;
    },
  ) {
    this.#run = run;
    this.#journal = journal;
    this.#settings = settings;
    this.#listener = listener;
  }

  /** Runs until {@linkcode stop}; never rejects. */
  async loop(): Promise<void> {
    const { signal } = this.#abort;
    try {
      while (!signal.aborted && this.stopped === null) {
        this.#woken = false;
        const item = await this.#journal.next();
        if (item !== undefined) await this.#sendOne(item);
        else await this.#rest();
      }
    } catch (error) {
      // The journal itself cannot be read or written.
      this.stopped ??= messageOf(error);
    }
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** There are new items. */
  wake(): void {
    this.#woken = true;
    this.#wake?.();
    this.#wake = undefined;
  }

  /** Resolves when nothing is left to send, or nothing more will be sent. */
  async whenIdle(): Promise<void> {
    if (this.#wake !== undefined || this.stopped !== null || this.#abort.signal.aborted) return;
    await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  /** Cuts off the call at hand; its item stays for later. */
  stop(): void {
    this.#abort.abort(new Error("The outbox was closed"));
    this.wake();
  }

  async #rest(): Promise<void> {
    if (this.#woken) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      for (const idle of this.#idle.splice(0)) idle();
    });
  }

  async #sendOne(item: OutboxItem): Promise<void> {
    const content = await readContent(this.#run.folder, item);
    if (content === undefined) {
      await this.#journal.dropped(item, "other content by now, or gone");
      this.#listener.onDropped(item);
      return;
    }
    const { remote } = this.#settings;
    const idempotencyKey = `${this.#run.id}-${item.seq}-${item.sha256.slice(0, 16)}`;
    const error = await this.#attempt(async (call) => {
      if (!this.#begun) await remote.begin(this.#run, call);
      this.#begun = true;
      await remote.send(item, { ...call, run: this.#run, content, idempotencyKey });
    });
    if (error === undefined) {
      await this.#journal.sent(item);
      this.sent++;
    } else if (error.kind === "rejected" && this.#begun) {
      await this.#journal.failed(item, error.message);
      this.failed.push({ path: item.path, reason: error.message });
    } else if (!this.#abort.signal.aborted) {
      this.stopped = error.message;
    }
  }

  /** Tries until it works, is refused, or has been tried often enough; undefined when it worked. */
  async #attempt(call: (call: RemoteCall) => Promise<void>): Promise<RemoteError | undefined> {
    const { attempts, firstDelay, mostDelay } = this.#settings;
    for (let attempt = 1;; attempt++) {
      const error = await this.#callOnce(call);
      if (error === undefined || error.kind !== "unavailable") return error;
      if (attempt >= attempts || this.#abort.signal.aborted) return error;
      await this.#pause(Math.min(mostDelay, firstDelay * 2 ** (attempt - 1)));
      if (this.#abort.signal.aborted) return error;
    }
  }

  /** A call with a deadline, also for a remote that pays no heed to its signal. */
  async #callOnce(call: (call: RemoteCall) => Promise<void>): Promise<RemoteError | undefined> {
    const { callTimeout, remote } = this.#settings;
    const deadline = new AbortController();
    const timer = setTimeout(() => {
      const message = `${remote.name}: no answer from ${remote.where} in ${callTimeout} ms`;
      deadline.abort(new RemoteError(message, { kind: "unavailable" }));
    }, callTimeout).unref();
    const signal = AbortSignal.any([this.#abort.signal, deadline.signal]);
    try {
      const aborted = new Promise<never>((_, reject) => {
        if (signal.aborted) reject(signal.reason);
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      });
      await Promise.race([call({ signal }), aborted]);
      return undefined;
    } catch (error) {
      const cause = deadline.signal.aborted ? deadline.signal.reason : error;
      if (cause instanceof RemoteError) return cause;
      return new RemoteError(messageOf(cause), { kind: "unavailable", cause });
    } finally {
      clearTimeout(timer);
    }
  }

  /** Does not keep the process alive: what is not sent by its end is sent later. */
  async #pause(milliseconds: number): Promise<void> {
    const { signal } = this.#abort;
    await new Promise<void>((resolve) => {
      const end = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", end);
        resolve();
      };
      const timer = setTimeout(end, milliseconds).unref();
      signal.addEventListener("abort", end);
    });
  }
}
