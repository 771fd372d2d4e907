// The definition of a circuit, written down again without looking at src: whole 2^n x 2^n matrices
// made with Kronecker products from the textbook forms of the gates.
import type { Angle } from "../../src/quantum/angle.ts";
import type { Circuit, Operation } from "../../src/quantum/circuit.ts";

type C = [number, number];
/** A complex matrix. */
export type M = C[][];

const mul = (a: C, b: C): C => [a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]];
const add = (a: C, b: C): C => [a[0] + b[0], a[1] + b[1]];
export const real = (rows: number[][]): M => rows.map((row) => row.map((x): C => [x, 0]));
const scale = (m: M, by: C): M => m.map((row) => row.map((x) => mul(x, by)));
export const plus = (a: M, b: M): M => a.map((row, i) => row.map((x, j) => add(x, b[i][j])));
export const times = (a: M, b: M): M =>
  a.map((row) =>
    b[0].map((_, j) => row.reduce((sum, x, k) => add(sum, mul(x, b[k][j])), [0, 0] as C))
  );
export const adjointOf = (m: M): M =>
  m[0].map((_, j) => m.map((row): C => [row[j][0], -row[j][1]]));
const kron = (a: M, b: M): M =>
  a.flatMap((row) => b.map((other) => row.flatMap((x) => other.map((y) => mul(x, y)))));

const I = real([[1, 0], [0, 1]]), X = real([[0, 1], [1, 0]]), Z = real([[1, 0], [0, -1]]);
const Y: M = [[[0, 0], [0, -1]], [[0, 1], [0, 0]]];
const UP = real([[0, 0], [0, 1]]), DOWN = real([[1, 0], [0, 0]]);
const phase = (
  angle: number,
): M => [[[1, 0], [0, 0]], [[0, 0], [Math.cos(angle), Math.sin(angle)]]];

/** Places matrices on wires, wire 0 leftmost. */
export const on = (n: number, parts: ReadonlyMap<number, M>): M =>
  Array.from({ length: n }, (_, i) => parts.get(i) ?? I).reduce(kron);

/** exp(-i θ/2 P) = cos(θ/2) - i sin(θ/2) P, as P² = 1. */
const turn = (p: M, theta: number): M => {
  const one = p.map((row, i) => row.map((_, j): C => [i === j ? 1 : 0, 0]));
  return plus(scale(one, [Math.cos(theta / 2), 0]), scale(p, [0, -Math.sin(theta / 2)]));
};

/** Places a matrix of two wires, whose index has `a` as its higher bit. */
const onTwo = (n: number, [a, b]: readonly number[], m: M): M => {
  const bit = (index: number, wire: number) => (index >> (n - 1 - wire)) & 1;
  const size = 2 ** n, rest = (i: number) => i & ~(1 << (n - 1 - a)) & ~(1 << (n - 1 - b));
  return Array.from(
    { length: size },
    (_, i) =>
      Array.from(
        { length: size },
        (_, j): C =>
          rest(i) === rest(j) ? m[2 * bit(i, a) + bit(i, b)][2 * bit(j, a) + bit(j, b)] : [0, 0],
      ),
  );
};

/** U(θ, φ, λ) as the OpenQASM 3 specification and Qiskit write it, entry by entry. */
const euler = ([theta, phi, lambda]: readonly number[]): M => {
  const c = Math.cos(theta / 2), s = Math.sin(theta / 2);
  const e = (angle: number, by: number): C => [by * Math.cos(angle), by * Math.sin(angle)];
  return [[[c, 0], e(lambda, -s)], [e(phi, s), e(phi + lambda, c)]];
};

const entries = (
  { re, im }: { readonly re: readonly number[]; readonly im: readonly number[] },
): M => {
  const size = Math.sqrt(re.length);
  return Array.from(
    { length: size },
    (_, i) => Array.from({ length: size }, (_, j): C => [re[size * i + j], im[size * i + j]]),
  );
};

