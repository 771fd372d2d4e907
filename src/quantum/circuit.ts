import { checkOptions, unknownName } from "../_internal/check_options.ts";
import { anglesOf, type Operation, type OperationDeclaration } from "./operation.ts";
import { checkOperation } from "./check_operation.ts";

export { anglesOf, type Operation, type OperationDeclaration } from "./operation.ts";

/** What a circuit answers: `<Z>` of each wire, or the probability of each basis state. */
export type Observable = "z" | "probabilities";

/**
 * A parametrised circuit as frozen plain data; `JSON.parse(JSON.stringify(circuit))` goes through
 * {@linkcode defineCircuit} again unchanged. It starts in |0…0>. Wire 0 is the most significant bit
 * of a basis state: with 2 wires, output 2 of `"probabilities"` is |10>, wire 0 up.
 */
export interface Circuit {
  /** Number of qubits. */
  readonly wires: number;
  /** Numbers per sample. */
  readonly inputs: number;
  /** Numbers shared by the batch. */
  readonly weights: number;
  /** `wires` for `"z"`, `2 ** wires` for `"probabilities"`. */
  readonly outputs: number;
  /** The gates in the order in which they act. */
  readonly operations: readonly Operation[];
  /** What is measured at the end. */
  readonly observable: Observable;
}

/** What {@linkcode defineCircuit} takes. */
export interface CircuitDeclaration {
  /** Number of qubits, 1…30. */
  readonly wires: number;
  /** The gates in the order in which they act. */
  readonly operations: readonly OperationDeclaration[];
  /** Length of an input row. @default the highest input used, plus one */
  readonly inputs?: number;
  /** Number of weights. @default the highest weight used, plus one */
  readonly weights?: number;
  /** What is measured at the end. @default {"z"} */
  readonly observable?: Observable;
  /** Follows from the observable; accepted so that a circuit read from JSON can be passed, and compared. */
  readonly outputs?: number;
}

/**
 * Checks a circuit and completes it.
 *
 * @returns a deeply frozen {@linkcode Circuit}
 * @throws {TypeError} for an unknown gate or option (naming the nearest), or a missing or superfluous angle
 * @throws {RangeError} for a wire, input or weight outside its range
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { defineCircuit, inputAngle, weightAngle } from "@qsight/qsight/quantum";
 * const circuit = defineCircuit({
 *   wires: 2,
 *   operations: [
 *     { gate: "ry", wires: [0], angle: inputAngle(0) },
 *     { gate: "cx", wires: [0, 1] },
 *     { gate: "rz", wires: [1], angle: weightAngle(0) },
 *   ],
 * });
 * assert.deepEqual([circuit.inputs, circuit.weights, circuit.outputs], [1, 1, 2]);
 * assert.throws(() => defineCircuit({ wires: 1, operations: [{ gate: "rq" as "rx", wires: [0] }] }));
 * ```
 */
export function defineCircuit(declaration: CircuitDeclaration): Circuit {
  checkOptions("defineCircuit()", declaration, [
    "wires",
    "operations",
    "inputs",
    "weights",
    "observable",
    "outputs",
  ]);
  const { wires, observable = "z" } = declaration;
  if (!Number.isInteger(wires) || wires < 1 || wires > 30) {
    throw new RangeError(`defineCircuit(): wires must be a whole number in 1…30, found ${wires}`);
  }
  if (observable !== "z" && observable !== "probabilities") {
    throw new TypeError(
      unknownName("defineCircuit()", "observable", String(observable), ["z", "probabilities"]),
    );
  }
  const operations = declaration.operations.map((operation, i) =>
    checkOperation(operation, wires, `defineCircuit(): operation ${i}`)
  );
  const inputs = count("inputs", declaration.inputs, operations.flatMap(inputsOf));
  const weights = count("weights", declaration.weights, operations.flatMap(weightsOf));
  const outputs = observable === "z" ? wires : 2 ** wires;
  if (declaration.outputs !== undefined && declaration.outputs !== outputs) {
    throw new RangeError(
      `defineCircuit(): outputs is ${declaration.outputs}, but "${observable}" of ${wires} wires gives ` +
        `${outputs}; leave outputs out`,
    );
  }
  return Object.freeze({
    wires,
    inputs,
    weights,
    outputs,
    operations: Object.freeze(operations),
    observable,
  });
}

function inputsOf(operation: Operation): number[] {
  return anglesOf(operation).flatMap((angle) =>
    angle.kind === "input"
      ? [angle.index]
      : angle.kind === "product"
      ? angle.factors.map((factor) => factor.index)
      : []
  );
}

function weightsOf(operation: Operation): number[] {
  return anglesOf(operation).flatMap((angle) => angle.kind === "weight" ? [angle.index] : []);
}

function count(what: string, given: number | undefined, used: readonly number[]): number {
  const needed = used.reduce((most, index) => Math.max(most, index + 1), 0);
  if (given === undefined) return needed;
  if (Number.isInteger(given) && given >= needed) return given;
  throw new RangeError(
    `defineCircuit(): ${what} is ${given}, but the operations read index ${needed - 1}; ` +
      `give at least ${needed} or leave it out`,
  );
}
