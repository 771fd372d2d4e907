import { add, madd, mul, nmadd } from "./lanes";
import { flushRun } from "./turns_each";

// The slopes of the flips of turn_real_each.as, sample by sample.

// @ts-ignore: a decorator of the compiler
@inline
function slopeTwoAt(a0: usize, a1: usize, move: usize): v128 {
  return nmadd(v128.load(a0 + move), v128.load(a1), mul(v128.load(a1 + move), v128.load(a0)));
}

/** Adds the slopes of one real flip, sample by sample, to doubles; `run` is half a row of room. */
export function slopeOneEach(
  psi: usize, move: usize, base: i32, table: usize, end: usize, half: usize,
  run: usize, to: usize,
): void {
  memory.fill(run, 0, half);
  for (; table < end; table += 8) {
    let a0 = psi + <usize>(base ^ load<i32>(table, 0));
    let a1 = psi + <usize>(base ^ load<i32>(table, 4));
    let sum = run;
    const last = a0 + half;
    while (true) {
      const re = slopeTwoAt(a0, a1, move), im = slopeTwoAt(a0 + half, a1 + half, move);
      v128.store(sum, add(v128.load(sum), add(re, im)));
      a0 += 16;
      if (a0 == last) break;
      a1 += 16;
      sum += 16;
    }
  }
  flushRun(run, to, half);
}

// @ts-ignore: a decorator of the compiler
@inline
function slopeFourAt(
  a0: usize, a1: usize, a2: usize, a3: usize, move: usize, to0: usize, to1: usize,
): void {
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
  v128.store(to0, add(v128.load(to0), s0));
  v128.store(to1, add(v128.load(to1), s1));
}

/** Adds the slopes of two real flips, sample by sample, to doubles; `run` is one row of room. */
export function slopeTwoEach(
  psi: usize, move: usize, base: i32, table: usize, end: usize, half: usize,
  run: usize, to0: usize, to1: usize,
): void {
  memory.fill(run, 0, 2 * half);
  for (; table < end; table += 16) {
    let a0 = psi + <usize>(base ^ load<i32>(table, 0));
    let a1 = psi + <usize>(base ^ load<i32>(table, 4));
    let a2 = psi + <usize>(base ^ load<i32>(table, 8));
    let a3 = psi + <usize>(base ^ load<i32>(table, 12));
    let to = run;
    const last = a0 + half;
    while (true) {
      slopeFourAt(a0, a1, a2, a3, move, to, to + half);
      slopeFourAt(a0 + half, a1 + half, a2 + half, a3 + half, move, to, to + half);
      a0 += 16;
      if (a0 == last) break;
      to += 16;
      a1 += 16;
      a2 += 16;
      a3 += 16;
    }
  }
  flushRun(run, to0, half);
  flushRun(run + half, to1, half);
}
