import { EIGHT, ENTRY, TILE, activated } from "./convolution_tiles";
import { FLOAT, FOUR, madd } from "./simd";

// Winograd's F(2x2, 3x3) (Lavin and Gray, 2016): four neighbouring results of a 3x3 filter take 16
// products instead of 36. Inputs of 4x4, filters and results change their base with additions alone;
// between them are 16 matrix products. Channels are a multiple of eight on both sides.

/** Numbers of a tile. */
const NUMBERS: i32 = 16;

/** Tiles whose inputs stay in the near caches while all channels are computed. */
const CHUNK: i32 = 12;

/** Bytes between the 16 planes of a tile's numbers: at powers of two they would share cache sets. */
const GAP: usize = 64;

/** Bytes from one product of a tile to the next. */
const NEXT: usize = <usize>CHUNK * EIGHT;

/** From filters packed as [channels / 8][9][depth][8] to 16 planes of [depth][8] for each eight. */
export function winogradFilter(packed: usize, filter: usize, blocks: i32, depth: i32): void {
  const tap = <usize>depth * EIGHT, plane = tap + GAP;
  for (let b = 0; b < blocks; b++, packed += 9 * tap, filter += 16 * plane) {
    for (let at: usize = 0; at < tap; at += FOUR) {
      const top = packed + at, middle = top + 3 * tap, bottom = middle + 3 * tap;
      const to = filter + at;
      const a = v128.load(top), b = v128.load(top + tap), c = v128.load(top + 2 * tap);
      const d = v128.load(middle), e = v128.load(middle + tap), f = v128.load(middle + 2 * tap);
      const g = v128.load(bottom), h = v128.load(bottom + tap), i = v128.load(bottom + 2 * tap);
      const ag = f32x4.add(a, g), bh = f32x4.add(b, h), ci = f32x4.add(c, i);
      filterRow(a, b, c, to, plane);
      filterRow(
        half(f32x4.add(ag, d)), half(f32x4.add(bh, e)), half(f32x4.add(ci, f)),
        to + 4 * plane, plane,
      );
      filterRow(
        half(f32x4.sub(ag, d)), half(f32x4.sub(bh, e)), half(f32x4.sub(ci, f)),
        to + 8 * plane, plane,
      );
      filterRow(g, h, i, to + 12 * plane, plane);
    }
  }
}

// @ts-ignore: a decorator of the compiler
@inline
function half(x: v128): v128 {
  return f32x4.mul(x, f32x4.splat(0.5));
}

/** Three columns in the changed base. */
// @ts-ignore: a decorator of the compiler
@inline
function filterRow(a: v128, b: v128, c: v128, to: usize, plane: usize): void {
  const ends = f32x4.add(a, c);
  v128.store(to, a);
  v128.store(to + plane, half(f32x4.add(ends, b)));
  v128.store(to + 2 * plane, half(f32x4.sub(ends, b)));
  v128.store(to + 3 * plane, c);
}

/**
 * As `convolve`, for tiles of 2x2 results whose first input and result are in the table. `inputs`
 * has room for 16 planes of 12 · depth numbers with gaps, `products` for 16 · 12 · 8 numbers.
 */
export function winograd(
  table: usize, tiles: i32, input: usize, output: usize, filter: usize, bias: usize,
  channels: i32, depth: i32, inRow: usize, outRow: usize,
  inputs: usize, products: usize, activation: i32,
): void {
  const pixel = <usize>depth * FLOAT, outColumn = <usize>channels * FLOAT;
  const plane = <usize>CHUNK * pixel + GAP, block = <usize>depth * EIGHT + GAP;
  for (let first = 0; first < tiles; first += CHUNK) {
    const count = min(CHUNK, tiles - first);
    const entries = table + <usize>first * ENTRY;
    for (let t = 0; t < count; t++) {
      const from = input + load<i32>(entries + <usize>t * ENTRY);
      const to = inputs + <usize>t * pixel;
      for (let c: usize = 0; c < pixel; c += FOUR) {
        transformInput(from + c, to + c, inRow, pixel, plane);
      }
    }
    for (let c = 0; c < channels; c += 8) {
      const weights = filter + <usize>(c >> 3) * <usize>NUMBERS * block;
      for (let k: usize = 0; k < <usize>NUMBERS; k++) {
        const from = inputs + k * plane, w = weights + k * block;
        const to = products + k * NEXT;
        for (let t = 0; t < count; t += TILE) {
          const x = from + <usize>t * pixel, y = to + <usize>t * EIGHT;
          if (RELAXED) productOfSix(x, pixel, w, y);
          else productOfFour(x, pixel, w, y);
        }
      }
      const place = output + <usize>c * FLOAT, eight = bias + <usize>c * FLOAT;
      for (let t = 0; t < count; t++) {
        const from = products + <usize>t * EIGHT;
        const to = place + load<i32>(entries + <usize>t * ENTRY, 4);
        transformOutput(from, to, outRow, outColumn, v128.load(eight), activation);
        transformOutput(from + FOUR, to + FOUR, outRow, outColumn, v128.load(eight, 16), activation);
      }
    }
  }
}

