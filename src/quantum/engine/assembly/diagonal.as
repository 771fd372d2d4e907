import { real } from "./real";
import { add, COMPLEX, madd, mul, nmadd, REAL, spread, toNext, zeros } from "./lanes";
import {
  ANGLE, at, CONSTANT, CONSTANT_SET, CONSTANT_SETS, DIAGONAL_FRAME, SET, SET_ANGLES, SET_OTHER_SUMS,
  SET_OTHERS, SET_SIZE, SET_SUMS, SET_TERMS, SETS, SIGN, TABLE, VALUE_BYTES, word,
} from "./layout";
import { cosine, sincos, sine } from "./sincos";

// A diagonal is one complex number per row, shared by the batch. Strings of Z whose masks are
// independent are bits of another number of the row: their product is a table that doubles with
// each string, read in that order. A common phase is left out.

// @ts-ignore: a decorator of the compiler
@inline
function setComplex(to: usize, re: f64, im: f64): void {
  store<real>(to, <real>re);
  store<real>(to, <real>im, sizeof<real>());
}

/** Doubles a table of `size` numbers: the second half is the first times exp(iθ). */
function double(table: usize, size: i32, angle: f64): void {
  sincos(angle);
  const c = cosine, s = sine;
  const bytes = <usize>size * COMPLEX, end = table + bytes;
  if (sizeof<real>() == 4 && size >= 2) {
    const cs = v128.splat<real>(<real>c);
    const turned = f32x4.replace_lane(
      f32x4.replace_lane(f32x4.splat(<f32>s), 0, <f32>-s), 2, <f32>-s,
    );
    for (let from = table; from < end; from += 16) {
      const x = v128.load(from);
      const swapped = v128.shuffle<i32>(x, x, 1, 0, 3, 2);
      v128.store(from + bytes, f32x4.add(f32x4.mul(cs, x), f32x4.mul(turned, swapped)));
    }
    return;
  }
  for (let from = table; from < end; from += COMPLEX) {
    const re = <f64>load<real>(from), im = <f64>load<real>(from, sizeof<real>());
    setComplex(from + bytes, c * re - s * im, c * im + s * re);
  }
}

/** Multiplies the rows of `table` by a set, or overwrites them. */
function gather(set: usize, from: usize, table: usize, fresh: bool): void {
  const size = 1 << word(set, SET_SIZE), sums = at(set, SET_SUMS);
  const others = word(set, SET_OTHERS), otherSums = at(set, SET_OTHER_SUMS);
  let start = 0;
  for (let o = 0; o < others; o++) {
    let row = start, source = from;
    for (let y = 0; y < size; y++) {
      const to = table + <usize>row * COMPLEX;
      if (fresh) {
        if (sizeof<real>() == 4) store<u64>(to, load<u64>(source));
        else v128.store(to, v128.load(source));
      } else {
        const a = load<real>(to), b = load<real>(to, sizeof<real>());
        const c = load<real>(source), d = load<real>(source, sizeof<real>());
        store<real>(to, a * c - b * d);
        store<real>(to, a * d + b * c, sizeof<real>());
      }
      source += COMPLEX;
      if (y + 1 < size) row ^= toNext(sums, y);
    }
    if (o + 1 < others) start ^= toNext(otherSums, o);
  }
}

/** Fills the table of the parts that no parameter changes; once for a program. */
export function fillConstant(diagonal: usize, scratch: usize): void {
  const count = word(diagonal, CONSTANT_SETS);
  for (let k = 0; k < count; k++) {
    const set = at(at(diagonal, CONSTANT_SET), k);
    setComplex(scratch, 1, 0);
    for (let j = 0; j < word(set, SET_SIZE); j++) {
      double(scratch, 1 << j, load<f64>(at(set, SET_ANGLES) + (<usize>j << 3)));
    }
    gather(set, scratch, at(diagonal, CONSTANT), k == 0);
  }
}

