import type { GateName } from "./gates.ts";

/** A square complex matrix: its real and its imaginary parts, each row by row. */
export interface Matrix {
  /** Real parts. */
  readonly re: readonly number[];
  /** Imaginary parts. */
  readonly im: readonly number[];
}

const R = Math.SQRT1_2;
const O2 = [0, 0, 0, 0];
const O4 = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

const X: Matrix = { re: [0, 1, 1, 0], im: O2 };
const Y: Matrix = { re: O2, im: [0, -1, 1, 0] };
const Z: Matrix = { re: [1, 0, 0, -1], im: O2 };

const FIXED: Partial<Record<GateName, Matrix>> = {
  h: { re: [R, R, R, -R], im: O2 },
  x: X,
  y: Y,
  z: Z,
  s: { re: [1, 0, 0, 0], im: [0, 0, 0, 1] },
  t: { re: [1, 0, 0, R], im: [0, 0, 0, R] },
  sx: { re: [0.5, 0.5, 0.5, 0.5], im: [0.5, -0.5, -0.5, 0.5] },
  swap: { re: [1, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1], im: O4 },
};

const GENERATORS: Partial<Record<GateName, Matrix>> = {
  rx: X,
  ry: Y,
  rz: Z,
  p: { re: [0, 0, 0, -2], im: O2 },
  rxx: { re: [0, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 0], im: O4 },
  ryy: { re: [0, 0, 0, -1, 0, 0, 1, 0, 0, 1, 0, 0, -1, 0, 0, 0], im: O4 },
  rzz: { re: [1, 0, 0, 0, 0, -1, 0, 0, 0, 0, -1, 0, 0, 0, 0, 1], im: O4 },
};

const CONTROLLED: Partial<Record<GateName, GateName>> = {
  cx: "x",
  cy: "y",
  cz: "z",
  crx: "rx",
  cry: "ry",
  crz: "rz",
  cp: "p",
};

/** What a controlled gate does to its target; undefined for gates without a control. */
export function controlledBase(gate: GateName): GateName | undefined {
  return CONTROLLED[gate];
}

/**
 * The matrix of a gate without a control, 2x2 or 4x4 with the first wire as the more significant
 * bit. With an angle it is exp(-i θ/2 G), where G is the {@linkcode gateGenerator}.
 *
 * @param theta radians; ignored by gates without an angle
 */
export function gateMatrix(gate: GateName, theta: number): Matrix {
  const fixed = FIXED[gate];
  if (fixed !== undefined) return fixed;
  if (gate === "p") return { re: [1, 0, 0, Math.cos(theta)], im: [0, 0, 0, Math.sin(theta)] };
  // Every other G squares to one, so that exp(-i θ/2 G) = cos(θ/2) - i sin(θ/2) G.
  const { re, im } = gateGenerator(gate);
  const c = Math.cos(theta / 2), s = Math.sin(theta / 2);
  const diagonal = Math.sqrt(re.length) + 1;
  return {
    re: im.map((value, k) => (k % diagonal === 0 ? c : 0) + s * value),
    im: re.map((value) => -s * value),
  };
}

/** The G in exp(-i θ/2 G), for a gate that takes an angle and has no control. */
export function gateGenerator(gate: GateName): Matrix {
  const generator = GENERATORS[gate];
  if (generator !== undefined) return generator;
  const known = Object.keys(GENERATORS).join(", ");
  throw new TypeError(`gateGenerator(): gate "${gate}" has no generator; ask for one of ${known}`);
}

/** The conjugate transpose, which undoes a gate. */
export function adjoint({ re, im }: Matrix): Matrix {
  // Written out, as nearly all are 2x2 and a simulation asks for one per gate and sample.
  if (re.length === 4) {
    return { re: [re[0], re[2], re[1], re[3]], im: [-im[0], -im[2], -im[1], -im[3]] };
  }
  const transposed = re.map((_, k) => (k % 4) * 4 + (k >> 2));
  return { re: transposed.map((k) => re[k]), im: transposed.map((k) => -im[k]) };
}