export function matrixOf(n: number, operation: Operation, thetas: readonly number[]): M {
  const { gate, wires, matrix } = operation;
  const [theta] = thetas;
  const [a, b, c] = wires;
  const one = (m: M) => on(n, new Map([[a, m]]));
  const two = (m: M) => on(n, new Map([[a, m], [b, m]]));
  const controlled = (m: M) => plus(on(n, new Map([[a, DOWN]])), on(n, new Map([[a, UP], [b, m]])));
  const table: Record<string, () => M> = {
    h: () => one(scale(plus(X, Z), [Math.SQRT1_2, 0])),
    x: () => one(X),
    y: () => one(Y),
    z: () => one(Z),
    s: () => one(phase(Math.PI / 2)),
    t: () => one(phase(Math.PI / 4)),
    sx: () => one(scale(turn(X, Math.PI / 2), [Math.SQRT1_2, Math.SQRT1_2])),
    rx: () => one(turn(X, theta)),
    ry: () => one(turn(Y, theta)),
    rz: () => one(turn(Z, theta)),
    p: () => one(phase(theta)),
    cx: () => controlled(X),
    cy: () => controlled(Y),
    cz: () => controlled(Z),
    crx: () => controlled(turn(X, theta)),
    cry: () => controlled(turn(Y, theta)),
    crz: () => controlled(turn(Z, theta)),
    cp: () => controlled(phase(theta)),
    // SWAP = (1 + XX + YY + ZZ) / 2
    swap: () => scale(plus(plus(on(n, new Map()), two(X)), plus(two(Y), two(Z))), [0.5, 0]),
    rxx: () => turn(two(X), theta),
    ryy: () => turn(two(Y), theta),
    rzz: () => turn(two(Z), theta),
    u: () => one(euler(thetas)),
    ch: () => controlled(scale(plus(X, Z), [Math.SQRT1_2, 0])),
    ccx: () =>
      plus(
        plus(on(n, new Map()), scale(on(n, new Map([[a, UP], [b, UP]])), [-1, 0])),
        on(n, new Map([[a, UP], [b, UP], [c, X]])),
      ),
    unitary: () => {
      const m = entries(matrix!);
      return m.length === 2 ? one(m) : onTwo(n, wires, m);
    },
  };
  return table[gate]();
}

export function thetaOf(angle: Angle | undefined, x: Float64Array, w: Float64Array): number {
  if (angle === undefined) return 0;
  if (angle.kind === "const") return angle.value;
  if (angle.kind === "weight") return angle.scale * w[angle.index];
  const factors = angle.kind === "input" ? [angle] : angle.factors;
  const product = factors.reduce((all, f) => all * (f.scale * x[f.index] + f.offset), 1);
  return angle.kind === "input" ? product : product * angle.scale;
}

/** The amplitudes of one sample. */
export function denseState(circuit: Circuit, x: Float64Array, w: Float64Array): C[] {
  const n = circuit.wires;
  let state: M = Array.from({ length: 2 ** n }, (_, i): C[] => [[i === 0 ? 1 : 0, 0]]);
  for (const operation of circuit.operations) {
    const { angle, angles = [angle] } = operation;
    state = times(matrixOf(n, operation, angles.map((one) => thetaOf(one, x, w))), state);
  }
  return state.map(([amplitude]) => amplitude);
}

/** <ψ|H|ψ> of a sum of Pauli strings, wire 0 first. */
export function denseExpectation(
  circuit: Circuit,
  { inputs, weights }: { readonly inputs: Float64Array; readonly weights: Float64Array },
  sum: Readonly<Record<string, number>>,
): number {
  const psi = denseState(circuit, inputs, weights);
  const letters: Record<string, M> = { I, X, Y, Z };
  return Object.entries(sum).reduce((total, [string, coefficient]) => {
    const moved = times(
      [...string].map((letter) => letters[letter]).reduce(kron),
      psi.map((a) => [a]),
    );
    return total +
      coefficient * psi.reduce((s, a, i) => s + mul([a[0], -a[1]], moved[i][0])[0], 0);
  }, 0);
}

/** The outputs of one sample. */
export function denseOutputs(circuit: Circuit, x: Float64Array, w: Float64Array): number[] {
  const n = circuit.wires;
  const state = denseState(circuit, x, w).map((a) => [a]);
  const probabilities = state.map(([[re, im]]) => re * re + im * im);
  if (circuit.observable === "probabilities") return probabilities;
  return Array.from(
    { length: n },
    (_, wire) =>
      probabilities.reduce(
        (sum, p, i) => sum + (i.toString(2).padStart(n, "0")[wire] === "1" ? -p : p),
        0,
      ),
  );
}
