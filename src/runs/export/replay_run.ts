import { checkOptions } from "../../_internal/check_options.ts";
import { openOutbox, type OutboxReport } from "./outbox.ts";
import { OUTBOX_OPTIONS, type OutboxOptions } from "./outbox_options.ts";

/** Options of {@linkcode replayRun}. */
export interface ReplayOptions extends OutboxOptions {
  /** Milliseconds that all may take. @default {Infinity} */
  readonly timeout?: number;
  /** Ends it early when aborted; what is left stays for later. @default none */
  readonly signal?: AbortSignal;
}

/**
 * Sends what is left of a run, ended or not: all of it where nothing was sent yet, else what its
 * journal says has not arrived. Items that were refused are tried once more, before all others and
 * in their order. Gives up after 5 attempts at one item, unless `attempts` says otherwise.
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
 * import { openRun, type Remote, replayRun } from "@qsight/qsight/runs";
 *
 * const root = await mkdtemp(join(tmpdir(), "runs-"));
 * const run = await openRun({ root, seed: 1, config: {} });
 * await run.finish({});
 * const remote: Remote = { name: "none", where: "nowhere", begin: async () => {}, send: async () => {} };
 * assert.equal((await replayRun(run.folder, { remote })).pending, 0);
 * assert.equal((await replayRun(run.folder, { remote })).sent, 0);
 * ```
 */
export async function replayRun(runFolder: string, options: ReplayOptions): Promise<OutboxReport> {
  checkOptions("replayRun()", options, [...OUTBOX_OPTIONS, "timeout", "signal"]);
  const { timeout = Infinity, signal, ...settings } = options;
  const outbox = await openOutbox(runFolder, { attempts: 5, ...settings });
  return await outbox.close({ timeout, signal });
}