/** Fills the table of a diagonal, times `scale`. */
export function fillTable(
  diagonal: usize, scratch: usize, values: usize, wires: i32, scale: f64,
): void {
  const table = at(diagonal, TABLE), constant = at(diagonal, CONSTANT);
  const sets = word(diagonal, SETS), rows = 1 << wires;
  let fresh = true;
  if (constant != 0) {
    const frame = word(diagonal, DIAGONAL_FRAME);
    for (let row = 0; row < rows; row++) {
      const from = constant + <usize>(row ^ frame) * COMPLEX;
      setComplex(
        table + <usize>row * COMPLEX,
        scale * <f64>load<real>(from),
        scale * <f64>load<real>(from, sizeof<real>()),
      );
    }
    fresh = false;
  } else if (sets == 0) {
    for (let row = 0; row < rows; row++) setComplex(table + <usize>row * COMPLEX, scale, 0);
  }
  for (let k = 0; k < sets; k++) {
    const set = at(at(diagonal, SET), k);
    setComplex(scratch, fresh ? scale : 1, 0);
    for (let j = 0; j < word(set, SET_SIZE); j++) {
      const value = values + at(at(set, SET_TERMS), 2 * j) * VALUE_BYTES;
      double(scratch, 1 << j, load<f64>(value + SIGN) * load<f64>(value + ANGLE));
    }
    gather(set, scratch, table, fresh);
    fresh = false;
  }
}

/** Multiplies the rows of a block by the table; the result goes `move` bytes further. */
export function applyTable(
  state: usize, move: usize, base: i32, rows: usize, bits: i32, shift: i32, table: usize,
): void {
  const half = <usize>1 << (shift - 1), end = rows + (<usize>1 << (bits + 2));
  for (; rows < end; rows += 4) {
    const row = <usize>(base ^ load<i32>(rows));
    const c = spread(table + row * COMPLEX), s = spread(table + row * COMPLEX + REAL);
    let a = state + (row << shift);
    const last = a + half;
    while (true) {
      const re = v128.load(a), im = v128.load(a + half);
      const re2 = v128.load(a, 16), im2 = v128.load(a + half, 16);
      v128.store(a + move, nmadd(s, im, mul(c, re)));
      v128.store(a + half + move, madd(s, re, mul(c, im)));
      v128.store(a + move, nmadd(s, im2, mul(c, re2)), 16);
      v128.store(a + half + move, madd(s, re2, mul(c, im2)), 16);
      a += 32;
      if (a == last) break;
    }
  }
}

/** Multiplies by the conjugate of the table. */
export function unapplyTable(
  state: usize, base: i32, rows: usize, bits: i32, shift: i32, table: usize,
): void {
  const half = <usize>1 << (shift - 1), end = rows + (<usize>1 << (bits + 2));
  for (; rows < end; rows += 4) {
    const row = <usize>(base ^ load<i32>(rows));
    const c = spread(table + row * COMPLEX), s = spread(table + row * COMPLEX + REAL);
    let a = state + (row << shift);
    const last = a + half;
    for (; a != last; a += 16) {
      const re = v128.load(a), im = v128.load(a + half);
      v128.store(a, madd(s, im, mul(c, re)));
      v128.store(a + half, nmadd(s, re, mul(c, im)));
    }
  }
}

/**
 * Multiplies λ by the conjugate of the table and keeps Im(conj(λ) ψ) of each row, where ψ is the
 * state before the diagonal and `move` leads from it to λ. The samples of a row stay in lanes.
 */
export function unapplyWithSlopes(
  psi: usize, move: usize, base: i32, rows: usize, bits: i32, shift: i32, table: usize, slopes: usize,
): void {
  const half = <usize>1 << (shift - 1), end = rows + (<usize>1 << (bits + 2));
  for (; rows < end; rows += 4) {
    const row = <usize>(base ^ load<i32>(rows));
    const c = spread(table + row * COMPLEX), s = spread(table + row * COMPLEX + REAL);
    let a = psi + (row << shift), sum = zeros();
    const last = a + half;
    for (; a != last; a += 16) {
      const u = v128.load(a + move), v = v128.load(a + half + move);
      const re = madd(s, v, mul(c, u)), im = nmadd(s, u, mul(c, v));
      v128.store(a + move, re);
      v128.store(a + half + move, im);
      sum = madd(re, v128.load(a + half), sum);
      sum = nmadd(im, v128.load(a), sum);
    }
    v128.store(slopes + (row << 4), sum);
  }
}
