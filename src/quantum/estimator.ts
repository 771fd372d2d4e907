import { checkOptions } from "../_internal/check_options.ts";
import { broadcastIndices, broadcastShape } from "./broadcast.ts";
import type { Circuit } from "./circuit.ts";
import {
  groupPaulis,
  measuredIn,
  type PauliGroup,
  type PauliSum,
  valueIn,
  valueTable,
} from "./pauli_sum.ts";
import {
  checkShots,
  chunks,
  type ParameterValues,
  type PubRows,
  pubRows,
  sliceArgs,
} from "./pub.ts";
import type { Counts, Sampler, SamplerPubResult, SamplerRunOptions } from "./sampler_contract.ts";

/** Observables of any shape: one, or arrays of them. */
export type PauliSums = PauliSum | readonly PauliSums[];

/** A circuit with observables and numbers; observables and sets of numbers broadcast. */
export type EstimatorPub = readonly [
  circuit: Circuit,
  observables: PauliSums,
  values?: ParameterValues,
  shots?: number | null,
];

/** What an estimator answers to one pub. */
export interface EstimatorPubResult {
  /** What the shapes of observables and sets of numbers broadcast to; `[]` for a single value. */
  readonly shape: readonly number[];
  /** Measurements for each group of strings that are measured together; null for exact values. */
  readonly shots: number | null;
  /** Expectation values, of `shape`. */
  readonly values: Float64Array;
  /** Their standard errors by the spread of the measurements, of `shape`; 0 for exact values. */
  readonly standardErrors: Float64Array;
}

/** What an estimator answers. */
export interface EstimatorResult {
  /** One for each pub, in their order. */
  readonly results: readonly EstimatorPubResult[];
  /** Which sampler measured. */
  readonly sampler: string;
}

/** Measures Pauli sums. */
export interface Estimator {
  /** Expectation values of each pub. */
  run(pubs: readonly EstimatorPub[], options?: SamplerRunOptions): Promise<EstimatorResult>;
}

/**
 * An estimator on top of a sampler: strings that ask for the same axes are measured by one circuit,
 * which ends in the gates that turn these axes to Z.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { defineCircuit, samplerEstimator, simulatorSampler, statevectorSimulator } from "@qsight/qsight/quantum";
 * const bell = defineCircuit({
 *   wires: 2,
 *   operations: [{ gate: "h", wires: [0] }, { gate: "cx", wires: [0, 1] }],
 * });
 * const estimator = samplerEstimator(simulatorSampler(statevectorSimulator()));
 * const { results: [{ values }] } = await estimator.run([[bell, ["ZZ", "XX", { YY: 0.5, ZI: 3 }]]]);
 * assert.deepEqual([...values].map((value) => Number(value.toFixed(5))), [1, 1, -0.5]);
 * ```
 */
export function samplerEstimator(sampler: Pick<Sampler, "run" | "shots">): Estimator {
  return {
    async run(pubs, options = {}) {
      checkOptions("run()", options, ["shots", "seed", "callId"]);
      const plans = pubs.map(([circuit, observables, values, shots], i) => {
        const where = `run(): pub ${i}`;
        const rows = pubRows(where, circuit, values);
        const sums = flatten(where, observables);
        const groups = groupPaulis(where, sums.flat, circuit.wires);
        const { shots: callShots = sampler.shots } = options;
        return {
          rows,
          sums,
          groups,
          shots: checkShots(where, shots === undefined ? callShots : shots),
        };
      });
      const results: EstimatorPubResult[] = [];
      let name = "";
      for (const [i, { rows, sums, groups, shots }] of plans.entries()) {
        const callId = JSON.stringify([options.callId ?? 0, i]);
        const given = { ...options, shots, callId, count: sums.flat.length };
        const found = await measure(sampler, rows, groups, given);
        name = found.sampler;
        results.push(arrange(found, { rows: rows.shape, sums: sums.shape }));
      }
      return { results, sampler: name };
    },
  };
}

/** A table of more values, 32 MiB, costs more than it saves. */
const MOST_VALUES = 2 ** 22;

/** Values of each observable for each row, with their variances. */
interface Measured {
  readonly values: Float64Array;
  readonly variances: Float64Array;
  readonly shots: number | null;
  readonly sampler: string;
}

