import type { GateName } from "./gates.ts";

/** A complex number as [re, im]. */
export type Complex = readonly [number, number];

/** A square complex matrix, row by row. */
export type Matrix = readonly (readonly Complex[])[];

/** The product of two complex numbers. */
export function multiply([a, b]: Complex, [c, d]: Complex): Complex {
  return [a * c - b * d, a * d + b * c];
}

const O: Complex = [0, 0], I: Complex = [1, 0], J: Complex = [0, 1];
const R = Math.SQRT1_2;

const FIXED: Partial<Record<GateName, Matrix>> = {
  h: [[[R, 0], [R, 0]], [[R, 0], [-R, 0]]],
  x: [[O, I], [I, O]],
  y: [[O, [0, -1]], [J, O]],
  z: [[I, O], [O, [-1, 0]]],
  s: [[I, O], [O, J]],
  t: [[I, O], [O, [R, R]]],
  sx: [[[0.5, 0.5], [0.5, -0.5]], [[0.5, -0.5], [0.5, 0.5]]],
  swap: [[I, O, O, O], [O, O, I, O], [O, I, O, O], [O, O, O, I]],
};

/**
 * The matrix of a gate, 2x2 or 4x4 with the first wire as the more significant bit.
 *
 * @param theta radians; ignored by gates without an angle
 */
export function gateMatrix(gate: GateName, theta: number): Matrix {
  const fixed = FIXED[gate];
  if (fixed !== undefined) return fixed;
  const base = controlledBase(gate);
  return base === undefined ? turned(gate, theta) : controlled(gateMatrix(base, theta), I);
}

/** d/dθ of {@linkcode gateMatrix}, exact; the gate must take an angle. */
export function gateMatrixDerivative(gate: GateName, theta: number): Matrix {
  const base = controlledBase(gate);
  if (base !== undefined) return controlled(gateMatrixDerivative(base, theta), O);
  if (gate === "p") return [[O, O], [O, [-Math.sin(theta), Math.cos(theta)]]];
  // Every entry is a cosine or a sine of θ/2, and those have half their value at θ + π as slope.
  const shifted = turned(gate, theta + Math.PI);
  return shifted.map((row) => row.map(([re, im]): Complex => [re / 2, im / 2]));
}

/** What a controlled gate does to its target; undefined for gates without a control. */
export function controlledBase(gate: GateName): GateName | undefined {
  switch (gate) {
    case "cx":
      return "x";
    case "cy":
      return "y";
    case "cz":
      return "z";
    case "crx":
      return "rx";
    case "cry":
      return "ry";
    case "crz":
      return "rz";
    case "cp":
      return "p";
    default:
      return undefined;
  }
}

function controlled([[a, b], [c, d]]: Matrix, idle: Complex): Matrix {
  return [[idle, O, O, O], [O, idle, O, O], [O, O, a, b], [O, O, c, d]];
}

function turned(gate: GateName, theta: number): Matrix {
  const c: Complex = [Math.cos(theta / 2), 0];
  const s = Math.sin(theta / 2);
  const back: Complex = [c[0], -s], forth: Complex = [c[0], s];
  const minus: Complex = [0, -s], plus: Complex = [0, s];
  switch (gate) {
    case "rx":
      return [[c, minus], [minus, c]];
    case "ry":
      return [[c, [-s, 0]], [[s, 0], c]];
    case "rz":
      return [[back, O], [O, forth]];
    case "p":
      return [[I, O], [O, [Math.cos(theta), Math.sin(theta)]]];
    case "rxx":
      return [[c, O, O, minus], [O, c, minus, O], [O, minus, c, O], [minus, O, O, c]];
    case "ryy":
      return [[c, O, O, plus], [O, c, minus, O], [O, minus, c, O], [plus, O, O, c]];
    case "rzz":
      return [[back, O, O, O], [O, forth, O, O], [O, O, forth, O], [O, O, O, back]];
    default:
      throw new TypeError(`gateMatrix(): gate "${gate}" takes no angle; use its fixed matrix`);
  }
}
