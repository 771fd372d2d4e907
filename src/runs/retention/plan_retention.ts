import { lstat, readdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { checkOptions } from "../../_internal/check_options.ts";
import { type ListedRun, listRuns } from "../list_runs.ts";
import { type Choice, chooseRuns } from "./choose_runs.ts";
import { findLeftovers } from "./leftovers.ts";
import type { RetentionEntry, RetentionPlan } from "./plan.ts";
import { planEpochs } from "./plan_epochs.ts";
import { checkPolicy, type RetentionPolicy } from "./policy.ts";

/** Options of {@linkcode planRetention}. */
export interface PlanRetentionOptions {
  /** Time by which ages count. @default the system clock */
  readonly now?: Date;
  /** Ids of runs that stay in any case, such as the current one. @default {[]} */
  readonly protect?: readonly string[];
}

/**
 * Says for each run folder under a root whether it stays, goes, or is archived, and why; changes
 * nothing. {@linkcode applyRetention} then does exactly that. Only folders directly under the root with a
 * manifest of kind `run` and their own name in it can go: never a released model, the newest
 * finished run, a pinned one, one that is being written, a link, or anything outside the root.
 *
 * @throws {TypeError} on an unknown option or rule
 * @throws {RangeError} on numbers that cannot be counts, days or bytes
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { mkdtemp } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { openRun, planRetention } from "@qsight/qsight/runs";
 *
 * const root = await mkdtemp(join(tmpdir(), "runs-"));
 * for (const seed of [1, 2, 3]) {
 *   const now = new Date(2026, 0, seed);
 *   await (await openRun({ root, seed, config: {}, now })).finish({});
 * }
 * const { entries } = await planRetention(root, { keepLast: 2 });
 * assert.deepEqual(entries.map(({ action }) => action), ["keep", "keep", "prune"]);
 * assert.equal(entries[2].reason, "not among the newest 2");
 * ```
 */
export async function planRetention(
  root: string,
  policy: RetentionPolicy,
  options: PlanRetentionOptions = {},
): Promise<RetentionPlan> {
  checkPolicy("planRetention()", policy);
  checkOptions("planRetention()", options, ["now", "protect"]);
  const { now = new Date(), protect = [] } = options;
  const place = await realpath(root).catch(() => root);
  const runs = await listRuns(place, { now });
  const latest = newestFinished(runs);
  const chosen = await chooseRuns(runs, policy, { now, protect, latest });
  const trimmed = await Promise.all(chosen.map((choice) => toEntry(choice, policy)));
  const { entries, notes } = withinBudget(trimmed, { chosen, policy });
  const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
  return {
    schema: "qsight.retention/1",
    root: place,
    time: now.toISOString(),
    policy,
    entries: [...entries, ...await linksIn(place)],
    leftovers: await findLeftovers(place, now),
    bytes: sum(entries.map(({ bytes }) => bytes)),
    frees: sum(entries.map(({ frees }) => frees)),
    notes,
  };
}

/** What `latest` names; the newest run where it is missing or names one that is gone. */
function newestFinished(runs: readonly ListedRun[]): string | undefined {
  const newest = runs.find(({ latest }) => latest) ??
    runs.find(({ manifest }) => manifest?.kind === "run");
  return newest?.id;
}

async function toEntry(
  { run, stays, reason, fixed }: Choice,
  policy: RetentionPolicy,
): Promise<RetentionEntry> {
  const { id, bytes, fingerprint } = run;
  if (!stays) return gone({ id, bytes, fingerprint, reason }, policy);
  const { folders, bytes: frees } = fixed || policy.every === undefined
    ? { folders: [], bytes: 0 }
    : await planEpochs(run.folder, policy.every);
  return { id, action: "keep", reason, bytes, frees, epochs: folders, fingerprint };
}

function gone(
  about: Pick<RetentionEntry, "id" | "bytes" | "fingerprint" | "reason">,
  { archive }: RetentionPolicy,
): RetentionEntry {
  const action = archive === true ? "archive" : "prune";
  return { ...about, action, frees: about.bytes, epochs: [] };
}

/** Lets the oldest go until the rest fits: not what is fixed, and not the best. */
function withinBudget(
  entries: readonly RetentionEntry[],
  { chosen, policy }: { readonly chosen: readonly Choice[]; readonly policy: RetentionPolicy },
): { entries: readonly RetentionEntry[]; notes: string[] } {
  const { maxBytes } = policy;
  if (maxBytes === undefined) return { entries, notes: [] };
  const out = [...entries];
  let left = out.reduce((sum, { bytes, frees }) => sum + bytes - frees, 0);
  for (let i = out.length - 1; i >= 0 && left > maxBytes; i--) {
    const { bytes, frees } = out[i];
    if (!chosen[i].stays || chosen[i].fixed || chosen[i].best) continue;
    out[i] = gone({ ...out[i], reason: `over the budget of ${maxBytes} bytes` }, policy);
    left -= bytes - frees;
  }
  const notes = left <= maxBytes ? [] : [
    `${left} bytes stay, ${
      left - maxBytes
    } more than the budget: the rest is pinned, best, newest, ` +
    `or without a manifest`,
  ];
  return { entries: out, notes };
}

/** Links in the root, which nothing follows. */
async function linksIn(root: string): Promise<RetentionEntry[]> {
  const names = await readdir(root).catch(() => []);
  const links: RetentionEntry[] = [];
  for (const id of names.sort()) {
    if (!(await lstat(join(root, id))).isSymbolicLink()) continue;
    const none = { bytes: 0, frees: 0, epochs: [], fingerprint: null };
    links.push({ id, action: "keep", reason: "a link, which is not followed", ...none });
  }
  return links;
}
