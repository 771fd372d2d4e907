import type { Angle } from "./angle.ts";
import type { Operation } from "./circuit.ts";
import { eulerAngles } from "./euler_angles.ts";
import type { GateName } from "./gates.ts";
import type { Matrix } from "./gate_matrix.ts";

/**
 * The same circuit up to a global phase in gates of one angle at most and two wires at most: `u`,
 * `ch`, `ccx` and matrices of one wire are written out. Whoever runs circuits runs these.
 */
export function elementaryOperations(operations: readonly Operation[]): readonly Operation[] {
  const composite = operations.some(({ gate, wires }) =>
    gate === "u" || gate === "ch" || gate === "ccx" || (gate === "unitary" && wires.length === 1)
  );
  return composite ? operations.flatMap(writeOut) : operations;
}

function writeOut(operation: Operation): readonly Operation[] {
  const { gate, wires, angles, matrix } = operation;
  switch (gate) {
    case "u":
      return turns(wires, angles as readonly [Angle, Angle, Angle]);
    case "ch": { // H = RY(π/4) Z RY(-π/4)
      const target = [wires[1]];
      return [
        { gate: "ry", wires: target, angle: constant(-Math.PI / 4) },
        { gate: "cz", wires },
        { gate: "ry", wires: target, angle: constant(Math.PI / 4) },
      ];
    }
    case "ccx":
      return doublyControlled(wires);
    case "unitary": {
      if (wires.length === 2) return [operation];
      const [theta, phi, lambda] = eulerAngles(matrix as Matrix);
      return turns(wires, [constant(theta), constant(phi), constant(lambda)]);
    }
    default:
      return [operation];
  }
}

function turns(
  wires: readonly number[],
  [theta, phi, lambda]: readonly [Angle, Angle, Angle],
): Operation[] {
  return [
    { gate: "rz", wires, angle: lambda },
    { gate: "ry", wires, angle: theta },
    { gate: "rz", wires, angle: phi },
  ];
}

/** H on the target before and after a phase of π on |111>, which is a phase on each parity. */
function doublyControlled([a, b, c]: readonly number[]): Operation[] {
  const on = (gate: GateName, ...wires: number[]): Operation => ({ gate, wires });
  const phase = (wire: number, sign: 1 | -1): Operation => ({
    gate: "p",
    wires: [wire],
    angle: constant(sign * Math.PI / 4),
  });
  return [
    on("h", c),
    ...[phase(a, 1), phase(b, 1), phase(c, 1)],
    ...[on("cx", a, b), phase(b, -1), on("cx", b, c), phase(c, 1), on("cx", a, b)],
    ...[on("cx", b, c), phase(c, -1), on("cx", a, c), on("cx", b, c), phase(c, -1)],
    on("cx", b, c),
    on("h", c),
  ];
}

function constant(value: number): Angle {
  return { kind: "const", value };
}
