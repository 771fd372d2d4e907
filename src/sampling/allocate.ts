import type { Ranked } from "./candidate_order.ts";
import type { ClassDiversePicks, ClassPick } from "./class_diverse_picks.ts";
import type { PickPlan } from "./pick_plan.ts";
import { turnsOf } from "./quota_groups.ts";
import type { RowPool, Tally } from "./row_pool.ts";

/** Picks, with how many of each group were asked for and had. */
export interface Allocation {
  readonly picks: readonly ClassPick[];
  readonly asked: readonly number[];
  readonly got: readonly number[];
}

/**
 * Gives out picks in rounds, one for each group that still has rows, the rarest group first: the
 * shares differ by at most one where supply allows (largest remainders), what a short group leaves
 * goes to the others, and an absent one costs nothing. An id that stands in two groups goes to the
 * first that reaches it. Of several strategies each group takes them in turn.
 */
export function allocate(pool: RowPool): Allocation {
  const { plan, tally } = pool, orders = pool.orders();
  const turns = turnsOf(plan.quota, tally.groupRows);
  const taken = new Set<string>();
  const asked = plan.groups.map(() => 0), got = plan.groups.map(() => 0);
  const picks: ClassPick[] = [];
  let progress = true;
  for (let round = 1; round <= plan.perGroup && progress && picks.length < plan.total; round++) {
    const chosen: { group: number; pick: ClassPick }[] = [];
    for (const group of turns) {
      if (picks.length + chosen.length >= plan.total) break;
      asked[group]++;
      const order = orders[group][got[group] % plan.strategies.length];
      const ranked = order?.next(taken);
      if (ranked === undefined) continue;
      taken.add(ranked.candidate.id);
      got[group]++;
      const { strategy } = order.measure;
      chosen.push({ group, pick: pickOf(ranked, { plan, tally, group, round, strategy }) });
    }
    chosen.sort((a, b) => a.group - b.group);
    picks.push(...chosen.map(({ pick }) => pick));
    progress = chosen.length > 0;
  }
  return { picks, asked, got };
}

/** Picks with what could not be had. */
export function reportPicks(
  { plan, tally }: Pick<RowPool, "plan" | "tally">,
  { picks, asked, got }: Allocation,
): ClassDiversePicks {
  const { quota, names, strategies, seed, perGroup, total } = plan;
  const { classRows, groupRows, ...counts } = tally;
  const wanted = (group: number) => total === Infinity ? perGroup : asked[group];
  const present = [...names.keys()].filter((c) => classRows[c] > 0);
  return {
    indices: picks.map((pick) => pick.index),
    picks,
    requested: Math.min(total, perGroup * plan.groups.length),
    present,
    missing: [...names.keys()].filter((c) => classRows[c] === 0),
    short: quota !== "class" ? [] : present
      .filter((c) => got[c] < asked[c])
      .map((c) => ({ class: c, wanted: wanted(c), got: got[c] })),
    groups: plan.groups.map((group, g) => ({
      ...group,
      rows: groupRows[g],
      wanted: wanted(g),
      got: got[g],
      state: groupRows[g] === 0 ? "missing" : got[g] < asked[g] ? "short" : "full",
    })),
    classes: names,
    quota,
    strategies,
    seed,
    ...counts,
  };
}

function pickOf(
  { candidate, rank, score, reason }: Ranked,
  { plan: { names, quota, groups }, tally, group, round, strategy }: {
    plan: PickPlan;
    tally: Tally;
    group: number;
    round: number;
    strategy: ClassPick["strategy"];
  },
): ClassPick {
  const { index, id, class: c, predicted } = candidate;
  const place = `${quota} ${groups[group].name}` +
    (quota === "distance" ? ` (class ${names[c]})` : "");
  const why = `number ${round} of ${tally.groupRows[group]} in ${place}, ${reason}` +
    outcomeOf(candidate, names);
  return { index, id, class: c, predicted, strategy, rank, score, why };
}

/** What the model said of a row, as the end of a sentence. */
export function outcomeOf(
  { class: c, predicted }: { class: number; predicted: number | null },
  names: readonly string[],
): string {
  if (predicted === null) return "";
  return predicted === c ? ", predicted right" : `, predicted as ${names[predicted] ?? predicted}`;
}
