import { FLOAT, FOUR, madd } from "./simd";

// Tiles of a convolution, whose sums stay in registers. With fused multiply-add six pixels at once
// are the fastest; without, products need registers too, and six would go through memory. One tap a
// turn: the compiler loads all that a turn needs before it multiplies.

/** Bytes of a pixel's entry in the table, and of a packed row of eight channels. */
export const ENTRY: usize = 8;
export const EIGHT: usize = 32;

/** Pixels of a tile. */
export const TILE: i32 = RELAXED ? 6 : 4;

/** What happens to a sum before it is stored. */
const RELU6: i32 = 2;

/** Six pixels times eight channels; those that are missing repeat the last. */
export function tileOfSix(
  table: usize, count: i32, input: usize, output: usize, w: usize, bias: usize, channels: i32,
  rows: i32, columns: i32, length: i32, rowStep: usize, columnStep: usize, activation: i32,
): void {
  const last = table + <usize>(count - 1) * ENTRY;
  let p0 = input + load<i32>(table);
  let p1 = input + load<i32>(min(table + ENTRY, last));
  let p2 = input + load<i32>(min(table + 2 * ENTRY, last));
  let p3 = input + load<i32>(min(table + 3 * ENTRY, last));
  let p4 = input + load<i32>(min(table + 4 * ENTRY, last));
  let p5 = input + load<i32>(last);
  let a0 = v128.load(bias), b0 = v128.load(bias, 16);
  let a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0;
  let b1 = b0, b2 = b0, b3 = b0, b4 = b0, b5 = b0;
  const run = <usize>length * FLOAT;
  const nextRow = rowStep - <usize>columns * columnStep;
  for (let k = 0; k < rows; k++) {
    for (let l = 0; l < columns; l++) {
      for (let at: usize = 0; at < run; at += FLOAT, w += EIGHT) {
        const u = v128.load(w), v = v128.load(w, 16);
        let x = v128.load32_splat(p0 + at);
        a0 = madd(x, u, a0);
        b0 = madd(x, v, b0);
        x = v128.load32_splat(p1 + at);
        a1 = madd(x, u, a1);
        b1 = madd(x, v, b1);
        x = v128.load32_splat(p2 + at);
        a2 = madd(x, u, a2);
        b2 = madd(x, v, b2);
        x = v128.load32_splat(p3 + at);
        a3 = madd(x, u, a3);
        b3 = madd(x, v, b3);
        x = v128.load32_splat(p4 + at);
        a4 = madd(x, u, a4);
        b4 = madd(x, v, b4);
        x = v128.load32_splat(p5 + at);
        a5 = madd(x, u, a5);
        b5 = madd(x, v, b5);
      }
      p0 += columnStep;
      p1 += columnStep;
      p2 += columnStep;
      p3 += columnStep;
      p4 += columnStep;
      p5 += columnStep;
    }
    p0 += nextRow;
    p1 += nextRow;
    p2 += nextRow;
    p3 += nextRow;
    p4 += nextRow;
    p5 += nextRow;
  }
  put(output + load<i32>(table, 4), a0, b0, channels, activation);
  if (count > 1) put(output + load<i32>(table, 4 + 8), a1, b1, channels, activation);
  if (count > 2) put(output + load<i32>(table, 4 + 16), a2, b2, channels, activation);
  if (count > 3) put(output + load<i32>(table, 4 + 24), a3, b3, channels, activation);
  if (count > 4) put(output + load<i32>(table, 4 + 32), a4, b4, channels, activation);
  if (count > 5) put(output + load<i32>(table, 4 + 40), a5, b5, channels, activation);
}

/** The same for four pixels. */
export function tileOfFour(
  table: usize, count: i32, input: usize, output: usize, w: usize, bias: usize, channels: i32,
  rows: i32, columns: i32, length: i32, rowStep: usize, columnStep: usize, activation: i32,
): void {
  const last = table + <usize>(count - 1) * ENTRY;
  let p0 = input + load<i32>(table);
  let p1 = input + load<i32>(min(table + ENTRY, last));
  let p2 = input + load<i32>(min(table + 2 * ENTRY, last));
  let p3 = input + load<i32>(last);
  let a0 = v128.load(bias), b0 = v128.load(bias, 16);
  let a1 = a0, a2 = a0, a3 = a0;
  let b1 = b0, b2 = b0, b3 = b0;
  const run = <usize>length * FLOAT;
  const nextRow = rowStep - <usize>columns * columnStep;
  for (let k = 0; k < rows; k++) {
    for (let l = 0; l < columns; l++) {
      for (let at: usize = 0; at < run; at += FLOAT, w += EIGHT) {
        const u = v128.load(w), v = v128.load(w, 16);
        let x = v128.load32_splat(p0 + at);
        a0 = madd(x, u, a0);
        b0 = madd(x, v, b0);
        x = v128.load32_splat(p1 + at);
        a1 = madd(x, u, a1);
        b1 = madd(x, v, b1);
        x = v128.load32_splat(p2 + at);
        a2 = madd(x, u, a2);
        b2 = madd(x, v, b2);
        x = v128.load32_splat(p3 + at);
        a3 = madd(x, u, a3);
        b3 = madd(x, v, b3);
      }
      p0 += columnStep;
      p1 += columnStep;
      p2 += columnStep;
      p3 += columnStep;
    }
    p0 += nextRow;
    p1 += nextRow;
    p2 += nextRow;
    p3 += nextRow;
  }
  put(output + load<i32>(table, 4), a0, b0, channels, activation);
  if (count > 1) put(output + load<i32>(table, 4 + 8), a1, b1, channels, activation);
  if (count > 2) put(output + load<i32>(table, 4 + 16), a2, b2, channels, activation);
  if (count > 3) put(output + load<i32>(table, 4 + 24), a3, b3, channels, activation);
}

/** Stores up to eight channels of a pixel. */
// @ts-ignore: a decorator of the compiler
@inline
function put(to: usize, a: v128, b: v128, channels: i32, activation: i32): void {
  if (activation != 0) {
    a = activated(a, activation);
    b = activated(b, activation);
  }
  if (channels >= 4) v128.store(to, a);
  if (channels == 8) v128.store(to, b, 16);
  else putSome(to, a, b, channels);
}

/** The order of the arguments lets a NaN through. */
export function activated(sum: v128, activation: i32): v128 {
  const positive = f32x4.pmax(sum, f32x4.splat(0));
  return activation == RELU6 ? f32x4.pmin(positive, f32x4.splat(6)) : positive;
}

/** The channels beyond the last four. */
function putSome(to: usize, a: v128, b: v128, channels: i32): void {
  if (channels >= 4) to += FOUR;
  const rest = channels >= 4 ? b : a;
  const count = channels & 3;
  if (count > 0) v128.store_lane<f32>(to, rest, 0);
  if (count > 1) v128.store_lane<f32>(to, rest, 1, 4);
  if (count > 2) v128.store_lane<f32>(to, rest, 2, 8);
}
