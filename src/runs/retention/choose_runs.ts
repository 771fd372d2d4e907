import type { ListedRun } from "../list_runs.ts";
import { completeMetric, runFigure } from "../run_figures.ts";
import type { RetentionPolicy } from "./policy.ts";

/** Whether a run stays, and why. */
export interface Choice {
  readonly run: ListedRun;
  readonly stays: boolean;
  readonly reason: string;
  /** No budget may take it, and nothing in it is touched. */
  readonly fixed: boolean;
  /** No budget may take it. */
  readonly best: boolean;
}

/** What the choice depends on besides the runs and the policy. */
export interface ChoiceContext {
  readonly now: Date;
  /** Ids that stay in any case. */
  readonly protect: readonly string[];
  /** The newest finished run: what `latest` names, or would name. */
  readonly latest: string | undefined;
}

/** Chooses by all rules but the budget. The runs come newest first. */
export async function chooseRuns(
  runs: readonly ListedRun[],
  policy: RetentionPolicy,
  context: ChoiceContext,
): Promise<Choice[]> {
  const fixed = new Map(runs.map((run) => [run.id, fixedReason(run, { policy, context })]));
  const ended = runs.filter((run) => isOwnRun(run));
  const last = new Set(ended.slice(0, policy.keepLast ?? 0).map(({ id }) => id));
  const best = await bestRuns(ended, policy);
  return runs.map((run) => {
    const kept = fixed.get(run.id);
    if (kept !== undefined) return { run, stays: true, reason: kept, fixed: true, best: false };
    const age = ageDays(run, context.now);
    const { keepLast, keepBest, olderThanDays } = policy;
    const rank = best.get(run.id);
    const isYoung = olderThanDays !== undefined && age < olderThanDays;
    const hasRule = [keepLast, keepBest, olderThanDays].some((rule) => rule !== undefined);
    const isUnended = run.manifest === null;
    const keeps = [
      ...last.has(run.id) ? [`among the newest ${keepLast}`] : [],
      ...rank === undefined ? [] : [rank],
      ...isYoung ? [`ended ${daysText(age)} ago`] : [],
      ...hasRule || isUnended ? [] : ["no rule takes it"],
    ];
    const reason = keeps.length > 0
      ? keeps.join(", ")
      : isUnended
      ? "ended without a manifest"
      : goneReason({ policy, age });
    const about = { run, fixed: false, best: rank !== undefined };
    return { ...about, stays: keeps.length > 0, reason };
  });
}

function goneReason(
  { policy, age }: { readonly policy: RetentionPolicy; readonly age: number },
): string {
  const { keepLast, keepBest, olderThanDays } = policy;
  return [
    ...keepLast === undefined ? [] : [`not among the newest ${keepLast}`],
    ...keepBest === undefined ? [] : [`not among the best ${keepBest}`],
    ...olderThanDays === undefined ? [] : [`ended ${daysText(age)} ago`],
  ].join(", ");
}

/** Why nothing may touch a run, if so. */
function fixedReason(
  run: ListedRun,
  { policy, context }: { readonly policy: RetentionPolicy; readonly context: ChoiceContext },
): string | undefined {
  const { id, status, manifest } = run;
  if (context.protect.includes(id)) return "the current run";
  if (run.pinned) return "pinned";
  if (status === "running") return "is being written";
  if (status === "damaged") return "its manifest cannot be read: look at it with verify";
  if (manifest === null) {
    if (policy.unended !== true) return "ended without a manifest: go on with it, or ask for these";
    return policy.archive === true
      ? "ended without a manifest and cannot be archived: repair it first"
      : undefined;
  }
  if (manifest.kind !== "run") return "a released model";
  if (manifest.id !== id) return `a copy: its manifest is that of ${manifest.id}`;
  return id === context.latest ? "the newest finished run" : undefined;
}

function isOwnRun({ id, manifest }: ListedRun): boolean {
  return manifest !== null && manifest.kind === "run" && manifest.id === id;
}

/** The best runs with what to say of them. */
async function bestRuns(
  runs: readonly ListedRun[],
  { keepBest = 0, metric }: RetentionPolicy,
): Promise<ReadonlyMap<string, string>> {
  if (keepBest === 0) return new Map();
  const by = completeMetric(metric);
  const figures: { readonly id: string; readonly figure: number }[] = [];
  for (const run of runs) {
    const figure = await runFigure(run, by);
    if (figure !== null && Number.isFinite(figure)) figures.push({ id: run.id, figure });
  }
  const sign = by.better === "higher" ? -1 : 1;
  // The sort is stable: of equal ones the newer is the better.
  figures.sort((a, b) => sign * (a.figure - b.figure));
  return new Map(
    figures.slice(0, keepBest).map(({ id, figure }, place) => [
      id,
      `number ${place + 1} by ${by.split} ${by.head} ${by.name}, ${Number(figure.toPrecision(4))}`,
    ]),
  );
}

function ageDays({ manifest, started }: ListedRun, now: Date): number {
  const ended = Date.parse(manifest?.ended ?? started ?? "");
  // An age that is not known is none.
  return Number.isNaN(ended) ? 0 : (now.getTime() - ended) / 86_400_000;
}

function daysText(days: number): string {
  const whole = Math.floor(Math.max(0, days));
  return whole === 1 ? "1 day" : `${whole} days`;
}
