import { real } from "./real";
import {
  addLanes, COMPLEX, madd, mul, nmadd, parity, REAL, spread, toNext, zeros,
} from "./lanes";
import {
  at, COLUMNS, LANE_SLOPES, QUARTERS, ROOM, SPREAD, SPREAD_FLIP, SPREAD_MASK, SPREAD_REAL, SPREAD_SUMS,
  SPREAD_VECTOR, SPREAD_WORDS, SPREADS, START, word,
} from "./layout";

// The first rotations only spread |0…0>: each doubles the rows in use. What they leave is real up to
// quarter turns that depend on the row alone, so that the state is built as real numbers, level by
// level, and written once, together with the first diagonal.

/** The number of quarter turns of each row in use; once for a program. */
export function fillQuarters(program: usize): void {
  const quarters = at(program, QUARTERS), steps = at(program, SPREAD);
  store<u8>(quarters, 0);
  for (let k = 0; k < word(program, SPREADS); k++) {
    const step = steps + <usize>(k * SPREAD_WORDS * 4);
    const mask = word(step, SPREAD_MASK), quarter = word(step, SPREAD_REAL) ? 0 : 3;
    let row = 0;
    for (let i = 0; i < 1 << k; i++) {
      const turned = <i32>load<u8>(quarters + i) + quarter + 2 * parity(row & mask);
      store<u8>(quarters + i + (1 << k), <u8>(turned & 3));
      row ^= toNext(at(program, SPREAD_SUMS), i);
    }
  }
}

/** What each row in use is multiplied by: the first diagonal, or nothing, and the quarter turns. */
export function fillStart(program: usize, diagonal: usize, scale: f64): void {
  const start = at(program, START), quarters = at(program, QUARTERS);
  const size = 1 << word(program, SPREADS);
  let row = 0, to = start;
  for (let i = 0; i < size; i++) {
    let re = <real>scale, im: real = 0;
    if (diagonal != 0) {
      const from = diagonal + <usize>row * COMPLEX;
      re = load<real>(from);
      im = load<real>(from, sizeof<real>());
    }
    const quarter = load<u8>(quarters + i);
    if (quarter & 1) {
      const old = re;
      re = -im;
      im = old;
    }
    if (quarter & 2) {
      re = -re;
      im = -im;
    }
    store<real>(to, re);
    store<real>(to, im, sizeof<real>());
    to += COMPLEX;
    if (i + 1 < size) row ^= toNext(at(program, SPREAD_SUMS), i);
  }
}

// @ts-ignore: a decorator of the compiler
@inline
function columnsOf(program: usize, run: usize, k: i32, shift: i32): usize {
  const step = at(program, SPREAD) + <usize>(k * SPREAD_WORDS * 4);
  return at(run, COLUMNS) + (at(step, SPREAD_VECTOR) << shift);
}

/** Level k of the pyramid has 2^k half rows and stands after those before it. */
// @ts-ignore: a decorator of the compiler
@inline
function levelOf(pyramid: usize, k: i32, half: usize): usize {
  return pyramid + ((<usize>1 << k) - 1) * half;
}

function fillPyramid(program: usize, run: usize, pyramid: usize, levels: i32, shift: i32): void {
  const half = <usize>1 << (shift - 1);
  for (let c: usize = 0; c < half; c += 16) v128.store(pyramid + c, v128.splat<real>(1));
  for (let k = 0; k + 1 < levels; k++) {
    const turns = columnsOf(program, run, k, shift);
    const from = levelOf(pyramid, k, half), to = levelOf(pyramid, k + 1, half);
    const size = half << k;
    for (let c: usize = 0; c < half; c += 16) {
      const cosines = v128.load(turns + c), sines = v128.load(turns + half + c);
      for (let i = c; i < size; i += half) {
        const x = v128.load(from + i);
        v128.store(to + i, mul(cosines, x));
        v128.store(to + size + i, mul(sines, x));
      }
    }
  }
}

/** Writes the state after the first rotations and the first diagonal. */
export function spreadState(program: usize, run: usize, psi: usize, pyramid: usize, wires: i32, shift: i32): void {
  const levels = word(program, SPREADS), start = at(program, START);
  const half = <usize>1 << (shift - 1);
  if (levels < wires) memory.fill(psi, 0, <usize>1 << (wires + shift));
  if (levels == 0) {
    for (let c: usize = 0; c < half; c += 16) {
      v128.store(psi + c, spread(start));
      v128.store(psi + half + c, spread(start + REAL));
    }
    return;
  }
  fillPyramid(program, run, pyramid, levels, shift);
  const turns = columnsOf(program, run, levels - 1, shift);
  const size = 1 << (levels - 1), sums = at(program, SPREAD_SUMS);
  const flip = load<i32>(at(program, SPREAD) + <usize>((levels - 1) * SPREAD_WORDS * 4), SPREAD_FLIP * 4);
  const far = <usize>size * COMPLEX;
  let from = levelOf(pyramid, levels - 1, half), phase = start, row = 0;
  for (let i = 0; i < size; i++) {
    const a = psi + (<usize>row << shift), b = psi + (<usize>(row ^ flip) << shift);
    const c0 = spread(phase), s0 = spread(phase + REAL);
    const c1 = spread(phase + far), s1 = spread(phase + far + REAL);
    for (let c: usize = 0; c < half; c += 16) {
      const x = v128.load(from + c);
      const low = mul(v128.load(turns + c), x), high = mul(v128.load(turns + half + c), x);
      v128.store(a + c, mul(c0, low));
      v128.store(a + half + c, mul(s0, low));
      v128.store(b + c, mul(c1, high));
      v128.store(b + half + c, mul(s1, high));
    }
    from += half;
    phase += COMPLEX;
    if (i + 1 < size) row ^= toNext(sums, i);
  }
}

