import assert from "node:assert/strict";
import {
  adjoint,
  controlledBase,
  gateGenerator,
  gateMatrix,
  type Matrix,
} from "../../src/quantum/gate_matrix.ts";
import { type GateName, GATES } from "../../src/quantum/gates.ts";
import { distance } from "./random_circuit.ts";

/** Gates that have a matrix here; others are written out in these, or bring their own. */
const names = (Object.keys(GATES) as GateName[]).filter((gate) =>
  controlledBase(gate) === undefined && !["u", "ch", "ccx", "unitary"].includes(gate)
);

function product(a: Matrix, b: Matrix): Matrix {
  const size = Math.sqrt(a.re.length);
  const entry = (k: number, term: (left: number, right: number) => number) => {
    let sum = 0;
    for (let j = 0; j < size; j++) {
      sum += term(Math.floor(k / size) * size + j, j * size + k % size);
    }
    return sum;
  };
  return {
    re: a.re.map((_, k) => entry(k, (l, r) => a.re[l] * b.re[r] - a.im[l] * b.im[r])),
    im: a.re.map((_, k) => entry(k, (l, r) => a.re[l] * b.im[r] + a.im[l] * b.re[r])),
  };
}

Deno.test("adjoint() undoes the matrix of every gate", () => {
  for (const gate of names) {
    const matrix = gateMatrix(gate, 0.7);
    const { re, im } = product(adjoint(matrix), matrix);
    const size = 2 ** Number(GATES[gate].wires);
    const one = re.map((_, k) => k % (size + 1) === 0 ? 1 : 0);
    assert.equal(re.length, size * size, gate);
    assert.ok(distance(re, one) < 1e-15 && distance(im, re.map(() => 0)) < 1e-15, gate);
  }
});

Deno.test("gateGenerator() is the G of dU/dθ = -i/2 G U", () => {
  const theta = 0.7, step = 1e-5;
  for (const gate of names.filter((name) => GATES[name].angle)) {
    const up = gateMatrix(gate, theta + step), down = gateMatrix(gate, theta - step);
    const { re, im } = product(gateGenerator(gate), gateMatrix(gate, theta));
    const slope = (part: "re" | "im") => up[part].map((x, k) => (x - down[part][k]) / (2 * step));
    assert.ok(distance(slope("re"), im.map((x) => x / 2)) < 1e-9, gate);
    assert.ok(distance(slope("im"), re.map((x) => -x / 2)) < 1e-9, gate);
  }
});

Deno.test("gateGenerator() refuses gates without an angle, and those with a control", () => {
  for (const gate of ["h", "swap", "crx"] as const) {
    assert.throws(() => gateGenerator(gate), /TypeError.*has no generator; ask for one of rx, ry/);
  }
});
