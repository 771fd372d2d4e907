import { real } from "./real";
import { addLanes, madd, mul, nmadd, parity } from "./lanes";

// Flips whose angle differs from sample to sample and that have a control or turn re against im.
// Cosines and sines of the samples stand at `turns`, half a row each.

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
export function flushRun(run: usize, to: usize, half: usize): void {
  for (let k: usize = 0; k < half; k += 16) addLanes(to + k * (8 / sizeof<real>()), v128.load(run + k));
}