/**
 * Gathers the slopes of the first rotations from λ, sample by sample, and where `kept` is not 0 what
 * the slopes of the first diagonal are folded from. `room` is a whole state.
 */
export function unspreadState(
  program: usize, run: usize, lambda: usize, room: usize, kept: usize, wires: i32, shift: i32,
): void {
  const levels = word(program, SPREADS);
  const half = <usize>1 << (shift - 1), lanes = half / sizeof<real>();
  const pyramid = room, slopes = room + (<usize>1 << (wires + shift - 1));
  if (kept != 0 && levels < wires) memory.fill(kept, 0, <usize>1 << (wires + 4));
  if (levels == 0) return;
  fillPyramid(program, run, pyramid, levels, shift);
  unspreadTop(program, run, lambda, pyramid, slopes, kept, shift, lanes);
  for (let k = levels - 2; k >= 0; k--) contract(program, run, pyramid, slopes, k, shift, lanes);
}

/** The last level, straight from λ, whose rows differ by the last flip. */
function unspreadTop(
  program: usize, run: usize, lambda: usize, pyramid: usize, slopes: usize, kept: usize, shift: i32,
  lanes: usize,
): void {
  const k = word(program, SPREADS) - 1, top = 1 << k, sums = at(program, SPREAD_SUMS);
  const half = <usize>1 << (shift - 1), room = at(run, ROOM), far = COMPLEX << k;
  const step = at(program, SPREAD) + <usize>(k * SPREAD_WORDS * 4), flip = word(step, SPREAD_FLIP);
  const turns = columnsOf(program, run, k, shift);
  const doubles = at(run, LANE_SLOPES) + at(step, SPREAD_VECTOR) * lanes * 8;
  let level = levelOf(pyramid, k, half), phase = at(program, START), into = slopes, row = 0;
  for (let i = 0; i < top;) {
    const stop = min(top, i + 32);
    for (let c: usize = 0; c < half; c += 16) v128.store(room + c, zeros());
    for (; i < stop; i++) {
      const other = row ^ flip;
      const a = lambda + (<usize>row << shift), b = lambda + (<usize>other << shift);
      const c0 = spread(phase), s0 = spread(phase + REAL);
      const c1 = spread(phase + far), s1 = spread(phase + far + REAL);
      let sumA = zeros(), sumB = zeros();
      for (let c: usize = 0; c < half; c += 16) {
        const cosines = v128.load(turns + c), sines = v128.load(turns + half + c);
        const x = v128.load(level + c);
        const u = v128.load(a + c), v = v128.load(a + half + c);
        const s = v128.load(b + c), t = v128.load(b + half + c);
        const p = madd(s0, v, mul(c0, u)), q = madd(s1, t, mul(c1, s));
        v128.store(into + c, madd(sines, q, mul(cosines, p)));
        const slope = nmadd(sines, p, mul(cosines, q));
        v128.store(room + c, madd(x, slope, v128.load(room + c)));
        if (kept == 0) continue;
        sumA = nmadd(mul(cosines, x), nmadd(s0, u, mul(c0, v)), sumA);
        sumB = nmadd(mul(sines, x), nmadd(s1, s, mul(c1, t)), sumB);
      }
      if (kept != 0) {
        v128.store(kept + (<usize>row << 4), sumA);
        v128.store(kept + (<usize>other << 4), sumB);
      }
      level += half;
      into += half;
      phase += COMPLEX;
      if (i + 1 < top) row ^= toNext(sums, i);
    }
    for (let c: usize = 0; c < half; c += 16) {
      addLanes(doubles + c * (8 / sizeof<real>()), v128.load(room + c));
    }
  }
}

/** Takes the rotation of one level out of the slopes, which halves them. */
function contract(
  program: usize, run: usize, pyramid: usize, slopes: usize, k: i32, shift: i32, lanes: usize,
): void {
  const half = <usize>1 << (shift - 1);
  const turns = columnsOf(program, run, k, shift), level = levelOf(pyramid, k, half);
  const size = half << k;
  const vector = load<u32>(at(program, SPREAD) + <usize>(k * SPREAD_WORDS * 4), SPREAD_VECTOR * 4);
  const doubles = at(run, LANE_SLOPES) + vector * lanes * 8;
  for (let c: usize = 0; c < half; c += 16) {
    const cosines = v128.load(turns + c), sines = v128.load(turns + half + c);
    let i = c;
    while (i < size) {
      const stop = min(size, i + 32 * half);
      let sum = zeros();
      for (; i < stop; i += half) {
        const x = v128.load(slopes + i), y = v128.load(slopes + size + i);
        sum = madd(v128.load(level + i), nmadd(sines, x, mul(cosines, y)), sum);
        v128.store(slopes + i, madd(sines, y, mul(cosines, x)));
      }
      addLanes(doubles + c * (8 / sizeof<real>()), sum);
    }
  }
}
