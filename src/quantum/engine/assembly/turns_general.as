import { Column0, Column1, read, write } from "./columns";
import { addTo, laneSum, madd, mul, nmadd, parity, splat, zeros } from "./lanes";

// Flips that all samples share and that have a control or turn re against im. A row takes part when
// the parity of it and `control` is `admitted`; its sign is the parity of it and `mask`.

// @ts-ignore: a decorator of the compiler
@inline
function turnColumn<Column>(p: usize, q: usize, c: v128, s: v128): void {
  const x = read<Column>(p), y = read<Column>(q);
  write<Column>(p, nmadd(s, y, mul(c, x)));
  write<Column>(q, madd(s, x, mul(c, y)));
}

// @ts-ignore: a decorator of the compiler
@inline
function turnRun(a: usize, b: usize, length: usize, c: v128, s: v128, minus: bool): void {
  // Backwards is the other way round.
  let p = minus ? b : a, q = minus ? a : b;
  const end = p + length;
  while (true) {
    turnColumn<Column0>(p, q, c, s);
    turnColumn<Column1>(p, q, c, s);
    p += 32;
    if (p == end) break;
    q += 32;
  }
}

/** Turns a block by a flip, or back. */
export function turnGeneralShared(
  state: usize, base: i32, rows: usize, bits: i32, bit: i32, shift: i32,
  mask: i32, isReal: bool, control: i32, admitted: i32, cosine: f64, sine: f64, back: bool,
): void {
  const step = 1 << bit, end = 1 << bits, half = <usize>1 << (shift - 1);
  const c = splat(cosine), s = splat(sine);
  for (let high = 0; high < end; high += 2 * step) {
    for (let i = high; i < high + step; i++) {
      const row = base ^ load<i32>(rows + (<usize>i << 2));
      if (parity(row & control) != admitted) continue;
      const other = base ^ load<i32>(rows + (<usize>(i + step) << 2));
      const a = state + (<usize>row << shift), b = state + (<usize>other << shift);
      const minus = (parity(row & mask) == 1) != back;
      if (isReal) turnRun(a, b, 2 * half, c, s, minus);
      else {
        turnRun(a, b + half, half, c, s, !minus);
        turnRun(a + half, b, half, c, s, minus);
      }
    }
  }
}

// @ts-ignore: a decorator of the compiler
@inline
function slopeRun(a: usize, b: usize, move: usize, length: usize, minus: bool, sum: v128): v128 {
  let p = minus ? b : a, q = minus ? a : b;
  const end = p + length;
  while (true) {
    const u = p + move, v = q + move;
    sum = madd(read<Column0>(v), read<Column0>(p), sum);
    sum = nmadd(read<Column0>(u), read<Column0>(q), sum);
    sum = madd(read<Column1>(v), read<Column1>(p), sum);
    sum = nmadd(read<Column1>(u), read<Column1>(q), sum);
    p += 32;
    if (p == end) break;
    q += 32;
  }
  return sum;
}

/** Adds the slope of a flip to a double. */
export function slopeGeneralShared(
  psi: usize, move: usize, base: i32, rows: usize, bits: i32, bit: i32, shift: i32,
  mask: i32, isReal: bool, control: i32, admitted: i32, to: usize,
): void {
  const step = 1 << bit, end = 1 << bits, half = <usize>1 << (shift - 1);
  let sum = zeros(), sum2 = zeros();
  for (let high = 0; high < end; high += 2 * step) {
    for (let i = high; i < high + step; i++) {
      const row = base ^ load<i32>(rows + (<usize>i << 2));
      if (parity(row & control) != admitted) continue;
      const other = base ^ load<i32>(rows + (<usize>(i + step) << 2));
      const a = psi + (<usize>row << shift), b = psi + (<usize>other << shift);
      const minus = parity(row & mask) == 1;
      if (isReal) {
        sum = slopeRun(a, b, move, half, minus, sum);
        sum2 = slopeRun(a + half, b + half, move, half, minus, sum2);
      } else {
        sum = slopeRun(a, b + half, move, half, !minus, sum);
        sum2 = slopeRun(a + half, b, move, half, minus, sum2);
      }
    }
  }
  addTo(to, laneSum(sum) + laneSum(sum2));
}
