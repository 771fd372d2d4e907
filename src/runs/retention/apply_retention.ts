import { lstat, realpath } from "node:fs/promises";
import { basename, join } from "node:path";
import { checkOptions } from "../../_internal/check_options.ts";
import { messageOf } from "../../_internal/message_of.ts";
import { appendLines } from "../json_lines.ts";
import { readLatest } from "../latest.ts";
import { readRun } from "../list_runs.ts";
import { archivePath, archiveRun, type ArchiveStep } from "./archive_run.ts";
import { removeLeftover } from "./leftovers.ts";
import type { RetentionEntry, RetentionPlan } from "./plan.ts";
import { removeRun } from "./remove_run.ts";
import { trimRun } from "./trim_run.ts";

/** Where the work on a run is: `listed` is told of a run whose epochs go, `hidden` before removal. */
export type RetentionStep = ArchiveStep | "hidden" | "listed" | "removed";

/** Options of {@linkcode applyRetention}. */
export interface ApplyRetentionOptions {
  /** Hears of each step and is waited for. @default nobody */
  readonly onStep?: (step: RetentionStep, id: string) => void | Promise<void>;
  /** Stops before the next run. @default never */
  readonly signal?: AbortSignal;
}

/** What became of an entry of the plan, or of a leftover. */
export interface RetentionResult {
  /** Of the run, or the path of a leftover inside the root. */
  readonly id: string;
  /** As planned; `trim` is the removal of epochs from a run that stays. */
  readonly action: "prune" | "archive" | "trim" | "leftover";
  /** Skipped when the run is not as it was planned with; failed when the disk refused. */
  readonly outcome: "done" | "skipped" | "failed";
  /** Why, for a person. */
  readonly reason: string;
  /** Bytes that left. */
  readonly bytes: number;
  /** Path of its archive. */
  readonly archive?: string;
}

/** What retention did. */
export interface RetentionReport {
  /** One for each entry that was not just kept. */
  readonly results: readonly RetentionResult[];
  /** Bytes that left the run folders. */
  readonly freed: number;
}

/**
 * Does what a plan of {@linkcode planRetention} lists, and nothing else. Each folder is looked at again
 * first: one whose manifest changed, that was pinned, became the newest, or is a link now, is
 * skipped. One that fails does not hold up the others. What was done is appended to
 * `retention.jsonl` in the root. After a kill, plan and apply again: nothing is lost.
 *
 * @throws {TypeError} on an unknown option
 * @throws {RangeError} on a plan of another version, or a root that is not what it was
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { mkdtemp } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { applyRetention, listRuns, openRun, planRetention } from "@qsight/qsight/runs";
 *
 * const root = await mkdtemp(join(tmpdir(), "runs-"));
 * for (const seed of [1, 2]) await (await openRun({ root, seed, config: {} })).finish({});
 * const { results } = await applyRetention(await planRetention(root, { keepLast: 1 }));
 * assert.deepEqual(results.map(({ outcome }) => outcome), ["done"]);
 * assert.equal((await listRuns(root)).length, 1);
 * ```
 */
export async function applyRetention(
  plan: RetentionPlan,
  options: ApplyRetentionOptions = {},
): Promise<RetentionReport> {
  checkOptions("applyRetention()", options, ["onStep", "signal"]);
  const { root, schema, leftovers, entries } = plan;
  if (schema !== "qsight.retention/1") {
    throw new RangeError(
      `applyRetention(): found a plan of schema ${JSON.stringify(schema)}, wanted ` +
        `"qsight.retention/1": make one with planRetention()`,
    );
  }
  const work = entries.filter(({ action, epochs }) => action !== "keep" || epochs.length > 0);
  if (work.length + leftovers.length === 0) return { results: [], freed: 0 };
  if (await realpath(root).catch(() => undefined) !== root) {
    throw new RangeError(
      `applyRetention(): ${root} is gone or a link leads elsewhere since the plan: plan again`,
    );
  }
  const results: RetentionResult[] = [];
  for (const path of leftovers) {
    if (options.signal?.aborted) break;
    results.push(await cleanUp(plan, path));
  }
  for (const entry of work) {
    if (options.signal?.aborted) break;
    results.push(await applyEntry(plan, entry, options));
  }
  await writeLog(plan, results);
  return { results, freed: results.reduce((sum, { bytes }) => sum + bytes, 0) };
}

