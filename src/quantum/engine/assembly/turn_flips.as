import { Column0, Column1, Column2, Column3, read, write } from "./columns";
import { madd, nmadd, splat } from "./lanes";

// Flips by angles that all samples share, one, two or three in one pass. They are divided by their
// cosine, x' = x − t y and y' = y + t x, which halves the work; the cosines are gathered in the next
// table of phases before them. From `table` to `end` stand the rows of a block, those that are turned
// together side by side, as bytes to be combined with the row `base` of the block.
//
// Each kernel comes twice: where the result stays in place, a row that was read needs no second look
// at whether it is inside the memory.

/** The row that the entry of a table stands for. */
// @ts-ignore: a decorator of the compiler
@inline
export function place(state: usize, base: i32, entry: i32): usize {
  return state + <usize>(base ^ entry);
}

// @ts-ignore: a decorator of the compiler
@inline
function turnOneAt<Column>(a: usize, b: usize, move: usize, t: v128): void {
  const x = read<Column>(a), y = read<Column>(b);
  write<Column>(a + move, nmadd(t, y, x));
  write<Column>(b + move, madd(t, x, y));
}

// @ts-ignore: a decorator of the compiler
@inline
function one(
  state: usize, move: usize, base: i32, table: usize, end: usize, length: usize, t0: f64,
): void {
  const t = splat(t0);
  for (; table < end; table += 8) {
    let a = place(state, base, load<i32>(table, 0));
    let b = place(state, base, load<i32>(table, 4));
    const last = a + length;
    while (true) {
      turnOneAt<Column0>(a, b, move, t);
      turnOneAt<Column1>(a, b, move, t);
      turnOneAt<Column2>(a, b, move, t);
      turnOneAt<Column3>(a, b, move, t);
      a += 64;
      if (a == last) break;
      b += 64;
    }
  }
}

// @ts-ignore: a decorator of the compiler
@inline
function turnTwoAt<Column>(
  a0: usize, a1: usize, a2: usize, a3: usize, move: usize, t0: v128, t1: v128,
): void {
  const x0 = read<Column>(a0), x1 = read<Column>(a1), x2 = read<Column>(a2), x3 = read<Column>(a3);
  const y0 = nmadd(t0, x1, x0), y1 = madd(t0, x0, x1);
  const y2 = nmadd(t0, x3, x2), y3 = madd(t0, x2, x3);
  write<Column>(a0 + move, nmadd(t1, y2, y0));
  write<Column>(a1 + move, nmadd(t1, y3, y1));
  write<Column>(a2 + move, madd(t1, y0, y2));
  write<Column>(a3 + move, madd(t1, y1, y3));
}

// @ts-ignore: a decorator of the compiler
@inline
function two(
  state: usize, move: usize, base: i32, table: usize, end: usize, length: usize,
  t0: f64, t1: f64,
): void {
  const s0 = splat(t0), s1 = splat(t1);
  for (; table < end; table += 16) {
    let a0 = place(state, base, load<i32>(table, 0));
    let a1 = place(state, base, load<i32>(table, 4));
    let a2 = place(state, base, load<i32>(table, 8));
    let a3 = place(state, base, load<i32>(table, 12));
    const last = a0 + length;
    while (true) {
      turnTwoAt<Column0>(a0, a1, a2, a3, move, s0, s1);
      turnTwoAt<Column1>(a0, a1, a2, a3, move, s0, s1);
      turnTwoAt<Column2>(a0, a1, a2, a3, move, s0, s1);
      turnTwoAt<Column3>(a0, a1, a2, a3, move, s0, s1);
      a0 += 64;
      if (a0 == last) break;
      a1 += 64;
      a2 += 64;
      a3 += 64;
    }
  }
}

