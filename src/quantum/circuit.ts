import { checkOptions, unknownName } from "../_internal/check_options.ts";
import type { AffineInput, Angle } from "./angle.ts";
import type { Matrix } from "./gate_matrix.ts";
import { checkUnitary } from "./check_unitary.ts";
import { type GateName, GATES } from "./gates.ts";

/** What a circuit answers: `<Z>` of each wire, or the probability of each basis state. */
export type Observable = "z" | "probabilities";

/** One gate on its wires; a controlled gate has its control first. */
export interface Operation {
  /** Which gate. */
  readonly gate: GateName;
  /** As many different wires as the gate acts on. */
  readonly wires: readonly number[];
  /** Present exactly when the gate takes one. */
  readonly angle?: Angle;
  /** Present exactly for `u`: θ, φ, λ. */
  readonly angles?: readonly Angle[];
  /** Present exactly for `unitary`. */
  readonly matrix?: Matrix;
}

/** An operation as one writes it: a plain number is a constant angle in radians. */
export interface OperationDeclaration {
  /** Which gate. */
  readonly gate: GateName;
  /** As many different wires as the gate acts on. */
  readonly wires: readonly number[];
  /** For gates that take one, and only for those. */
  readonly angle?: Angle | number;
  /** For `u`, and only for it: θ, φ, λ. */
  readonly angles?: readonly (Angle | number)[];
  /** For `unitary`, and only for it: row by row, the first wire as the more significant bit. */
  readonly matrix?: Matrix;
}

/** All angles of an operation. */
export function anglesOf({ angle, angles = [] }: Operation): readonly Angle[] {
  return angle === undefined ? angles : [angle];
}

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

function checkOperation(operation: OperationDeclaration, wires: number, where: string): Operation {
  checkOptions(where, operation, ["gate", "wires", "angle", "angles", "matrix"]);
  const { gate, angle, angles, matrix } = operation;
  if (!Object.hasOwn(GATES, gate)) {
    throw new TypeError(unknownName(where, "gate", String(gate), Object.keys(GATES)));
  }
  const described = GATES[gate];
  checkWires(operation, wires, where);
  if (described.angle !== (angle !== undefined)) {
    throw new TypeError(
      described.angle
        ? `${where}: "${gate}" has no angle; give a number, inputAngle(), weightAngle() or productAngle()`
        : `${where}: "${gate}" takes no angle; leave it out`,
    );
  }
  if ((described.angles ?? 0) !== (angles?.length ?? 0)) {
    throw new TypeError(
      described.angles
        ? `${where}: "${gate}" takes angles: [θ, φ, λ], found ${angles?.length ?? 0} of them`
        : `${where}: "${gate}" takes no list of angles; leave angles out`,
    );
  }
  return Object.freeze({
    gate,
    wires: Object.freeze([...operation.wires]),
    ...(angle === undefined ? {} : { angle: checkAngle(angle, where) }),
    ...(angles === undefined
      ? {}
      : { angles: Object.freeze(angles.map((one) => checkAngle(one, where))) }),
    ...(checkMatrixGiven(where, operation, described.matrix === true)
      ? { matrix: checkUnitary(matrix as Matrix, { wires: operation.wires.length, where }) }
      : {}),
  });
}

function checkMatrixGiven(where: string, { gate, matrix }: OperationDeclaration, wanted: boolean) {
  if (wanted === (matrix !== undefined)) return wanted;
  throw new TypeError(
    wanted
      ? `${where}: "${gate}" has no matrix; give { re, im }, row by row`
      : `${where}: "${gate}" takes no matrix; leave it out`,
  );
}

function checkWires({ gate, wires: used }: OperationDeclaration, wires: number, where: string) {
  const wanted: readonly number[] = [GATES[gate].wires].flat();
  if (!Array.isArray(used) || !wanted.includes(used.length)) {
    throw new RangeError(
      `${where}: "${gate}" acts on ${wanted.join(" or ")} wire${
        wanted.at(-1) === 1 ? "" : "s"
      }, found ${JSON.stringify(used)}`,
    );
  }
  for (const wire of used) {
    if (!Number.isInteger(wire) || wire < 0 || wire >= wires) {
      throw new RangeError(
        `${where}: "${gate}" on wire ${wire}, but wires are 0…${
          wires - 1
        }; use one of these or raise wires`,
      );
    }
  }
  const twice = used.find((wire, i) => used.indexOf(wire) !== i);
  if (twice !== undefined) {
    throw new RangeError(`${where}: "${gate}" on wire ${twice} twice; its wires must differ`);
  }
}

function checkAngle(angle: Angle | number, where: string): Angle {
  if (typeof angle === "number") {
    return Object.freeze({ kind: "const", value: finite(angle, where, "angle") });
  }
  switch (angle?.kind) {
    case "const":
      return checkAngle(angle.value, where);
    case "input":
      return Object.freeze({ kind: "input", ...checkAffine(angle, where) });
    case "weight": {
      const index = whole(angle.index, where, "weight index");
      return Object.freeze({ kind: "weight", index, scale: finite(angle.scale, where, "scale") });
    }
    case "product": {
      const factors = Object.freeze(
        [checkAffine(angle.factors[0], where), checkAffine(angle.factors[1], where)] as const,
      );
      return Object.freeze({
        kind: "product",
        factors,
        scale: finite(angle.scale, where, "scale"),
      });
    }
    default:
      throw new TypeError(
        `${where}: angle is ${
          JSON.stringify(angle)
        }; give a number, inputAngle(), weightAngle() or productAngle()`,
      );
  }
}

function checkAffine({ index, scale, offset }: AffineInput, where: string): AffineInput {
  return Object.freeze({
    index: whole(index, where, "input index"),
    scale: finite(scale, where, "scale"),
    offset: finite(offset, where, "offset"),
  });
}

function finite(value: number, where: string, what: string): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new RangeError(`${where}: ${what} must be a finite number, found ${value}`);
}

function whole(value: number, where: string, what: string): number {
  if (Number.isInteger(value) && value >= 0) return value;
  throw new RangeError(`${where}: ${what} must be a whole number from 0, found ${value}`);
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
