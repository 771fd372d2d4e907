import { EIGHT, ENTRY } from "./convolution_tiles";
import { FLOAT, FOUR, madd } from "./simd";

/** Taps of a tile. */
const SIX: i32 = 6;

/** Pixels that are added up before their sum goes to memory. */
const CHUNK: i32 = 128;

/**
 * Adds to `sums`, [channels / 8][rows][columns][length rounded up to six][8], the products of each
 * tap's input and the gradient of the result, for `pixels` pixels of a table as `convolve` has it.
 * `packed` has room for 128 times the channels rounded up to eight.
 */
export function filterGradient(
  table: usize, pixels: i32, input: usize, gradient: usize, packed: usize, sums: usize,
  channels: i32, rows: i32, columns: i32, length: i32, rowStep: usize, columnStep: usize,
): void {
  for (let first = 0; first < pixels; first += CHUNK, table += CHUNK * ENTRY) {
    const count = min(CHUNK, pixels - first);
    packPixels(table, count, gradient, packed, channels);
    let sum = sums;
    for (let c = 0; c < channels; c += 8) {
      const dy = packed + <usize>(c >> 3) * <usize>count * EIGHT;
      for (let k = 0; k < rows; k++) {
        for (let l = 0; l < columns; l++) {
          const run = input + <usize>k * rowStep + <usize>l * columnStep;
          for (let t = 0; t < length; t += SIX, sum += SIX * EIGHT) {
            const from = run + <usize>t * FLOAT;
            if (RELAXED) {
              tileOfSix(table, count, from, dy, sum);
            } else {
              tileOfThree(table, count, from, dy, sum);
              tileOfThree(table, count, from + 3 * FLOAT, dy, sum + 3 * EIGHT);
            }
          }
        }
      }
    }
  }
}

/** Gradients as [channels / 8][pixels][8], with zeros where there is no channel. */
function packPixels(table: usize, count: i32, gradient: usize, packed: usize, channels: i32): void {
  const end = table + <usize>count * ENTRY;
  for (let c = 0; c < channels; c += 8) {
    const from = gradient + <usize>c * FLOAT;
    const here = min(8, channels - c);
    for (let entry = table; entry < end; entry += ENTRY, packed += EIGHT) {
      const pixel = from + load<i32>(entry, 4);
      if (here == 8) {
        v128.store(packed, v128.load(pixel));
        v128.store(packed, v128.load(pixel, 16), 16);
        continue;
      }
      for (let i = 0; i < 8; i++) {
        const value: f32 = i < here ? load<f32>(pixel + <usize>i * FLOAT) : 0;
        store<f32>(packed + <usize>i * FLOAT, value);
      }
    }
  }
}

/** Six taps times eight channels, added up over pixels. */
function tileOfSix(table: usize, count: i32, input: usize, dy: usize, sum: usize): void {
  const zero = f32x4.splat(0);
  let a0 = zero, b0 = zero;
  let a1 = zero, b1 = zero;
  let a2 = zero, b2 = zero;
  let a3 = zero, b3 = zero;
  let a4 = zero, b4 = zero;
  let a5 = zero, b5 = zero;
  const end = table + <usize>count * ENTRY;
  for (; table < end; table += ENTRY, dy += EIGHT) {
    const at = input + load<i32>(table);
    const u = v128.load(dy), v = v128.load(dy, 16);
    let x = v128.load32_splat(at);
    a0 = madd(x, u, a0);
    b0 = madd(x, v, b0);
    x = v128.load32_splat(at, 4);
    a1 = madd(x, u, a1);
    b1 = madd(x, v, b1);
    x = v128.load32_splat(at, 8);
    a2 = madd(x, u, a2);
    b2 = madd(x, v, b2);
    x = v128.load32_splat(at, 12);
    a3 = madd(x, u, a3);
    b3 = madd(x, v, b3);
    x = v128.load32_splat(at, 16);
    a4 = madd(x, u, a4);
    b4 = madd(x, v, b4);
    x = v128.load32_splat(at, 20);
    a5 = madd(x, u, a5);
    b5 = madd(x, v, b5);
  }
  add(sum, a0, b0);
  add(sum + EIGHT, a1, b1);
  add(sum + 2 * EIGHT, a2, b2);
  add(sum + 3 * EIGHT, a3, b3);
  add(sum + 4 * EIGHT, a4, b4);
  add(sum + 5 * EIGHT, a5, b5);
}

/** The same for three taps: without fused multiply-add products need registers too. */
function tileOfThree(table: usize, count: i32, input: usize, dy: usize, sum: usize): void {
  const zero = f32x4.splat(0);
  let a0 = zero, b0 = zero;
  let a1 = zero, b1 = zero;
  let a2 = zero, b2 = zero;
  const end = table + <usize>count * ENTRY;
  for (; table < end; table += ENTRY, dy += EIGHT) {
    const at = input + load<i32>(table);
    const u = v128.load(dy), v = v128.load(dy, 16);
    let x = v128.load32_splat(at);
    a0 = madd(x, u, a0);
    b0 = madd(x, v, b0);
    x = v128.load32_splat(at, 4);
    a1 = madd(x, u, a1);
    b1 = madd(x, v, b1);
    x = v128.load32_splat(at, 8);
    a2 = madd(x, u, a2);
    b2 = madd(x, v, b2);
  }
  add(sum, a0, b0);
  add(sum + EIGHT, a1, b1);
  add(sum + 2 * EIGHT, a2, b2);
}

// @ts-ignore: a decorator of the compiler
@inline
function add(sum: usize, a: v128, b: v128): void {
  v128.store(sum, f32x4.add(v128.load(sum), a));
  v128.store(sum + FOUR, f32x4.add(v128.load(sum + FOUR), b));
}

/** The sums as a filter; `taps` is the product of rows and columns. */
export function unpackFilter(
  sums: usize, filter: usize, taps: i32, length: i32, channels: i32,
): void {
  const spare = <usize>((SIX - length % SIX) % SIX) * EIGHT;
  for (let c = 0; c < channels; c += 8) {
    const here = min(8, channels - c);
    let to = filter + <usize>c * FLOAT;
    for (let tap = 0; tap < taps; tap++, sums += spare) {
      for (let i = 0; i < length; i++, sums += EIGHT, to += <usize>channels * FLOAT) {
        for (let j = 0; j < here; j++) {
          const place = to + <usize>j * FLOAT;
          store<f32>(place, load<f32>(sums + <usize>j * FLOAT));
        }
      }
    }
  }
}
