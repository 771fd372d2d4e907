import { checkOptions } from "../_internal/check_options.ts";
import { allocate, type Allocation, outcomeOf, reportPicks } from "./allocate.ts";
import type { ClassDiversePicks, ClassPick } from "./class_diverse_picks.ts";
import { type Candidate, compareCandidates, priorityOf } from "./class_sketch.ts";
import type { Strategy } from "./measures.ts";
import type { NumberTable } from "./number_table.ts";
import { atLeast, type PickPlan, planPicks } from "./pick_plan.ts";
import { turnsOf } from "./quota_groups.ts";
import { checkBatch, type CheckedBatch, highestLabel, isUnlabelled } from "./row_batch.ts";
import type { RowBatch } from "./row_batch.ts";
import { RowPool } from "./row_pool.ts";

/** The strategies that do not change with what the model has learnt. */
export type PanelStrategy = Exclude<Strategy, "hardest" | "boundary">;

/** Options of {@linkcode rotatingPicks}. */
export interface RotatingPicksOptions extends Pick<RowBatch, "yTrue" | "yPred" | "ids"> {
  /** Epoch of the panel, from 0. */
  readonly epoch: number;
  /** Equal seeds choose equal panels. */
  readonly seed: number | string;
  /** Rows of each class that every epoch shows, or their ids. @default {1} */
  readonly fixed?: number | readonly (string | number)[];
  /** Rows of each class that the next epoch replaces. @default {1} */
  readonly rotating?: number;
  /** How the fixed rows are chosen, unless their ids are given. @default {"random"} */
  readonly strategy?: PanelStrategy | readonly PanelStrategy[];
  /** What `typical` and `diverse` compare; the same in every epoch, of a frozen encoder say. */
  readonly embeddings?: NumberTable;
  /** Class names in class order, or their number. @default one more than the highest label */
  readonly classes?: number | readonly string[];
}

/** The panel of an epoch. */
export interface RotatingPicks extends ClassDiversePicks {
  /** Which picks stay and when all others were shown. */
  readonly rotation: {
    /** Epoch of the panel. */
    readonly epoch: number;
    /** The first so many picks are the same in every epoch. */
    readonly fixed: number;
    /** After so many epochs every row was shown; null when nothing rotates. */
    readonly epochs: number | null;
  };
}

const WHERE = "rotatingPicks()";
const OPTIONS = [
  ...["yTrue", "yPred", "ids", "epoch", "seed", "fixed", "rotating"],
  ...["strategy", "embeddings", "classes"],
];

/**
 * The panel of one epoch: first rows that every epoch shows, so that panels can be compared, then
 * rows of each class in turn, none of them again before all of the class were shown. A panel follows
 * from rows, seed and epoch alone: nothing is kept between epochs, and a run that is resumed goes on
 * with the panel that was due. The order of the rows does not matter where ids are given.
 *
 * @throws {RangeError} when an option is out of range, a fixed id is not there, or a strategy goes by
 * what the model says
 * @throws {TypeError} when an option is unknown or the seed is missing
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { rotatingPicks } from "@qsight/qsight/sampling";
 *
 * const yTrue = [0, 0, 0, 0, 1, 1, 1, 1];
 * const panels = [0, 1, 2, 3].map((epoch) => rotatingPicks({ yTrue, epoch, seed: 1 }));
 * const [first] = panels;
 * assert.deepEqual(first.rotation, { epoch: 0, fixed: 2, epochs: 3 });
 * for (const { indices } of panels) assert.deepEqual(indices.slice(0, 2), first.indices.slice(0, 2));
 * assert.equal(new Set(panels.slice(0, 3).flatMap(({ indices }) => indices)).size, 8);
 * assert.deepEqual(panels[3].indices, first.indices);
 * ```
 */
export function rotatingPicks(options: RotatingPicksOptions): RotatingPicks {
  checkOptions(WHERE, options, OPTIONS);
  const { yTrue, yPred, ids, embeddings, seed, fixed = 1, strategy = "random" } = options;
  const rotating = atLeast(WHERE, { rotating: options.rotating ?? 1 }, 0);
  const epoch = atLeast(WHERE, { epoch: options.epoch }, 0);
  const perClass = isList(fixed) ? undefined : atLeast(WHERE, { fixed }, 0);
  const classes = options.classes ?? highestLabel(yTrue) + 1;
  const plan = planPicks(WHERE, { seed, strategy, classes, perClass: perClass || undefined });
  checkLasting(plan, embeddings !== undefined);
  const batch = checkBatch({ yTrue, yPred, ids, embeddings }, {
    where: WHERE,
    classes: plan.names.length,
  });
  const pool = new RowPool(plan);
  pool.add(batch, 0);
  const rows = rowsOfClasses(batch, pool);
  const stay = isList(fixed)
    ? givenRows(fixed, rows, plan)
    : fixed === 0
    ? []
    : allocate(pool).picks.map(lasting);
  return panelOf(pool, { rows, stay, perClass, rotating, epoch });
}

