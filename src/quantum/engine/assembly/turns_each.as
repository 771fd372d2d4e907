import { real } from "./real";
import { add, addLanes, madd, mul, nmadd, parity } from "./lanes";

// Flips whose angle differs from sample to sample, and all other flips that the kernels of turn_flips.as
// do not cover: with a control, of strings that turn re against im. Cosines and sines of the samples
// stand at `turns`, half a row each.

// @ts-ignore: a decorator of the compiler
@inline
function place(state: usize, base: i32, rows: usize, index: i32, shift: i32): usize {
  return state + (<usize>(base ^ load<i32>(rows + (<usize>index << 2))) << shift);
}

// @ts-ignore: a decorator of the compiler
@inline
function turnRun(a: usize, b: usize, turns: usize, half: usize, minus: bool): void {
  // Backwards is the other way round.
  const p = minus ? b : a, q = minus ? a : b;
  for (let k: usize = 0; k != half; k += 16) {
    const c = v128.load(turns + k), s = v128.load(turns + half + k);
    const x = v128.load(p + k), y = v128.load(q + k);
    v128.store(p + k, nmadd(s, y, mul(c, x)));
    v128.store(q + k, madd(s, x, mul(c, y)));
  }
}

/**
 * Turns a block by any flip, or back. A row takes part when the parity of it and `control` is
 * `admitted`; its sign is the parity of it and `mask`.
 */
export function turnGeneral(
  state: usize, base: i32, rows: usize, bits: i32, bit: i32, shift: i32,
  mask: i32, isReal: bool, control: i32, admitted: i32, turns: usize, back: bool,
): void {
  const step = 1 << bit, end = 1 << bits, half = <usize>1 << (shift - 1);
  for (let high = 0; high < end; high += 2 * step) {
    for (let i = high; i < high + step; i++) {
      const row = base ^ load<i32>(rows + (<usize>i << 2));
      if (parity(row & control) != admitted) continue;
      const a = state + (<usize>row << shift), b = place(state, base, rows, i + step, shift);
      const minus = (parity(row & mask) == 1) != back;
      if (isReal) {
        turnRun(a, b, turns, half, minus);
        turnRun(a + half, b + half, turns, half, minus);
      } else {
        turnRun(a, b + half, turns, half, !minus);
        turnRun(a + half, b, turns, half, minus);
      }
    }
  }
}

// @ts-ignore: a decorator of the compiler
@inline
function slopeRun(a: usize, b: usize, move: usize, to: usize, half: usize, minus: bool): void {
  const p = minus ? b : a, q = minus ? a : b;
  for (let k: usize = 0; k != half; k += 16) {
    let s = madd(v128.load(q + k + move), v128.load(p + k), v128.load(to + k));
    s = nmadd(v128.load(p + k + move), v128.load(q + k), s);
    v128.store(to + k, s);
  }
}

/** Adds the slopes of any flip, sample by sample, to doubles; `run` is half a row of room. */
export function slopeGeneral(
  psi: usize, move: usize, base: i32, rows: usize, bits: i32, bit: i32, shift: i32,
  mask: i32, isReal: bool, control: i32, admitted: i32, run: usize, to: usize,
): void {
  const step = 1 << bit, end = 1 << bits, half = <usize>1 << (shift - 1);
  memory.fill(run, 0, half);
  for (let high = 0; high < end; high += 2 * step) {
    for (let i = high; i < high + step; i++) {
      const row = base ^ load<i32>(rows + (<usize>i << 2));
      if (parity(row & control) != admitted) continue;
      const a = psi + (<usize>row << shift), b = place(psi, base, rows, i + step, shift);
      const minus = parity(row & mask) == 1;
      if (isReal) {
        slopeRun(a, b, move, run, half, minus);
        slopeRun(a + half, b + half, move, run, half, minus);
      } else {
        slopeRun(a, b + half, move, run, half, !minus);
        slopeRun(a + half, b, move, run, half, minus);
      }
    }
  }
  flushRun(run, to, half);
}

/** Adds half a row of sums to doubles. */
function flushRun(run: usize, to: usize, half: usize): void {
  for (let k: usize = 0; k < half; k += 16) addLanes(to + k * (8 / sizeof<real>()), v128.load(run + k));
}

// @ts-ignore: a decorator of the compiler
@inline
function turnFourAt(
  a0: usize, a1: usize, a2: usize, a3: usize, c0: v128, s0: v128, c1: v128, s1: v128,
): void {
  const x0 = v128.load(a0), x1 = v128.load(a1), x2 = v128.load(a2), x3 = v128.load(a3);
  const y0 = nmadd(s0, x1, mul(c0, x0)), y1 = madd(s0, x0, mul(c0, x1));
  const y2 = nmadd(s0, x3, mul(c0, x2)), y3 = madd(s0, x2, mul(c0, x3));
  v128.store(a0, nmadd(s1, y2, mul(c1, y0)));
  v128.store(a1, nmadd(s1, y3, mul(c1, y1)));
  v128.store(a2, madd(s1, y0, mul(c1, y2)));
  v128.store(a3, madd(s1, y1, mul(c1, y3)));
}

/** Turns a block by two real flips without control, or back. */
export function turnTwoEach(
  state: usize, base: i32, table: usize, end: usize, half: usize,
  turns0: usize, turns1: usize, back: bool,
): void {
  const minus = v128.splat<real>(back ? -1 : 1);
  for (; table < end; table += 16) {
    let a0 = state + <usize>(base ^ load<i32>(table, 0));
    let a1 = state + <usize>(base ^ load<i32>(table, 4));
    let a2 = state + <usize>(base ^ load<i32>(table, 8));
    let a3 = state + <usize>(base ^ load<i32>(table, 12));
    let p = turns0, q = turns1;
    const last = p + half;
    while (p != last) {
      const c0 = v128.load(p), s0 = mul(minus, v128.load(p + half));
      const c1 = v128.load(q), s1 = mul(minus, v128.load(q + half));
      turnFourAt(a0, a1, a2, a3, c0, s0, c1, s1);
      turnFourAt(a0 + half, a1 + half, a2 + half, a3 + half, c0, s0, c1, s1);
      p += 16;
      q += 16;
      a0 += 16;
      a1 += 16;
      a2 += 16;
      a3 += 16;
    }
  }
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
    while (a0 != last) {
      let sum0 = v128.load(to), sum1 = v128.load(to + half);
      for (let part: usize = 0; part <= half; part += half) {
        const b0 = a0 + part, b1 = a1 + part, b2 = a2 + part, b3 = a3 + part;
        const x0 = v128.load(b0), x1 = v128.load(b1), x2 = v128.load(b2), x3 = v128.load(b3);
        let u = v128.load(b3 + move);
        let s0 = mul(u, x2), s1 = mul(u, x1);
        u = v128.load(b1 + move);
        s0 = madd(u, x0, s0);
        s1 = nmadd(u, x3, s1);
        u = v128.load(b2 + move);
        s0 = nmadd(u, x3, s0);
        s1 = madd(u, x0, s1);
        u = v128.load(b0 + move);
        s0 = nmadd(u, x1, s0);
        s1 = nmadd(u, x2, s1);
        sum0 = add(sum0, s0);
        sum1 = add(sum1, s1);
      }
      v128.store(to, sum0);
      v128.store(to + half, sum1);
      to += 16;
      a0 += 16;
      a1 += 16;
      a2 += 16;
      a3 += 16;
    }
  }
  flushRun(run, to0, half);
  flushRun(run + half, to1, half);
}
