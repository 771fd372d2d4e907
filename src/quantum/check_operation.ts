import { checkOptions, unknownName } from "../_internal/check_options.ts";
import type { AffineInput, Angle } from "./angle.ts";
import { checkUnitary } from "./check_unitary.ts";
import type { Matrix } from "./gate_matrix.ts";
import { GATES } from "./gates.ts";
import type { Operation, OperationDeclaration } from "./operation.ts";

/** A frozen copy of an operation on one of `wires` wires. */
export function checkOperation(
  operation: OperationDeclaration,
  wires: number,
  where: string,
): Operation {
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
