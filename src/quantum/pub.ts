import { checkOptions } from "../_internal/check_options.ts";
import {
  broadcastIndices,
  broadcastShape,
  type NumberTree,
  type Rows,
  takeRows,
  toRows,
} from "./broadcast.ts";
import type { Circuit } from "./circuit.ts";
import { weightsToInputs } from "./free_angles.ts";
import { checkArgs, type CircuitArgs } from "./simulator_contract.ts";

/** The numbers of a pub. Their leading axes broadcast against each other as in NumPy. */
export interface ParameterValues {
  /** `[..., circuit.inputs]`. @default a single empty row */
  readonly inputs?: NumberTree;
  /** `[..., circuit.weights]`. @default a single empty row */
  readonly weights?: NumberTree;
}

/** A circuit with numbers, which may be many sets of numbers, and perhaps its own shots. */
export type SamplerPub = readonly [
  circuit: Circuit,
  values?: ParameterValues,
  shots?: number | null,
];

/** The sets of numbers of a pub as one batch. */
export interface PubRows {
  /** What the leading axes broadcast to; `[]` for a single set. */
  readonly shape: readonly number[];
  /** The circuit that takes them: with own weights for each sample, they are inputs of it. */
  readonly circuit: Circuit;
  /** Numbers for that circuit. */
  readonly args: CircuitArgs;
}

/**
 * Reads and broadcasts the numbers of a pub.
 *
 * @throws {RangeError} naming the pub, what was found and what was wanted
 */
export function pubRows(
  where: string,
  circuit: Circuit,
  values: ParameterValues = {},
): PubRows {
  if (typeof circuit !== "object" || !Array.isArray(circuit?.operations)) {
    throw new TypeError(
      `${where}: a pub starts with a circuit, found ${circuit}; give pubs as ` +
        "[[circuit, { inputs, weights }]]",
    );
  }
  checkOptions(where, values, ["inputs", "weights"]);
  const inputs = toRows(`${where}: inputs`, values.inputs, circuit.inputs);
  const weights = toRows(`${where}: weights`, values.weights, circuit.weights);
  const shape = broadcastShape(`${where}: inputs and weights`, [inputs.shape, weights.shape]);
  const batch = shape.reduce((a, b) => a * b, 1);
  const rows = (of: Rows, width: number) =>
    takeRows(of.data, width, broadcastIndices(shape, of.shape));
  const shared = { inputs: rows(inputs, circuit.inputs), weights: weights.data, batch };
  if (weights.shape.length === 0) {
    checkArgs(where, circuit, shared);
    return { shape, circuit, args: shared };
  }
  const own = rows(weights, circuit.weights);
  const width = circuit.inputs + circuit.weights;
  const both = new Float64Array(batch * width);
  for (let i = 0; i < batch; i++) {
    both.set(shared.inputs.subarray(i * circuit.inputs, (i + 1) * circuit.inputs), i * width);
    const row = own.subarray(i * circuit.weights, (i + 1) * circuit.weights);
    both.set(row, i * width + circuit.inputs);
  }
  const free = weightsToInputs(circuit);
  const args = { inputs: both, weights: new Float64Array(0), batch };
  checkArgs(where, free, args);
  return { shape, circuit: free, args };
}

/**
 * Reads all pubs of a call, before anything runs.
 *
 * @throws {TypeError} for what is no list of pubs
 */
export function checkPubs(pubs: readonly SamplerPub[], callShots: number | null) {
  if (!Array.isArray(pubs)) {
    throw new TypeError(
      "run(): pubs must be an array of [circuit, { inputs, weights }, shots]; for one circuit " +
        "write run([[circuit, { inputs }]])",
    );
  }
  return pubs.map((pub: SamplerPub, i) => {
    const where = `run(): pub ${i}`;
    if (!Array.isArray(pub) || pub.length > 3) {
      throw new TypeError(`${where} must be [circuit, { inputs, weights }, shots]`);
    }
    const [circuit, values, shots = callShots] = pub;
    return { rows: pubRows(where, circuit, values), shots: checkShots(where, shots) };
  });
}

/** A part of a batch. */
export function sliceArgs(
  circuit: Circuit,
  { inputs, weights }: CircuitArgs,
  [start, end]: readonly [number, number],
): CircuitArgs {
  const part = inputs.subarray(start * circuit.inputs, end * circuit.inputs);
  return { inputs: part, weights, batch: end - start };
}

/** Most numbers of one step: what is computed in passing stays small whatever the batch. */
const MOST_NUMBERS = 2 ** 21;

/** The batch in parts, none of more than 2^21 numbers if a sample has `width`. */
export function chunks(batch: number, width: number): [start: number, end: number][] {
  const size = Math.max(1, Math.floor(MOST_NUMBERS / width));
  return Array.from(
    { length: Math.ceil(batch / size) },
    (_, i) => [i * size, Math.min(batch, (i + 1) * size)],
  );
}

/** @throws {RangeError} unless shots are a whole number from 1, or null */
export function checkShots(where: string, shots: number | null): number | null {
  if (shots === null || (Number.isInteger(shots) && shots >= 1)) return shots;
  throw new RangeError(
    `${where}: shots must be a whole number from 1, or null for exact values, found ${shots}`,
  );
}
