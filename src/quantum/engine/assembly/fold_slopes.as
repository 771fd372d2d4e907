import { real } from "./real";
import { add, addTo, LANES, laneSum, sub, toNext, zeros } from "./lanes";
import { at, SET_OTHER_SUMS, SET_OTHERS, SET_SIZE, SET_SUMS, SET_TERMS, word } from "./layout";

// The slopes of a diagonal: of strings with independent masks all come from one number per row, by
// sums and differences of halves. The lowest strings are left to the lanes of one number.

/** Strings whose rows stand in the lanes of one number. */
const LANE_BITS: i32 = sizeof<real>() == 4 ? 2 : 1;

/** The sums of the lanes of as many rows as there are lanes, side by side. */
// @ts-ignore: a decorator of the compiler
@inline
function sumRows(kept: usize, row: i32, sums: usize): v128 {
  const second = row ^ load<i32>(sums);
  const a = v128.load(kept + (<usize>row << 4)), b = v128.load(kept + (<usize>second << 4));
  if (sizeof<real>() == 8) return add(v128.shuffle<i64>(a, b, 0, 2), v128.shuffle<i64>(a, b, 1, 3));
  const third = second ^ load<i32>(sums, 4), fourth = third ^ load<i32>(sums);
  const c = v128.load(kept + (<usize>third << 4)), d = v128.load(kept + (<usize>fourth << 4));
  const ab = add(v128.shuffle<i32>(a, b, 0, 4, 1, 5), v128.shuffle<i32>(a, b, 2, 6, 3, 7));
  const cd = add(v128.shuffle<i32>(c, d, 0, 4, 1, 5), v128.shuffle<i32>(c, d, 2, 6, 3, 7));
  return add(v128.shuffle<i32>(ab, cd, 0, 1, 4, 5), v128.shuffle<i32>(ab, cd, 2, 3, 6, 7));
}

/** The slope of a string alone, which has fewer rows than there are lanes. */
function foldOne(set: usize, kept: usize, to: usize): void {
  const others = word(set, SET_OTHERS), otherSums = at(set, SET_OTHER_SUMS);
  const far = word(at(set, SET_SUMS), 0);
  let total: f64 = 0, row = 0;
  for (let o = 0; o < others; o++) {
    const a = v128.load(kept + (<usize>row << 4)), b = v128.load(kept + (<usize>(row ^ far) << 4));
    total += laneSum(sub(a, b));
    if (o + 1 < others) row ^= toNext(otherSums, o);
  }
  addTo(to + (at(at(set, SET_TERMS), 0) << 3), total);
}

/** The slopes of the first strings, whose rows stand in lanes. */
function foldLanes(set: usize, folded: usize, to: usize): void {
  const terms = at(set, SET_TERMS), first = to + (at(terms, 0) << 3);
  if (sizeof<real>() == 8) {
    addTo(first, load<f64>(folded) - load<f64>(folded, 8));
    return;
  }
  const a = <f64>load<f32>(folded), b = <f64>load<f32>(folded, 4);
  const c = <f64>load<f32>(folded, 8), d = <f64>load<f32>(folded, 12);
  addTo(first, a - b + (c - d));
  addTo(to + (at(terms, 2) << 3), a + b - (c + d));
}

/**
 * Adds the slopes of the strings of a set to doubles, one for each turn: signed sums over the rows
 * of what `unapplyWithSlopes` kept. `folded` is room for as much again.
 */
export function foldSlopes(set: usize, kept: usize, folded: usize, to: usize): void {
  const bits = word(set, SET_SIZE), size = 1 << bits, sums = at(set, SET_SUMS);
  const others = word(set, SET_OTHERS), otherSums = at(set, SET_OTHER_SUMS);
  if (bits < LANE_BITS) return foldOne(set, kept, to);
  let start = 0;
  for (let o = 0; o < others; o++) {
    let row = start, into = folded;
    for (let y = LANES - 1; y < size; y += LANES) {
      const x = sumRows(kept, row, sums);
      v128.store(into, o == 0 ? x : add(v128.load(into), x));
      into += 16;
      // Past the rows of this step, the last of which differs from the first by that of LANE_BITS.
      if (y + 1 < size) row ^= word(sums, LANE_BITS - 1) ^ toNext(sums, y);
    }
    if (o + 1 < others) start ^= toNext(otherSums, o);
  }
  for (let j = bits - 1; j >= LANE_BITS; j--) {
    const half = <usize>16 << (j - LANE_BITS);
    let total: f64 = 0, from = folded;
    const end = folded + half;
    while (from < end) {
      const stop = min(end, from + 512);
      let sum = zeros();
      for (; from < stop; from += 16) {
        const a = v128.load(from), b = v128.load(from + half);
        sum = add(sum, sub(a, b));
        v128.store(from, add(a, b));
      }
      total += laneSum(sum);
    }
    addTo(to + (at(at(set, SET_TERMS), 2 * j) << 3), total);
  }
  foldLanes(set, folded, to);
}
