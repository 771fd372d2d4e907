import { messageOf } from "../../_internal/message_of.ts";
import type { SavedFile } from "../run.ts";
import { type CloseOptions, openOutbox, type Outbox, type OutboxReport } from "./outbox.ts";
import { type OutboxOptions, outboxSettings } from "./outbox_options.ts";

/**
 * An outbox for a run that is about to be opened: `onSaved` of {@linkcode openRun} tells it which
 * run that is. See {@linkcode openOutbox} for what it promises; what goes wrong with the outbox
 * itself stands in the report of `close()`.
 *
 * @throws {TypeError} on an unknown option, or without a remote
 * @throws {RangeError} on numbers that are not positive
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { mkdtemp } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { followRun, openRun, replayRun, wandbRemote } from "@qsight/qsight/runs";
 *
 * const root = await mkdtemp(join(tmpdir(), "runs-"));
 * const remote = wandbRemote({ project: "retina", env: {} });
 * const outbox = followRun({ remote });
 * const run = await openRun({ root, seed: 1, config: {}, onSaved: outbox.onSaved });
 * await run.finish({});
 * const report = await outbox.close({ timeout: 5000 });
 * // Without a key nothing is sent and nothing is lost: replayRun() sends it later.
 * assert.match(report.stopped ?? "", /WANDB_API_KEY/);
 * assert.equal((await replayRun(run.folder, { remote })).pending, report.pending);
 * ```
 */
export function followRun(options: OutboxOptions): Outbox {
  outboxSettings("followRun()", options);
  return new FollowedRun(options);
}

const NOTHING: OutboxReport = { sent: 0, pending: 0, failed: [], skipped: [], stopped: null };

class FollowedRun implements Outbox {
  readonly #options: OutboxOptions;
  #opening: Promise<Outbox | string> | undefined;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  readonly onSaved = (saved: SavedFile): void => {
    if (this.#opening === undefined) {
      const folder = saved.file.slice(0, -saved.path.length - 1);
      this.#opening = openOutbox(folder, this.#options).catch(messageOf);
    }
    this.#opening = this.#opening.then((outbox) => {
      if (typeof outbox !== "string") outbox.onSaved(saved);
      return outbox;
    });
  };

  async whenIdle(): Promise<void> {
    const outbox = await this.#opening;
    if (typeof outbox === "object") await outbox.whenIdle();
  }

  async close(options: CloseOptions = {}): Promise<OutboxReport> {
    const outbox = await this.#opening;
    if (outbox === undefined) return NOTHING;
    return typeof outbox === "string"
      ? { ...NOTHING, stopped: outbox }
      : await outbox.close(options);
  }
}
