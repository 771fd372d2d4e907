import { real } from "./real";
import { madd, mul, nmadd } from "./lanes";

// Real flips without control whose angle differs from sample to sample, one or two in one pass, as
// those of turn_flips.as. Cosines and sines of the samples stand at `turns`, half a row each.

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
