/** Which features feed which qubit; a method of `explain` computes it. */
export interface QubitAttributionsLike {
  /**
   * `features * qubits` numbers, row by row: shares of the whole, or signed contributions. Where all
   * are 0 or above they are drawn as shares of their sum.
   */
  readonly values: Float32Array;
  /** Rows: the inputs of the circuit's compression. */
  readonly features: number;
  /** Columns. */
  readonly qubits: number;
  /** Labels of the rows. @default "feature 0", "feature 1" … */
  readonly featureNames?: readonly string[];
  /** Labels of the columns. @default "q0", "q1" … */
  readonly qubitNames?: readonly string[];
  /** The head that the circuit belongs to. */
  readonly head?: string;
  /** Number of images that the values are a mean of. */
  readonly images?: number;
  /** Why all values are 0, where that is known; stands in the figure instead of the numbers. */
  readonly diagnosis?: string;
}

/** One row of the figure: a feature, or the sum of those that are not shown. */
export interface ShareRow {
  readonly label: string;
  /** Position among the features; null for a sum of several. */
  readonly feature: number | null;
  /** One number a qubit, NaN where it is not finite; of "others" the sums without signs. */
  readonly values: readonly number[];
  /** Their sum, without signs. */
  readonly total: number;
}

/** Attributions in order, with their sums. */
export interface QubitShares {
  readonly rows: readonly ShareRow[];
  readonly others: ShareRow | null;
  readonly qubitNames: readonly string[];
  /** Sums over all features, without signs. */
  readonly totals: readonly number[];
  readonly whole: number;
  readonly signed: boolean;
  /** Values that are NaN or infinite, left out of the sums. */
  readonly broken: number;
}

/**
 * Sorts features by what they move, in all qubits together and without signs, and sums up all but
 * the first `top`.
 *
 * @throws {RangeError} when the numbers or names do not fit the size
 */
export function qubitShares(
  where: string,
  attributions: QubitAttributionsLike,
  top: number,
): QubitShares {
  checkSizes(where, attributions);
  const { values, features, qubits, featureNames, qubitNames } = attributions;
  const all = Array.from({ length: features }, (_, feature): ShareRow => {
    const row = Array.from(values.subarray(feature * qubits, (feature + 1) * qubits), known);
    const label = String(featureNames?.[feature] ?? `feature ${feature}`);
    return { label, feature, values: row, total: sizeOf(row) };
  }).sort((a, b) => b.total - a.total);
  const rest = all.slice(top), signed = values.some((value) => value < 0);
  const column = (rows: readonly ShareRow[], q: number, size: (v: number) => number) =>
    rows.reduce((sum, row) => sum + (Number.isNaN(row.values[q]) ? 0 : size(row.values[q])), 0);
  const sums = (rows: readonly ShareRow[], size: (value: number) => number) =>
    Array.from({ length: qubits }, (_, q) => column(rows, q, size));
  return {
    rows: all.slice(0, top),
    others: rest.length === 0 ? null : {
      label: `others (${rest.length})`,
      feature: null,
      values: sums(rest, Math.abs),
      total: rest.reduce((sum, row) => sum + row.total, 0),
    },
    qubitNames: Array.from({ length: qubits }, (_, q) => String(qubitNames?.[q] ?? `q${q}`)),
    totals: sums(all, Math.abs),
    whole: all.reduce((sum, row) => sum + row.total, 0),
    signed,
    broken: values.reduce((count, value) => count + (Number.isFinite(value) ? 0 : 1), 0),
  };
}

const known = (value: number) => (Number.isFinite(value) ? value : NaN);

function sizeOf(row: readonly number[]): number {
  return row.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : Math.abs(value)), 0);
}

function checkSizes(where: string, attributions: QubitAttributionsLike): void {
  const { values, features, qubits, featureNames, qubitNames } = attributions;
  const whole = Number.isInteger(features) && features >= 0 && Number.isInteger(qubits) &&
    qubits >= 1;
  if (!whole || values?.length !== features * qubits) {
    throw new RangeError(
      `${where}: found ${values?.length} values for ${features} features and ${qubits} qubits, ` +
        `wanted features * qubits of them and at least one qubit. Pass { values, features, qubits }`,
    );
  }
  for (
    const [name, names, wanted] of [
      ["featureNames", featureNames, features],
      ["qubitNames", qubitNames, qubits],
    ] as const
  ) {
    if (names === undefined || names.length === wanted) continue;
    throw new RangeError(
      `${where}: found ${names.length} ${name}, wanted ${wanted}. Leave them out or pass as many`,
    );
  }
}
