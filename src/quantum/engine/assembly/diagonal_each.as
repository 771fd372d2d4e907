import { real } from "./real";
import { add, addLanes, madd, mul, nmadd, sub, toNext, zeros } from "./lanes";
import { at, SET_OTHER_SUMS, SET_OTHERS, SET_SIZE, SET_SUMS, word } from "./layout";

/** exp(iθ) for samples: a table `[2^k][re, im]` of rows that doubles with each string. */
export function fillEach(set: usize, table: usize, vectors: usize, columns: usize, shift: i32): void {
  const half = <usize>1 << (shift - 1);
  for (let k: usize = 0; k < half; k += 16) {
    v128.store(table + k, v128.splat<real>(1));
    v128.store(table + half + k, zeros());
  }
  for (let j = 0; j < word(set, SET_SIZE); j++) {
    const turns = columns + (at(vectors, j) << shift);
    const bytes = <usize>1 << (j + shift), end = table + bytes;
    for (let from = table; from < end; from += 2 * half) {
      for (let k: usize = 0; k < half; k += 16) {
        const c = v128.load(turns + k), s = v128.load(turns + half + k);
        const re = v128.load(from + k), im = v128.load(from + half + k);
        v128.store(from + bytes + k, nmadd(s, im, mul(c, re)));
        v128.store(from + bytes + half + k, madd(s, re, mul(c, im)));
      }
    }
  }
}

/** Multiplies all rows by a table of `fillEach`; the result goes `move` bytes further. */
export function applyEach(set: usize, state: usize, move: usize, table: usize, shift: i32, back: bool): void {
  const size = 1 << word(set, SET_SIZE), sums = at(set, SET_SUMS);
  const others = word(set, SET_OTHERS), otherSums = at(set, SET_OTHER_SUMS);
  const half = <usize>1 << (shift - 1);
  const sign = v128.splat<real>(back ? -1 : 1);
  let start = 0;
  for (let o = 0; o < others; o++) {
    let row = start, from = table;
    for (let y = 0; y < size; y++) {
      const a = state + (<usize>row << shift);
      for (let k: usize = 0; k < half; k += 16) {
        const c = v128.load(from + k), s = mul(sign, v128.load(from + half + k));
        const re = v128.load(a + k), im = v128.load(a + half + k);
        v128.store(a + k + move, nmadd(s, im, mul(c, re)));
        v128.store(a + half + k + move, madd(s, re, mul(c, im)));
      }
      from += 2 * half;
      if (y + 1 < size) row ^= toNext(sums, y);
    }
    if (o + 1 < others) start ^= toNext(otherSums, o);
  }
}

/** Adds the slopes of the strings of a set, sample by sample, to doubles; `kept` is half a state. */
export function slopesEach(
  set: usize, psi: usize, lambda: usize, kept: usize, vectors: usize, to: usize, shift: i32,
): void {
  const bits = word(set, SET_SIZE), size = 1 << bits, sums = at(set, SET_SUMS);
  const others = word(set, SET_OTHERS), otherSums = at(set, SET_OTHER_SUMS);
  const half = <usize>1 << (shift - 1), lanes = half / sizeof<real>();
  let start = 0;
  for (let o = 0; o < others; o++) {
    let row = start, into = kept;
    for (let y = 0; y < size; y++) {
      const a = psi + (<usize>row << shift), b = lambda + (<usize>row << shift);
      for (let k: usize = 0; k < half; k += 16) {
        let t = mul(v128.load(b + k), v128.load(a + half + k));
        t = nmadd(v128.load(b + half + k), v128.load(a + k), t);
        v128.store(into + k, o == 0 ? t : add(v128.load(into + k), t));
      }
      into += half;
      if (y + 1 < size) row ^= toNext(sums, y);
    }
    if (o + 1 < others) start ^= toNext(otherSums, o);
  }
  for (let j = bits - 1; j >= 0; j--) {
    const far = half << j, doubles = to + at(vectors, j) * lanes * 8;
    for (let k: usize = 0; k < half; k += 16) {
      let from = kept + k;
      const end = from + far;
      while (from < end) {
        const stop = min(end, from + 32 * half);
        let sum = zeros();
        for (; from < stop; from += half) {
          const a = v128.load(from), b = v128.load(from + far);
          sum = add(sum, sub(a, b));
          v128.store(from, add(a, b));
        }
        addLanes(doubles + k * (8 / sizeof<real>()), sum);
      }
    }
  }
}
