import { addDoubles, DOUBLE, FLOAT, FOUR, high, low, madd } from "./simd";

// Batch normalisation of rows of channels: z = (x − mean) · factor + offset, all three a number for
// each channel; with a ReLU, whatever is not positive becomes zero and has no gradient.

/** Rows that are added up in floats before they go to the doubles. */
const CHUNK: i32 = 64;

/**
 * Adds Σ (x − shift) and Σ (x − shift)² of each channel to `sums`, two doubles for each channel in
 * two lists. A shift near the mean keeps the digits of the variance.
 */
export function channelSums(x: usize, rows: i32, channels: i32, shift: usize, sums: usize): void {
  const step = <usize>channels * FLOAT;
  const squares = sums + <usize>channels * DOUBLE;
  for (let first = 0; first < rows; first += CHUNK) {
    const end = x + <usize>min(CHUNK, rows - first) * step;
    let c = 0;
    for (; c + 8 <= channels; c += 8) {
      const at = <usize>c * FLOAT;
      const s = v128.load(shift + at), t = v128.load(shift + at, 16);
      let a = f32x4.splat(0), b = a, aa = a, bb = a;
      for (let p = x + at; p < end; p += step) {
        const u = f32x4.sub(v128.load(p), s), v = f32x4.sub(v128.load(p, 16), t);
        a = f32x4.add(a, u);
        b = f32x4.add(b, v);
        aa = madd(u, u, aa);
        bb = madd(v, v, bb);
      }
      addFour(sums, c, a);
      addFour(sums, c + 4, b);
      addFour(squares, c, aa);
      addFour(squares, c + 4, bb);
    }
    for (; c < channels; c++) {
      const s = load<f32>(shift + <usize>c * FLOAT);
      let a: f64 = 0, aa: f64 = 0;
      for (let p = x + <usize>c * FLOAT; p < end; p += step) {
        const u = <f64>(load<f32>(p) - s);
        a += u;
        aa += u * u;
      }
      addOne(sums, c, a);
      addOne(squares, c, aa);
    }
    x = end;
  }
}

/** Adds four floats to doubles from channel c on. */
// @ts-ignore: a decorator of the compiler
@inline
export function addFour(sums: usize, c: i32, four: v128): void {
  const to = sums + <usize>c * DOUBLE;
  addDoubles(to, low(four));
  addDoubles(to + FOUR, high(four));
}

// @ts-ignore: a decorator of the compiler
@inline
function addOne(sums: usize, c: i32, value: f64): void {
  const to = sums + <usize>c * DOUBLE;
  store<f64>(to, load<f64>(to) + value);
}

/** (x − mean) · factor + offset of four numbers. */
// @ts-ignore: a decorator of the compiler
@inline
export function normalized(x: v128, mean: v128, factor: v128, offset: v128): v128 {
  return madd(f32x4.sub(x, mean), factor, offset);
}

// @ts-ignore: a decorator of the compiler
@inline
function normalizedOne(x: f32, mean: f32, factor: f32, offset: f32): f32 {
  return (x - mean) * factor + offset;
}

/** y = z, or the positive part of it. */
export function normalize(
  x: usize, y: usize, rows: i32, channels: i32,
  mean: usize, factor: usize, offset: usize, relu: bool,
): void {
  const vectors = <usize>(channels & ~3) * FLOAT, all = <usize>channels * FLOAT;
  const least = f32x4.splat(relu ? 0 : -Infinity);
  for (let r = 0; r < rows; r++, x += all, y += all) {
    let c: usize = 0;
    for (; c < vectors; c += FOUR) {
      const z = normalized(
        v128.load(x + c), v128.load(mean + c), v128.load(factor + c), v128.load(offset + c),
      );
      v128.store(y + c, f32x4.pmax(z, least));
    }
    for (; c < all; c += FLOAT) {
      const z = normalizedOne(
        load<f32>(x + c), load<f32>(mean + c), load<f32>(factor + c), load<f32>(offset + c),
      );
      store<f32>(y + c, relu && z < 0 ? 0 : z);
    }
  }
}

/** Adds Σ dy and Σ dy · (x − mean) of each channel to `sums`, as `channelSums` does. */
export function normalizeSums(
  dy: usize, x: usize, rows: i32, channels: i32,
  mean: usize, factor: usize, offset: usize, relu: bool, sums: usize,
): void {
  const step = <usize>channels * FLOAT;
  const products = sums + <usize>channels * DOUBLE;
  const least = f32x4.splat(relu ? 0 : -Infinity);
  const distance = dy - x;
  for (let first = 0; first < rows; first += CHUNK) {
    const end = x + <usize>min(CHUNK, rows - first) * step;
    let c = 0;
    for (; c + 4 <= channels; c += 4) {
      const at = <usize>c * FLOAT;
      const m = v128.load(mean + at), f = v128.load(factor + at), o = v128.load(offset + at);
      let a = f32x4.splat(0), b = a;
      for (let p = x + at; p < end; p += step) {
        const u = v128.load(p);
        const g = v128.and(v128.load(p + distance), f32x4.gt(normalized(u, m, f, o), least));
        a = f32x4.add(a, g);
        b = madd(g, f32x4.sub(u, m), b);
      }
      addFour(sums, c, a);
      addFour(products, c, b);
    }
    for (; c < channels; c++) {
      const at = <usize>c * FLOAT;
      const m = load<f32>(mean + at), f = load<f32>(factor + at), o = load<f32>(offset + at);
      let a: f64 = 0, b: f64 = 0;
      for (let p = x + at; p < end; p += step) {
        const u = load<f32>(p);
        if (relu && !(normalizedOne(u, m, f, o) > 0)) continue;
        const g = <f64>load<f32>(p + distance);
        a += g;
        b += g * <f64>(u - m);
      }
      addOne(sums, c, a);
      addOne(products, c, b);
    }
    x = end;
  }
}

/** dx = dy · factor − (constant + (x − mean) · slope), where z lets dy through. */
export function normalizeGradient(
  dy: usize, x: usize, dx: usize, rows: i32, channels: i32,
  mean: usize, factor: usize, offset: usize, relu: bool, constant: usize, slope: usize,
): void {
  const vectors = <usize>(channels & ~3) * FLOAT, all = <usize>channels * FLOAT;
  const least = f32x4.splat(relu ? 0 : -Infinity);
  for (let r = 0; r < rows; r++, x += all, dy += all, dx += all) {
    let c: usize = 0;
    for (; c < vectors; c += FOUR) {
      const u = v128.load(x + c), m = v128.load(mean + c), f = v128.load(factor + c);
      const passed = f32x4.gt(normalized(u, m, f, v128.load(offset + c)), least);
      const g = f32x4.mul(v128.and(v128.load(dy + c), passed), f);
      const mean4 = madd(f32x4.sub(u, m), v128.load(slope + c), v128.load(constant + c));
      v128.store(dx + c, f32x4.sub(g, mean4));
    }
    for (; c < all; c += FLOAT) {
      const u = load<f32>(x + c), m = load<f32>(mean + c), f = load<f32>(factor + c);
      const passed = !relu || normalizedOne(u, m, f, load<f32>(offset + c)) > 0;
      const g: f32 = passed ? load<f32>(dy + c) * f : 0;
      store<f32>(dx + c, g - (load<f32>(constant + c) + (u - m) * load<f32>(slope + c)));
    }
  }
}