async function cleanUp({ root, time }: RetentionPlan, path: string): Promise<RetentionResult> {
  const about = { id: path, action: "leftover", bytes: 0 } as const;
  try {
    const removed = await removeLeftover(root, { path, now: new Date(time) });
    return removed
      ? { ...about, outcome: "done", reason: "left by a killed process" }
      : { ...about, outcome: "skipped", reason: "it is none any more" };
  } catch (error) {
    return { ...about, outcome: "failed", reason: messageOf(error) };
  }
}

async function applyEntry(
  plan: RetentionPlan,
  entry: RetentionEntry,
  { onStep = () => {} }: ApplyRetentionOptions,
): Promise<RetentionResult> {
  const { id, fingerprint, epochs } = entry;
  const { root } = plan;
  const action = entry.action === "keep" ? "trim" : entry.action;
  const tell = (step: RetentionStep) => onStep(step, id);
  const skipped = (reason: string) =>
    ({ id, action, outcome: "skipped", reason, bytes: 0 }) as const;
  try {
    const changed = await changeSince(plan, entry);
    if (changed !== undefined) return skipped(changed);
    if (action === "archive") await archiveRun(root, id, { onStep: tell });
    const refused = action === "trim"
      ? await trimRun(join(root, id), { epochs, fingerprint, onListed: () => tell("listed") })
      : await removeRun(root, { id, fingerprint, onHidden: () => tell("hidden") });
    if (refused !== undefined) return skipped(refused);
    await tell("removed");
    const archive = action === "archive" ? { archive: archivePath(root, id) } : {};
    return { id, action, outcome: "done", reason: entry.reason, bytes: entry.frees, ...archive };
  } catch (error) {
    return { id, action, outcome: "failed", reason: messageOf(error), bytes: 0 };
  }
}

/** What is different from what was planned with, or undefined. */
async function changeSince(
  { root, time }: RetentionPlan,
  { id, fingerprint }: RetentionEntry,
): Promise<string | undefined> {
  // The plan may have been saved and edited in between.
  if (basename(id) !== id || id.startsWith(".") || id.includes("\\")) return "no name of a run";
  const kind = await lstat(join(root, id)).catch(() => undefined);
  if (kind === undefined) return "it is gone";
  if (!kind.isDirectory()) return "it is a link or a file now";
  const latest = await readLatest(root);
  const run = await readRun(root, { id, latest, now: new Date(time) });
  if (run === undefined) return "it is no run";
  if (run.fingerprint !== fingerprint) return "its manifest changed since";
  if (run.pinned) return "it was pinned since";
  if (run.latest) return "it is the newest finished run";
  if (run.status === "running") return "it is being written";
  if (run.status === "damaged") return "its manifest cannot be read";
  const { manifest } = run;
  return manifest === null || (manifest.kind === "run" && manifest.id === id)
    ? undefined
    : "its manifest is not that of a run of this name";
}

/** Says in the root what became of runs that are looked for later. */
async function writeLog(plan: RetentionPlan, results: readonly RetentionResult[]): Promise<void> {
  const path = join(plan.root, "retention.jsonl");
  const kind = await lstat(path).catch(() => undefined);
  // A link is not followed, and a log that cannot be written undoes nothing.
  if (kind !== undefined && !kind.isFile()) return;
  const lines = results.map((result) => JSON.stringify({ time: plan.time, ...result }));
  await appendLines(path, lines).catch(() => {});
}
