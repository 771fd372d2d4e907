import type { Circuit } from "./circuit.ts";

/** Numbers in a typed array of either precision. */
export type FloatArray = Float32Array | Float64Array;

/** The numbers that go into a circuit. */
export interface CircuitArgs {
  /** `[batch, circuit.inputs]`, row by row, in the units that the circuit's angles expect. */
  readonly inputs: FloatArray;
  /** `[circuit.weights]`. */
  readonly weights: FloatArray;
  /** Number of samples. */
  readonly batch: number;
}

/** {@linkcode CircuitArgs} with the slopes of a loss. */
export interface VjpArgs extends CircuitArgs {
  /** dL/doutputs, `[batch, circuit.outputs]`. */
  readonly cotangents: FloatArray;
}

/** A forward pass with the slopes of a loss pulled back through it. */
export interface CircuitGradients<A extends FloatArray = Float32Array> {
  /** `[batch, circuit.outputs]`. */
  readonly outputs: A;
  /** dL/dinputs, `[batch, circuit.inputs]`. */
  readonly inputs: A;
  /** dL/dweights summed over the batch, `[circuit.weights]`. */
  readonly weights: A;
}

/**
 * Runs circuits, synchronously and by the batch. Results are fresh arrays that nobody else holds.
 * Both methods throw RangeError for wrong lengths, numbers that are not finite, and circuits too
 * large for memory.
 */
export interface Simulator<A extends FloatArray = Float32Array> {
  /** Of what computes. */
  readonly name: string;
  /** Whether callers may interleave their calls without a lock. */
  readonly reentrant: boolean;
  /** How `vjp` gets its slopes, for records: "adjoint", "parameter_shift". @default {not said} */
  readonly gradientMethod?: string;
  /** The outputs, `[batch, circuit.outputs]`. */
  forward(circuit: Circuit, args: CircuitArgs): A;
  /** The outputs together with the vector-Jacobian product for all inputs and weights. */
  vjp(circuit: Circuit, args: VjpArgs): CircuitGradients<A>;
}

/**
 * Checks lengths and finiteness before any work is done.
 *
 * @throws {RangeError} naming what was found and wanted
 */
export function checkArgs(where: string, circuit: Circuit, args: CircuitArgs | VjpArgs): void {
  const { batch } = args;
  if (!Number.isInteger(batch) || batch < 1) {
    throw new RangeError(`${where}: batch must be a whole number from 1, found ${batch}`);
  }
  checkNumbers(where, "inputs", args.inputs, batch * circuit.inputs, "batch * circuit.inputs");
  checkNumbers(where, "weights", args.weights, circuit.weights, "circuit.weights");
  if ("cotangents" in args) {
    const wanted = batch * circuit.outputs;
    checkNumbers(where, "cotangents", args.cotangents, wanted, "batch * circuit.outputs");
  }
}

function checkNumbers(
  where: string,
  what: string,
  values: FloatArray,
  wanted: number,
  formula: string,
) {
  if (!(values instanceof Float32Array) && !(values instanceof Float64Array)) {
    throw new TypeError(`${where}: ${what} must be a Float32Array or Float64Array`);
  }
  if (values.length !== wanted) {
    throw new RangeError(
      `${where}: ${what} has ${values.length} numbers, wanted ${wanted} (${formula}); ` +
        "pass one flat array, row by row",
    );
  }
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      throw new RangeError(
        `${where}: ${what}[${i}] is ${values[i]}; every number must be finite, ` +
          "look for the layer or loss that made it",
      );
    }
  }
}
