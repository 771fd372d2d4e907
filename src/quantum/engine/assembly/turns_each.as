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

/** x − s y, or x + s y on the way back. */
// @ts-ignore: a decorator of the compiler
@inline
function less(back: bool, s: v128, y: v128, x: v128): v128 {
  return back ? madd(s, y, x) : nmadd(s, y, x);
}

/** x + s y, or x − s y on the way back. */
// @ts-ignore: a decorator of the compiler
@inline
function more(back: bool, s: v128, y: v128, x: v128): v128 {
  return back ? nmadd(s, y, x) : madd(s, y, x);
}

// @ts-ignore: a decorator of the compiler
@inline
function turnTwoAt(back: bool, a0: usize, a1: usize, c: v128, s: v128): void {
  const x0 = v128.load(a0), x1 = v128.load(a1);
  v128.store(a0, less(back, s, x1, mul(c, x0)));
  v128.store(a1, more(back, s, x0, mul(c, x1)));
}

// @ts-ignore: a decorator of the compiler
@inline
function one(
  back: bool, state: usize, base: i32, table: usize, end: usize, half: usize, turns: usize,
): void {
  for (; table < end; table += 8) {
    let a0 = state + <usize>(base ^ load<i32>(table, 0));
    let a1 = state + <usize>(base ^ load<i32>(table, 4));
    let p = turns;
    const last = p + half;
    while (true) {
      const c = v128.load(p), s = v128.load(p + half);
      turnTwoAt(back, a0, a1, c, s);
      turnTwoAt(back, a0 + half, a1 + half, c, s);
      p += 16;
      if (p == last) break;
      a0 += 16;
      a1 += 16;
    }
  }
}

/** Turns a block by one real flip without control, or back. */
export function turnOneEach(
  state: usize, base: i32, table: usize, end: usize, half: usize, turns: usize, back: bool,
): void {
  if (back) one(true, state, base, table, end, half, turns);
  else one(false, state, base, table, end, half, turns);
}

/** A cosine that can be divided by: too near to zero to be told from it. */
const TINY: f64 = sizeof<real>() == 4 ? 1e-9 : 1e-18;

// @ts-ignore: a decorator of the compiler
@inline
function nonzero(cosines: v128): v128 {
  const tiny = v128.splat<real>(<real>TINY);
  return v128.bitselect(tiny, cosines, v128.lt<real>(v128.abs<real>(cosines), tiny));
}

/** Tangents of two flips, and the product of their cosines: half a row each from `room` on. */
function fillTangents(turns0: usize, turns1: usize, half: usize, room: usize): void {
  for (let k: usize = 0; k != half; k += 16) {
    const c0 = nonzero(v128.load(turns0 + k)), c1 = nonzero(v128.load(turns1 + k));
    v128.store(room + k, v128.div<real>(v128.load(turns0 + half + k), c0));
    v128.store(room + half + k, v128.div<real>(v128.load(turns1 + half + k), c1));
    v128.store(room + 2 * half + k, mul(c0, c1));
  }
}

// @ts-ignore: a decorator of the compiler
@inline
function turnFourAt(
  back: bool, a0: usize, a1: usize, a2: usize, a3: usize, t0: v128, t1: v128, cosines: v128,
): void {
  const x0 = v128.load(a0), x1 = v128.load(a1), x2 = v128.load(a2), x3 = v128.load(a3);
  const y0 = less(back, t0, x1, x0), y1 = more(back, t0, x0, x1);
  const y2 = less(back, t0, x3, x2), y3 = more(back, t0, x2, x3);
  v128.store(a0, mul(cosines, less(back, t1, y2, y0)));
  v128.store(a1, mul(cosines, less(back, t1, y3, y1)));
  v128.store(a2, mul(cosines, more(back, t1, y0, y2)));
  v128.store(a3, mul(cosines, more(back, t1, y1, y3)));
}

// @ts-ignore: a decorator of the compiler
@inline
function two(
  back: bool, state: usize, base: i32, table: usize, end: usize, half: usize, tangents: usize,
): void {
  for (; table < end; table += 16) {
    let a0 = state + <usize>(base ^ load<i32>(table, 0));
    let a1 = state + <usize>(base ^ load<i32>(table, 4));
    let a2 = state + <usize>(base ^ load<i32>(table, 8));
    let a3 = state + <usize>(base ^ load<i32>(table, 12));
    let p = tangents;
    const last = p + half;
    while (true) {
      const t0 = v128.load(p), t1 = v128.load(p + half), cosines = v128.load(p + 2 * half);
      turnFourAt(back, a0, a1, a2, a3, t0, t1, cosines);
      turnFourAt(back, a0 + half, a1 + half, a2 + half, a3 + half, t0, t1, cosines);
      p += 16;
      if (p == last) break;
      a0 += 16;
      a1 += 16;
      a2 += 16;
      a3 += 16;
    }
  }
}

/** Turns a block by two real flips without control, or back; `room` is for three halves of a row. */
export function turnTwoEach(
  state: usize, base: i32, table: usize, end: usize, half: usize,
  turns0: usize, turns1: usize, room: usize, back: bool,
): void {
  fillTangents(turns0, turns1, half, room);
  if (back) two(true, state, base, table, end, half, room);
  else two(false, state, base, table, end, half, room);
}

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