/** `[batch, observables]` of all groups together. */
export async function measure(
  sampler: Pick<Sampler, "run" | "shots">,
  { circuit, args }: Pick<PubRows, "circuit" | "args">,
  groups: readonly PauliGroup[],
  { count, ...options }: SamplerRunOptions & {
    readonly shots: number | null;
    readonly count: number;
  },
): Promise<Measured> {
  const { shots } = options;
  const values = new Float64Array(args.batch * count), variances = values.slice();
  let name = "";
  const tables = groups.map((group) =>
    shots === null && 2 ** circuit.wires * count <= MOST_VALUES
      ? valueTable(group, circuit.wires, count)
      : undefined
  );
  // Counts are small, probabilities are not; seeds go by the place in the pub, so that only exact
  // values may be cut.
  const parts = shots === null ? chunks(args.batch, 2 ** circuit.wires) : [[0, args.batch]];
  for (const [start, end] of parts) {
    const { inputs, weights, batch } = sliceArgs(circuit, args, [start, end]);
    const rows = Array.from(
      { length: batch },
      (_, i) => Float64Array.from(inputs.subarray(i * circuit.inputs, (i + 1) * circuit.inputs)),
    );
    const pubs = groups.map(({ basis }) =>
      [measuredIn(circuit, basis), { inputs: rows, weights: Float64Array.from(weights) }] as const
    );
    const found = await sampler.run(pubs, options);
    name = found.sampler;
    found.results.forEach((result, g) => {
      for (let row = 0; row < batch; row++) {
        const at = (start + row) * count;
        const into = {
          values: values.subarray(at, at + count),
          variances: variances.subarray(at, at + count),
        };
        if (shots === null) addMeans(groups[g], tables[g], { ...into, result, row });
        else addMoments(groups[g], { ...into, counts: result.counts![row], shots });
      }
    });
  }
  if (shots !== null) variances.forEach((spread, i) => variances[i] = Math.max(0, spread) / shots);
  return { values, variances, shots, sampler: name };
}

/** Adds the exact values of one row, by a table where there is one. */
function addMeans(
  group: PauliGroup,
  table: Float64Array | undefined,
  { values, result, row }: {
    readonly values: Float64Array;
    readonly result: SamplerPubResult;
    readonly row: number;
  },
): void {
  const count = values.length, found = result.probabilities!;
  const states = found.length / result.shape.reduce((a, b) => a * b, 1);
  const own = new Float64Array(count);
  for (let state = 0; state < states; state++) {
    const probability = found[row * states + state];
    if (probability === 0) continue;
    const from = table ?? valueIn(group, state, own), at = table === undefined ? 0 : state * count;
    for (let i = 0; i < count; i++) values[i] += probability * from[at + i];
  }
}

/** Adds mean and variance of what one row's shots measured. */
function addMoments(
  group: PauliGroup,
  { values, variances, counts, shots }: {
    readonly values: Float64Array;
    readonly variances: Float64Array;
    readonly counts: Counts;
    readonly shots: number;
  },
): void {
  const value = new Float64Array(values.length);
  const mean = value.slice(), square = value.slice();
  for (const [bits, times] of Object.entries(counts)) {
    const share = times / shots;
    valueIn(group, parseInt(bits, 2), value);
    for (let i = 0; i < value.length; i++) {
      mean[i] += share * value[i];
      square[i] += share * value[i] * value[i];
    }
  }
  for (let i = 0; i < value.length; i++) {
    values[i] += mean[i];
    variances[i] += square[i] - mean[i] * mean[i];
  }
}

function flatten(where: string, observables: PauliSums) {
  const flat: PauliSum[] = [];
  const shapeOf = (tree: PauliSums): number[] => {
    if (!Array.isArray(tree)) {
      flat.push(tree as PauliSum);
      return [];
    }
    const [first = [], ...others] = tree.map(shapeOf);
    if (tree.length === 0 || others.some((shape) => shape.join() !== first.join())) {
      throw new RangeError(`${where}: observables must be one, or an array without gaps`);
    }
    return [tree.length, ...first];
  };
  return { shape: shapeOf(observables), flat };
}

/** From "each observable for each row" to what both shapes broadcast to. */
function arrange(
  { values, variances, shots }: Measured,
  { rows, sums }: { readonly rows: readonly number[]; readonly sums: readonly number[] },
): EstimatorPubResult {
  const shape = broadcastShape("run(): observables and sets of numbers", [sums, rows]);
  const count = sums.reduce((a, b) => a * b, 1);
  const ofSum = broadcastIndices(shape, sums), ofRow = broadcastIndices(shape, rows);
  const pick = (from: Float64Array) =>
    Float64Array.from(ofSum, (sum, i) => from[ofRow[i] * count + sum]);
  return {
    shape,
    shots,
    values: pick(values),
    standardErrors: pick(variances).map(Math.sqrt),
  };
}
