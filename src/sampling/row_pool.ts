import { type CandidateOrder, sketchOrder } from "./candidate_order.ts";
import { ClassSketch, priorityOf } from "./class_sketch.ts";
import { embeddingOrder, type Placed } from "./embedding_order.ts";
import { keyOf, type Measure, measuresFor, predictedBy, scoreOf } from "./measures.ts";
import type { PickPlan } from "./pick_plan.ts";
import { groupOf } from "./quota_groups.ts";
import { type CheckedBatch, isUnlabelled } from "./row_batch.ts";

/** What a pool has counted. */
export interface Tally {
  /** Labelled rows of each class. */
  readonly classRows: number[];
  /** Rows of each group. */
  readonly groupRows: number[];
  scanned: number;
  unscanned: number;
  unlabelled: number;
  unpredicted: number;
  unscored: number;
}

/** Rows of a group whose scores a median is taken of: exact up to here, of a fair sample beyond. */
const MEDIAN_SAMPLE = 1024;

/** Everything that picks need to know of the rows so far; bounded unless embeddings are read. */
export class RowPool {
  readonly plan: PickPlan;
  readonly tally: Tally;
  readonly #capacity: number;
  /** One sketch for each group that has rows and each measure. */
  readonly #sketches = new Map<number, ClassSketch[]>();
  readonly #placed = new Map<number, Placed[]>();
  #measures: readonly Measure[] | undefined;

  constructor(plan: PickPlan) {
    this.plan = plan;
    this.tally = {
      classRows: plan.names.map(() => 0),
      groupRows: plan.groups.map(() => 0),
      scanned: 0,
      unscanned: 0,
      unlabelled: 0,
      unpredicted: 0,
      unscored: 0,
    };
    // No group looks at more candidates than there are picks: each is picked or was picked before.
    this.#capacity = Math.max(1, Math.min(plan.total, plan.perGroup * plan.groups.length));
  }

  /** Takes rows in, numbered from `first` on. */
  add(batch: CheckedBatch, first: number): void {
    const { tally, plan } = this;
    if (batch.yTrue.length === 0) return;
    const measures = measuresFor(plan.strategies, { ...batch, where: plan.where });
    const predicted = predictions(batch, plan);
    this.#agree(measures);
    for (let row = 0; row < batch.yTrue.length; row++) {
      if (tally.scanned >= plan.maxRows) {
        tally.unscanned += batch.yTrue.length - row;
        break;
      }
      tally.scanned++;
      const label = batch.yTrue[row];
      if (isUnlabelled(label)) tally.unlabelled++;
      else this.#offer({ batch, row, index: first + row, label, predicted: predicted(row) });
    }
  }

  /** Takes in what a pool with an equal plan has seen. */
  merge(other: RowPool): void {
    if (other.#measures !== undefined) this.#agree(other.#measures);
    for (const [group, sketches] of other.#sketches) {
      const own = this.#sketchesOf(group);
      sketches.forEach((sketch, m) => {
        for (const candidate of sketch.candidates) own[m].offer(candidate);
      });
    }
    const { tally } = this;
    other.tally.classRows.forEach((rows, c) => tally.classRows[c] += rows);
    other.tally.groupRows.forEach((rows, g) => tally.groupRows[g] += rows);
    for (const name of ["scanned", "unscanned", "unlabelled", "unpredicted", "unscored"] as const) {
      tally[name] += other.tally[name];
    }
  }

  /** For each group, the order of each strategy; asked anew for each time that picks are made. */
  orders(): CandidateOrder[][] {
    const { seed, groups } = this.plan;
    return groups.map((_, group) =>
      (this.#measures ?? []).map((measure, m) => {
        const sketches = this.#sketches.get(group);
        if (measure.basis === "embedding") {
          return embeddingOrder(measure, this.#placed.get(group) ?? []);
        }
        return sketchOrder(measure, { candidates: sketches?.[m].candidates ?? [], seed });
      })
    );
  }

  #offer(
    { batch, row, index, label, predicted }: {
      batch: CheckedBatch;
      row: number;
      index: number;
      label: number;
      predicted: number | null;
    },
  ): void {
    const { tally, plan: { quota, names, seed } } = this;
    tally.classRows[label]++;
    const group = groupOf(quota, { label, predicted, classes: names.length });
    if (group === null) {
      tally.unpredicted++;
      return;
    }
    tally.groupRows[group]++;
    const id = String(batch.ids?.[row] ?? index);
    const common = { index, id, class: label, predicted, priority: priorityOf(seed, id) };
    const sketches = this.#sketchesOf(group);
    let unscored = false;
    this.#measures!.forEach((measure, m) => {
      const score = scoreOf(measure, { ...batch, row, label });
      const key = keyOf(measure, score);
      unscored ||= key === null;
      if (measure.basis !== "embedding") sketches[m].offer({ ...common, key, score });
      // One copy of the vectors serves all strategies that read them.
      else if (this.#measures!.findIndex(({ basis }) => basis === "embedding") === m) {
        const vector = vectorOf(batch, row);
        this.#placed.get(group)!.push({ candidate: { ...common, key, score: null }, vector });
      }
    });
    if (unscored) tally.unscored++;
  }

  #sketchesOf(group: number): ClassSketch[] {
    let sketches = this.#sketches.get(group);
    if (sketches === undefined) {
      sketches = this.plan.strategies.map((strategy) =>
        new ClassSketch(
          strategy === "typical" ? Math.max(this.#capacity, MEDIAN_SAMPLE) : this.#capacity,
        )
      );
      this.#sketches.set(group, sketches);
      this.#placed.set(group, []);
    }
    return sketches;
  }

  /** Half of the rows ranked by losses and half by probabilities would be no ranking. */
  #agree(measures: readonly Measure[]): void {
    this.#measures ??= measures;
    const own = this.#measures.map(({ basis }) => basis), given = measures.map((m) => m.basis);
    if (own.join() === given.join()) return;
    throw new RangeError(
      `${this.plan.where}: these rows are ranked by ${given.join(", ")} and those before by ` +
        `${own.join(", ")}, wanted the same. Pass the same columns in every batch`,
    );
  }
}

/** The predicted class of each row, as given or the most probable one. */
function predictions(batch: CheckedBatch, plan: PickPlan): (row: number) => number | null {
  const { yPred, probabilities } = batch, classes = plan.names.length, { quota, where } = plan;
  if (yPred === undefined && probabilities === undefined && quota !== "class") {
    throw new RangeError(
      `${where}: found neither yPred nor probabilities, wanted predictions for quota "${quota}". ` +
        `Pass yPred, or quota: "class"`,
    );
  }
  if (yPred === undefined) return (row) => probabilities ? predictedBy(probabilities, row) : null;
  for (let row = 0; row < yPred.length && quota !== "class"; row++) {
    const found = yPred[row];
    if (isUnlabelled(found) || (Number.isInteger(found) && found < classes)) continue;
    throw new RangeError(
      `${where}: prediction ${found} at row ${row}, wanted a class index from 0 to ${classes - 1}` +
        `, or -1 where there is none. Correct the prediction, or raise classes`,
    );
  }
  return (row) => isUnlabelled(yPred[row]) ? null : yPred[row];
}

function vectorOf({ embeddings }: CheckedBatch, row: number): Float64Array {
  return Float64Array.from({ length: embeddings!.width }, (_, c) => embeddings!.at(row, c));
}
