import { add, addTo, laneSum, madd, mul, nmadd, zeros } from "./lanes";
import { place } from "./turn_flips";

// The slope of a flip is Σ (λ_q ψ_p − λ_p ψ_q) over its pairs; flips that commute have the same
// slope before and after each other. `move` leads from a row of ψ to the same row of λ. Each column
// is added up by itself, so that only one addition waits for the column before.

/** Adds the slope of one flip to a double. */
export function slopeOne(
  psi: usize, move: usize, base: i32, table: usize, end: usize, length: usize, to0: usize,
): void {
  let sum = zeros();
  for (; table < end; table += 8) {
    let a = place(psi, base, load<i32>(table, 0));
    let b = place(psi, base, load<i32>(table, 4));
    const last = a + length;
    while (true) {
      let s = mul(v128.load(b + move), v128.load(a));
      s = nmadd(v128.load(a + move), v128.load(b), s);
      sum = add(sum, s);
      a += 16;
      if (a == last) break;
      b += 16;
    }
  }
  addTo(to0, laneSum(sum));
}

/** Adds the slopes of two flips to doubles. */
export function slopeTwo(
  psi: usize, move: usize, base: i32, table: usize, end: usize, length: usize,
  to0: usize, to1: usize,
): void {
  let sum0 = zeros(), sum1 = zeros();
  for (; table < end; table += 16) {
    let a0 = place(psi, base, load<i32>(table, 0));
    let a1 = place(psi, base, load<i32>(table, 4));
    let a2 = place(psi, base, load<i32>(table, 8));
    let a3 = place(psi, base, load<i32>(table, 12));
    const last = a0 + length;
    while (true) {
      const x0 = v128.load(a0), x1 = v128.load(a1), x2 = v128.load(a2), x3 = v128.load(a3);
      let u = v128.load(a3 + move);
      let s0 = mul(u, x2), s1 = mul(u, x1);
      u = v128.load(a1 + move);
      s0 = madd(u, x0, s0);
      s1 = nmadd(u, x3, s1);
      u = v128.load(a2 + move);
      s0 = nmadd(u, x3, s0);
      s1 = madd(u, x0, s1);
      u = v128.load(a0 + move);
      s0 = nmadd(u, x1, s0);
      s1 = nmadd(u, x2, s1);
      sum0 = add(sum0, s0);
      sum1 = add(sum1, s1);
      a0 += 16;
      if (a0 == last) break;
      a1 += 16;
      a2 += 16;
      a3 += 16;
    }
  }
  addTo(to0, laneSum(sum0));
  addTo(to1, laneSum(sum1));
}

/** Adds the slopes of three flips to doubles. */
export function slopeThree(
  psi: usize, move: usize, base: i32, table: usize, end: usize, length: usize,
  to0: usize, to1: usize, to2: usize,
): void {
  let sum0 = zeros(), sum1 = zeros(), sum2 = zeros();
  for (; table < end; table += 32) {
    let a0 = place(psi, base, load<i32>(table, 0));
    let a1 = place(psi, base, load<i32>(table, 4));
    let a2 = place(psi, base, load<i32>(table, 8));
    let a3 = place(psi, base, load<i32>(table, 12));
    let a4 = place(psi, base, load<i32>(table, 16));
    let a5 = place(psi, base, load<i32>(table, 20));
    let a6 = place(psi, base, load<i32>(table, 24));
    let a7 = place(psi, base, load<i32>(table, 28));
    const last = a0 + length;
    while (true) {
      const x0 = v128.load(a0), x1 = v128.load(a1), x2 = v128.load(a2), x3 = v128.load(a3);
      const x4 = v128.load(a4), x5 = v128.load(a5), x6 = v128.load(a6), x7 = v128.load(a7);
      let u = v128.load(a7 + move);
      let s0 = mul(u, x6), s1 = mul(u, x5), s2 = mul(u, x3);
      u = v128.load(a0 + move);
      s0 = nmadd(u, x1, s0);
      s1 = nmadd(u, x2, s1);
      s2 = nmadd(u, x4, s2);
      u = v128.load(a1 + move);
      s0 = madd(u, x0, s0);
      s1 = nmadd(u, x3, s1);
      s2 = nmadd(u, x5, s2);
      u = v128.load(a2 + move);
      s0 = nmadd(u, x3, s0);
      s1 = madd(u, x0, s1);
      s2 = nmadd(u, x6, s2);
      u = v128.load(a3 + move);
      s0 = madd(u, x2, s0);
      s1 = madd(u, x1, s1);
      s2 = nmadd(u, x7, s2);
      u = v128.load(a4 + move);
      s0 = nmadd(u, x5, s0);
      s1 = nmadd(u, x6, s1);
      s2 = madd(u, x0, s2);
      u = v128.load(a5 + move);
      s0 = madd(u, x4, s0);
      s1 = nmadd(u, x7, s1);
      s2 = madd(u, x1, s2);
      u = v128.load(a6 + move);
      s0 = nmadd(u, x7, s0);
      s1 = madd(u, x4, s1);
      s2 = madd(u, x2, s2);
      sum0 = add(sum0, s0);
      sum1 = add(sum1, s1);
      sum2 = add(sum2, s2);
      a0 += 16;
      if (a0 == last) break;
      a1 += 16;
      a2 += 16;
      a3 += 16;
      a4 += 16;
      a5 += 16;
      a6 += 16;
      a7 += 16;
    }
  }
  addTo(to0, laneSum(sum0));
  addTo(to1, laneSum(sum1));
  addTo(to2, laneSum(sum2));
}