// @ts-ignore: a decorator of the compiler
@inline
function turnThreeAt<Column>(
  a0: usize, a1: usize, a2: usize, a3: usize, a4: usize, a5: usize, a6: usize, a7: usize,
  move: usize, t0: v128, t1: v128, t2: v128,
): void {
  const x0 = read<Column>(a0), x1 = read<Column>(a1), x2 = read<Column>(a2), x3 = read<Column>(a3);
  const x4 = read<Column>(a4), x5 = read<Column>(a5), x6 = read<Column>(a6), x7 = read<Column>(a7);
  const y0 = nmadd(t0, x1, x0), y1 = madd(t0, x0, x1);
  const y2 = nmadd(t0, x3, x2), y3 = madd(t0, x2, x3);
  const y4 = nmadd(t0, x5, x4), y5 = madd(t0, x4, x5);
  const y6 = nmadd(t0, x7, x6), y7 = madd(t0, x6, x7);
  const z0 = nmadd(t1, y2, y0), z2 = madd(t1, y0, y2);
  const z1 = nmadd(t1, y3, y1), z3 = madd(t1, y1, y3);
  const z4 = nmadd(t1, y6, y4), z6 = madd(t1, y4, y6);
  const z5 = nmadd(t1, y7, y5), z7 = madd(t1, y5, y7);
  write<Column>(a0 + move, nmadd(t2, z4, z0));
  write<Column>(a4 + move, madd(t2, z0, z4));
  write<Column>(a1 + move, nmadd(t2, z5, z1));
  write<Column>(a5 + move, madd(t2, z1, z5));
  write<Column>(a2 + move, nmadd(t2, z6, z2));
  write<Column>(a6 + move, madd(t2, z2, z6));
  write<Column>(a3 + move, nmadd(t2, z7, z3));
  write<Column>(a7 + move, madd(t2, z3, z7));
}

// @ts-ignore: a decorator of the compiler
@inline
function three(
  state: usize, move: usize, base: i32, table: usize, end: usize, length: usize,
  t0: f64, t1: f64, t2: f64,
): void {
  const s0 = splat(t0), s1 = splat(t1), s2 = splat(t2);
  for (; table < end; table += 32) {
    let a0 = place(state, base, load<i32>(table, 0));
    let a1 = place(state, base, load<i32>(table, 4));
    let a2 = place(state, base, load<i32>(table, 8));
    let a3 = place(state, base, load<i32>(table, 12));
    let a4 = place(state, base, load<i32>(table, 16));
    let a5 = place(state, base, load<i32>(table, 20));
    let a6 = place(state, base, load<i32>(table, 24));
    let a7 = place(state, base, load<i32>(table, 28));
    const last = a0 + length;
    while (true) {
      turnThreeAt<Column0>(a0, a1, a2, a3, a4, a5, a6, a7, move, s0, s1, s2);
      turnThreeAt<Column1>(a0, a1, a2, a3, a4, a5, a6, a7, move, s0, s1, s2);
      turnThreeAt<Column2>(a0, a1, a2, a3, a4, a5, a6, a7, move, s0, s1, s2);
      turnThreeAt<Column3>(a0, a1, a2, a3, a4, a5, a6, a7, move, s0, s1, s2);
      a0 += 64;
      if (a0 == last) break;
      a1 += 64;
      a2 += 64;
      a3 += 64;
      a4 += 64;
      a5 += 64;
      a6 += 64;
      a7 += 64;
    }
  }
}

/** Turns a block by one flip. */
export function turnOne(
  state: usize, base: i32, table: usize, end: usize, length: usize, t0: f64,
): void {
  one(state, 0, base, table, end, length, t0);
}

/** The same; the result goes `move` bytes further. */
export function turnOneTo(
  state: usize, move: usize, base: i32, table: usize, end: usize, length: usize, t0: f64,
): void {
  one(state, move, base, table, end, length, t0);
}

/** Turns a block by two flips. */
export function turnTwo(
  state: usize, base: i32, table: usize, end: usize, length: usize, t0: f64, t1: f64,
): void {
  two(state, 0, base, table, end, length, t0, t1);
}

/** The same; the result goes `move` bytes further. */
export function turnTwoTo(
  state: usize, move: usize, base: i32, table: usize, end: usize, length: usize,
  t0: f64, t1: f64,
): void {
  two(state, move, base, table, end, length, t0, t1);
}

/** Turns a block by three flips. */
export function turnThree(
  state: usize, base: i32, table: usize, end: usize, length: usize, t0: f64, t1: f64, t2: f64,
): void {
  three(state, 0, base, table, end, length, t0, t1, t2);
}

/** The same; the result goes `move` bytes further. */
export function turnThreeTo(
  state: usize, move: usize, base: i32, table: usize, end: usize, length: usize,
  t0: f64, t1: f64, t2: f64,
): void {
  three(state, move, base, table, end, length, t0, t1, t2);
}
