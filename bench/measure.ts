/** One line of a benchmark table; `ratio` is the median of per-round ratios ours / against. */
export interface BenchRow {
  readonly name: string;
  /** Problem size in the unit of the benchmark: wires, pixels a side, cells. */
  readonly n: number;
  readonly batch: number;
  /** Median time of ours in milliseconds. */
  readonly median: number;
  /** Median time of the other in milliseconds. */
  readonly againstMedian: number;
  readonly against: string;
  readonly ratio: number;
  readonly rounds: number;
}

/** What a benchmark is asked for. */
export interface BenchOptions {
  /** Fewer sizes and rounds, to see that everything still runs. */
  readonly quick: boolean;
}

/** One side of a comparison: runs the work once, or several times inside, and returns nothing. */
export type Work = () => void | Promise<void>;

/**
 * Runs two pieces of work in turn, A B A B …, so that a drift of the machine touches both, and
 * compares them round by round.
 */
export async function compare(
  ours: Work,
  theirs: Work,
  { name, n, batch, against, rounds = 7, warmUp = 1, repeat = 1, repeatAgainst = 1 }: {
    readonly name: string;
    readonly n: number;
    readonly batch: number;
    readonly against: string;
    readonly rounds?: number;
    /** How many times each runs beforehand, uncounted: until the code of its workers is compiled. */
    readonly warmUp?: number;
    /** How many times ours runs inside a round, for work too short to time once. */
    readonly repeat?: number;
    /** The same for the other. */
    readonly repeatAgainst?: number;
  },
): Promise<BenchRow> {
  for (let i = 0; i < warmUp; i++) {
    await ours();
    await theirs();
  }
  const a: number[] = [], b: number[] = [];
  for (let round = 0; round < rounds; round++) {
    a.push(await milliseconds(ours, repeat));
    b.push(await milliseconds(theirs, repeatAgainst));
  }
  const ratio = median(a.map((value, i) => value / b[i]));
  return { name, n, batch, median: median(a), againstMedian: median(b), against, ratio, rounds };
}

async function milliseconds(work: Work, repeat: number): Promise<number> {
  const start = performance.now();
  for (let i = 0; i < repeat; i++) {
    const waiting = work();
    // Waiting for nothing would cost what some calls take.
    if (waiting !== undefined) await waiting;
  }
  return (performance.now() - start) / repeat;
}

/** The middle value; the mean of the two middle ones for an even count. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((x, y) => x - y);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
