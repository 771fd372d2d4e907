import { real } from "./real";
import { madd, mul, nmadd, REAL, spread, toNext } from "./lanes";
import {
  at, DENSE_A, DENSE_B, DENSE_COUNT, DENSE_NOW, DENSE_ROW, DENSE_SUMS, word,
} from "./layout";

/**
 * Multiplies fours of rows by a complex 4x4 matrix, or by its conjugate transpose. The matrix stands
 * row by row, re then im.
 */
export function turnDense(pass: usize, state: usize, move: usize, shift: i32, back: bool): void {
  const count = word(pass, DENSE_COUNT), sums = at(pass, DENSE_SUMS);
  const a = word(pass, DENSE_A), b = word(pass, DENSE_B), matrix = at(pass, DENSE_NOW);
  const half = <usize>1 << (shift - 1);
  // The first wire is the more significant bit.
  let row = word(pass, DENSE_ROW);
  for (let k = 0; k < count; k++) {
    const r0 = state + (<usize>row << shift), r1 = state + (<usize>(row ^ b) << shift);
    const r2 = state + (<usize>(row ^ a) << shift), r3 = state + (<usize>(row ^ a ^ b) << shift);
    for (let c: usize = 0; c < half; c += 16) {
      const x0 = v128.load(r0 + c), x1 = v128.load(r1 + c);
      const x2 = v128.load(r2 + c), x3 = v128.load(r3 + c);
      const y0 = v128.load(r0 + c + half), y1 = v128.load(r1 + c + half);
      const y2 = v128.load(r2 + c + half), y3 = v128.load(r3 + c + half);
      for (let i = 0; i < 4; i++) {
        // Row i of the matrix, or column i of its conjugate.
        let m = matrix + <usize>(back ? i : 4 * i) * 2 * REAL;
        const next = <usize>(back ? 8 : 2) * REAL, sign = v128.splat<real>(back ? -1 : 1);
        let p = spread(m), q = mul(sign, spread(m + REAL));
        let re = nmadd(q, y0, mul(p, x0)), im = madd(q, x0, mul(p, y0));
        m += next;
        p = spread(m);
        q = mul(sign, spread(m + REAL));
        re = nmadd(q, y1, madd(p, x1, re));
        im = madd(q, x1, madd(p, y1, im));
        m += next;
        p = spread(m);
        q = mul(sign, spread(m + REAL));
        re = nmadd(q, y2, madd(p, x2, re));
        im = madd(q, x2, madd(p, y2, im));
        m += next;
        p = spread(m);
        q = mul(sign, spread(m + REAL));
        re = nmadd(q, y3, madd(p, x3, re));
        im = madd(q, x3, madd(p, y3, im));
        const to = (i == 0 ? r0 : i == 1 ? r1 : i == 2 ? r2 : r3) + c + move;
        v128.store(to, re);
        v128.store(to + half, im);
      }
    }
    if (k + 1 < count) row ^= toNext(sums, k);
  }
}