// @ts-ignore: a decorator of the compiler
@inline
function transformInput(from: usize, to: usize, row: usize, pixel: usize, plane: usize): void {
  const from1 = from + row, from2 = from1 + row, from3 = from2 + row;
  inputRow(from, from2, to, pixel, plane, false);
  inputRow(from1, from2, to + 4 * plane, pixel, plane, true);
  inputRow(from2, from1, to + 8 * plane, pixel, plane, false);
  inputRow(from1, from3, to + 12 * plane, pixel, plane, false);
}

/** One row of the changed base: the difference or sum of two rows, then the same of its columns. */
// @ts-ignore: a decorator of the compiler
@inline
function inputRow(a: usize, b: usize, to: usize, pixel: usize, plane: usize, sum: bool): void {
  const d0 = combined(a, b, sum), d1 = combined(a + pixel, b + pixel, sum);
  const d2 = combined(a + 2 * pixel, b + 2 * pixel, sum);
  const d3 = combined(a + 3 * pixel, b + 3 * pixel, sum);
  v128.store(to, f32x4.sub(d0, d2));
  v128.store(to + plane, f32x4.add(d1, d2));
  v128.store(to + 2 * plane, f32x4.sub(d2, d1));
  v128.store(to + 3 * plane, f32x4.sub(d1, d3));
}

// @ts-ignore: a decorator of the compiler
@inline
function combined(a: usize, b: usize, sum: bool): v128 {
  const x = v128.load(a), y = v128.load(b);
  return sum ? f32x4.add(x, y) : f32x4.sub(x, y);
}

/** Products of six tiles with eight channels, for one of the 16 numbers. */
function productOfSix(p0: usize, pixel: usize, w: usize, to: usize): void {
  const p1 = p0 + pixel, p2 = p1 + pixel, p3 = p2 + pixel, p4 = p3 + pixel, p5 = p4 + pixel;
  let a0 = f32x4.splat(0), a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0;
  let b0 = a0, b1 = a0, b2 = a0, b3 = a0, b4 = a0, b5 = a0;
  for (let at: usize = 0; at < pixel; at += FLOAT, w += EIGHT) {
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
  v128.store(to, a0);
  v128.store(to, b0, 16);
  v128.store(to, a1, 32);
  v128.store(to, b1, 48);
  v128.store(to, a2, 64);
  v128.store(to, b2, 80);
  v128.store(to, a3, 96);
  v128.store(to, b3, 112);
  v128.store(to, a4, 128);
  v128.store(to, b4, 144);
  v128.store(to, a5, 160);
  v128.store(to, b5, 176);
}

/** The same for four tiles. */
function productOfFour(p0: usize, pixel: usize, w: usize, to: usize): void {
  const p1 = p0 + pixel, p2 = p1 + pixel, p3 = p2 + pixel;
  let a0 = f32x4.splat(0), a1 = a0, a2 = a0, a3 = a0;
  let b0 = a0, b1 = a0, b2 = a0, b3 = a0;
  for (let at: usize = 0; at < pixel; at += FLOAT, w += EIGHT) {
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
  v128.store(to, a0);
  v128.store(to, b0, 16);
  v128.store(to, a1, 32);
  v128.store(to, b1, 48);
  v128.store(to, a2, 64);
  v128.store(to, b2, 80);
  v128.store(to, a3, 96);
  v128.store(to, b3, 112);
}

/** Four channels of 2x2 results. */
// @ts-ignore: a decorator of the compiler
@inline
function transformOutput(
  from: usize, to: usize, row: usize, column: usize, bias: v128, activation: i32,
): void {
  let a0 = v128.load(from + 4 * NEXT), a1 = v128.load(from + 5 * NEXT);
  let a2 = v128.load(from + 6 * NEXT), a3 = v128.load(from + 7 * NEXT);
  let b0 = v128.load(from + 8 * NEXT), b1 = v128.load(from + 9 * NEXT);
  let b2 = v128.load(from + 10 * NEXT), b3 = v128.load(from + 11 * NEXT);
  let s0 = f32x4.add(v128.load(from), f32x4.add(a0, b0));
  let s1 = f32x4.add(v128.load(from + NEXT), f32x4.add(a1, b1));
  let s2 = f32x4.add(v128.load(from + 2 * NEXT), f32x4.add(a2, b2));
  let s3 = f32x4.add(v128.load(from + 3 * NEXT), f32x4.add(a3, b3));
  putPair(s0, s1, s2, s3, to, column, bias, activation);
  s0 = f32x4.sub(f32x4.sub(a0, b0), v128.load(from + 12 * NEXT));
  s1 = f32x4.sub(f32x4.sub(a1, b1), v128.load(from + 13 * NEXT));
  s2 = f32x4.sub(f32x4.sub(a2, b2), v128.load(from + 14 * NEXT));
  s3 = f32x4.sub(f32x4.sub(a3, b3), v128.load(from + 15 * NEXT));
  putPair(s0, s1, s2, s3, to + row, column, bias, activation);
}

// @ts-ignore: a decorator of the compiler
@inline
function putPair(
  s0: v128, s1: v128, s2: v128, s3: v128, to: usize, column: usize, bias: v128, activation: i32,
): void {
  let left = f32x4.add(bias, f32x4.add(s0, f32x4.add(s1, s2)));
  let right = f32x4.add(bias, f32x4.sub(f32x4.sub(s1, s2), s3));
  if (activation != 0) {
    left = activated(left, activation);
    right = activated(right, activation);
  }
  v128.store(to, left);
  v128.store(to + column, right);
}
