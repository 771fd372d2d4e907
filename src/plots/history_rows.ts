/** One line of a run's `metrics.jsonl`: what one head reached on one split in one epoch, beside its numbers. */
export interface HistoryRow {
  /** Name of the stage. */
  readonly stage: string;
  /** Counted on over the stages or anew in each; only the order matters. */
  readonly epoch: number;
  /** `train`, `val` or another name. */
  readonly split: string;
  /** Name of the head. */
  readonly head: string;
}

/** {@linkcode HistoryRow} with metrics by name, e.g. `loss`; what is no finite number is a gap. */
export type HistoryRows =
  readonly (HistoryRow | (HistoryRow & Readonly<Record<string, unknown>>))[];

/** What a row holds under a name. */
export function metricOf(row: object, metric: string): unknown {
  return (row as Readonly<Record<string, unknown>>)[metric];
}

/** A stage on the common axis of epochs. */
export interface StageSpan {
  readonly stage: string;
  /** Position of its first epoch; the first epoch of all is at 1. */
  readonly first: number;
  readonly last: number;
}

/** What places a row on the axis. */
type EpochPlace = Pick<HistoryRow, "stage" | "epoch">;

/** Where each row stands on the axis that runs through all stages. */
export interface HistoryAxis {
  readonly stages: readonly StageSpan[];
  readonly last: number;
  positionOf(row: EpochPlace): number;
}

/** How one metric of one head went on one split. */
export interface HistoryLine {
  readonly head: string;
  readonly split: string;
  /** One for each epoch of the axis; `value` is NaN in a gap. */
  readonly points: readonly { readonly x: number; readonly value: number }[];
}

/** Puts stages, in the order in which they appear, and their epochs one after another. */
export function historyAxis(rows: readonly EpochPlace[]): HistoryAxis {
  const epochs = new Map<string, Set<number>>();
  for (const { stage, epoch } of rows) {
    if (!epochs.has(stage)) epochs.set(stage, new Set());
    epochs.get(stage)?.add(epoch);
  }
  const positions = new Map<string, number>(), stages: StageSpan[] = [];
  let last = 0;
  for (const [stage, numbers] of epochs) {
    const first = last + 1;
    for (const epoch of [...numbers].sort((a, b) => a - b)) {
      positions.set(JSON.stringify([stage, epoch]), ++last);
    }
    stages.push({ stage, first, last });
  }
  const positionOf = (row: EpochPlace) =>
    positions.get(JSON.stringify([row.stage, row.epoch])) as number;
  return { stages, last, positionOf };
}

/**
 * The line of one metric for every head and split, with a gap wherever a head has no finite value; of
 * rows that stand twice (a resumed run) the later one counts.
 */
export function historyLines(
  rows: HistoryRows,
  { metric, axis }: { metric: string; axis: HistoryAxis },
): HistoryLine[] {
  const lines = new Map<string, { head: string; split: string; values: number[] }>();
  for (const row of rows) {
    if (!(metric in row)) continue;
    const { head, split } = row, key = JSON.stringify([head, split]);
    const line = lines.get(key) ?? { head, split, values: new Array(axis.last).fill(NaN) };
    lines.set(key, line);
    const value = metricOf(row, metric);
    line.values[axis.positionOf(row) - 1] = Number.isFinite(value) ? value as number : NaN;
  }
  return [...lines.values()].map(({ head, split, values }) => ({
    head,
    split,
    points: values.map((value, i) => ({ x: i + 1, value })),
  }));
}