/** The fixed rows, and of the rest the part whose turn it is. */
function panelOf(
  pool: RowPool,
  { rows, stay, perClass, rotating, epoch }: {
    rows: readonly (readonly Candidate[])[];
    stay: readonly ClassPick[];
    perClass: number | undefined;
    rotating: number;
    epoch: number;
  },
): RotatingPicks {
  const stayIds = new Set(stay.map(({ id }) => id));
  const rest = rows.map((row) => row.filter(({ id }) => !stayIds.has(id)));
  const turn = rest.map((row) => shownIn(row, { epoch, rotating, plan: pool.plan }));
  const picks = [...stay, ...inRounds(turn)];
  const count = (c: number, from: readonly ClassPick[]) =>
    from.filter((pick) => pick.class === c).length;
  const asked = rest.map((_, c) => (perClass ?? count(c, stay)) + rotating);
  const epochs = Math.max(1, ...rest.map((row) => Math.ceil(row.length / rotating)));
  return {
    ...report(pool, { picks, asked, got: rest.map((_, c) => count(c, picks)) }),
    rotation: { epoch, fixed: stay.length, epochs: rotating === 0 ? null : epochs },
  };
}

function isList<T>(value: number | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}

/** Each class is asked for a number of its own, as with a total. */
function report({ plan, tally }: RowPool, allocation: Allocation): ClassDiversePicks {
  const total = allocation.asked.reduce((sum, rows) => sum + rows, 0);
  return reportPicks({ plan: { ...plan, perGroup: Infinity, total }, tally }, allocation);
}

/** What a model says changes from epoch to epoch, and with it would the rows that are to stay. */
function checkLasting({ strategies }: PickPlan, hasEmbeddings: boolean): void {
  for (const strategy of strategies) {
    if (strategy === "random") continue;
    if (strategy === "hardest" || strategy === "boundary") {
      throw new RangeError(
        `${WHERE}: found strategy "${strategy}", which changes with the model from epoch to epoch; ` +
          `wanted random, typical or diverse. Choose once with pickClassDiverse() and pass the ids ` +
          `of its picks as fixed`,
      );
    }
    if (hasEmbeddings) continue;
    throw new RangeError(
      `${WHERE}: found no embeddings, wanted them for strategy "${strategy}". Pass embeddings that ` +
        `are the same in every epoch, or choose strategy: "random"`,
    );
  }
}

/** The rows of each class in seeded order, each id once: an id in two classes is the rarer one's. */
function rowsOfClasses({ yTrue, yPred, ids }: CheckedBatch, { plan, tally }: RowPool) {
  const rows = plan.names.map((): Candidate[] => []);
  for (let index = 0; index < yTrue.length; index++) {
    const label = yTrue[index];
    if (isUnlabelled(label)) continue;
    const id = String(ids?.[index] ?? index), said = yPred?.[index];
    const predicted = isUnlabelled(said) ? null : said;
    const priority = priorityOf(plan.seed, id);
    rows[label].push({ index, id, class: label, predicted, priority, key: 0, score: null });
  }
  const owned = new Set<string>();
  for (const c of turnsOf("class", tally.classRows)) {
    rows[c] = rows[c].sort(compareCandidates).filter(({ id }) => !owned.has(id) && owned.add(id));
  }
  return rows;
}

/** The part of a class whose turn it is. */
function shownIn(
  rows: readonly Candidate[],
  { epoch, rotating, plan }: { epoch: number; rotating: number; plan: PickPlan },
): ClassPick[] {
  const epochs = Math.ceil(rows.length / rotating);
  return Array.from({ length: Math.min(rotating, rows.length) }, (_, i) => {
    // The remainder first: the product of large numbers would lose its last digits.
    const at = ((epoch % rows.length) * (rotating % rows.length) + i) % rows.length;
    const why = `shown in epoch ${epoch}: number ${at + 1} of ${rows.length} in class ` +
      `${plan.names[rows[at].class]} that take turns, each within ${epochs} epochs, ordered with ` +
      `seed ${plan.seed}${outcomeOf(rows[at], plan.names)}`;
    return pickAs(rows[at], { rank: at + 1, why });
  });
}

/** Rows whose ids the caller gave. */
function givenRows(
  ids: readonly (string | number)[],
  rows: readonly (readonly Candidate[])[],
  plan: PickPlan,
): ClassPick[] {
  const known = new Map(rows.flat().map((row) => [row.id, row]));
  const given = rows.map((): ClassPick[] => []);
  for (const id of new Set(ids.map(String))) {
    const row = known.get(id);
    if (row === undefined) {
      throw new RangeError(
        `${WHERE}: found no labelled row with the id "${id}", wanted one for each of fixed. Pass ` +
          `ids that are among the ids of the rows`,
      );
    }
    const why = `fixed in every epoch: its id was given${outcomeOf(row, plan.names)}`;
    given[row.class].push(pickAs(row, { rank: given[row.class].length + 1, why }));
  }
  return inRounds(given);
}

function lasting(pick: ClassPick): ClassPick {
  return { ...pick, why: `fixed in every epoch: ${pick.why}` };
}

function pickAs(
  { index, id, class: c, predicted }: Candidate,
  { rank, why }: { rank: number; why: string },
): ClassPick {
  return { index, id, class: c, predicted, strategy: "random", rank, score: null, why };
}

/** The first of each list, then the second of each, and so on. */
function inRounds(lists: readonly (readonly ClassPick[])[]): ClassPick[] {
  const longest = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, i) => lists.flatMap((list) => list.slice(i, i + 1)))
    .flat();
}
