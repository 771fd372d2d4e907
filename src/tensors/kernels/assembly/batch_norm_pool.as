import { addFour, normalized } from "./batch_norm";
import { DOUBLE, FLOAT, FOUR, madd } from "./simd";

// Batch normalisation, ReLU and a maximum over 2x2 pixels in one pass; channels are multiples of
// four. A window at the edge may have one row or column only. `choice` has a byte for each result:
// which pixel of its window was the largest, or NONE where the ReLU lets nothing through.

/** No pixel of the window is positive. */
const NONE: i32 = 4;

/** Rows that are added up in floats before they go to the doubles. */
const CHUNK: i32 = 64;

/** `pooled` is the result, `raw` the x it came from. */
export function normalizePool(
  x: usize, pooled: usize, raw: usize, choice: usize,
  images: i32, height: i32, width: i32, channels: i32, outHeight: i32, outWidth: i32,
  mean: usize, factor: usize, offset: usize,
): void {
  const pixel = <usize>channels * FLOAT, row = <usize>width * pixel;
  const zero = f32x4.splat(0), none = i32x4.splat(NONE);
  for (let n = 0; n < images; n++, x += <usize>height * row) {
    for (let i = 0; i < outHeight; i++) {
      // A row or column that is missing repeats the one before it, which then is chosen.
      const below = 2 * i + 1 < height ? row : 0;
      for (let j = 0; j < outWidth; j++) {
        const right = 2 * j + 1 < width ? pixel : 0;
        const from = x + <usize>(2 * i) * row + <usize>(2 * j) * pixel;
        for (let c: usize = 0; c < pixel; c += FOUR) {
          const m = v128.load(mean + c), f = v128.load(factor + c), o = v128.load(offset + c);
          let at = from + c;
          let value = v128.load(at), best = normalized(value, m, f, o), which = i32x4.splat(0);
          let u = v128.load(at + right), z = normalized(u, m, f, o), larger = above(z, best);
          value = v128.bitselect(u, value, larger);
          best = v128.bitselect(z, best, larger);
          which = v128.bitselect(i32x4.splat(1), which, larger);
          at += below;
          u = v128.load(at);
          z = normalized(u, m, f, o);
          larger = above(z, best);
          value = v128.bitselect(u, value, larger);
          best = v128.bitselect(z, best, larger);
          which = v128.bitselect(i32x4.splat(2), which, larger);
          u = v128.load(at + right);
          z = normalized(u, m, f, o);
          larger = above(z, best);
          value = v128.bitselect(u, value, larger);
          best = v128.bitselect(z, best, larger);
          which = v128.bitselect(i32x4.splat(3), which, larger);
          const positive = above(best, zero);
          v128.store(pooled, v128.and(best, positive));
          v128.store(raw, value);
          which = v128.bitselect(which, none, positive);
          const bytes = i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_u(which, which), which);
          v128.store_lane<u32>(choice, bytes, 0);
          pooled += FOUR;
          raw += FOUR;
          choice += 4;
        }
      }
    }
  }
}

/** a > b; what is not a number counts as larger, so that it is seen. */
// @ts-ignore: a decorator of the compiler
@inline
function above(a: v128, b: v128): v128 {
  return v128.not(f32x4.le(a, b));
}

/** The four choices at an address, as whole numbers. */
// @ts-ignore: a decorator of the compiler
@inline
function choices(choice: usize): v128 {
  return i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(choice)));
}

/** Adds Σ dy and Σ dy · (raw − mean) of each channel to `sums`, two lists of doubles. */
export function poolSums(
  dy: usize, raw: usize, choice: usize, rows: i32, channels: i32, mean: usize, sums: usize,
): void {
  const step = <usize>channels;
  const products = sums + step * DOUBLE;
  const none = i32x4.splat(NONE);
  for (let first = 0; first < rows; first += CHUNK) {
    const begin = <usize>first * step, end = <usize>min(rows, first + CHUNK) * step;
    for (let c = 0; c < channels; c += 4) {
      const m = v128.load(mean + <usize>c * FLOAT);
      let a = f32x4.splat(0), b = a;
      for (let p = begin + <usize>c; p < end; p += step) {
        const closed = i32x4.eq(choices(choice + p), none);
        const g = v128.andnot(v128.load(dy + p * FLOAT), closed);
        a = f32x4.add(a, g);
        b = madd(g, f32x4.sub(v128.load(raw + p * FLOAT), m), b);
      }
      addFour(sums, c, a);
      addFour(products, c, b);
    }
  }
}

/**
 * The gradient of x: that of the result where it was chosen, times factor, and everywhere
 * − (constant + (x − mean) · slope).
 */
export function poolGradient(
  dy: usize, choice: usize, x: usize, dx: usize,
  images: i32, height: i32, width: i32, channels: i32, outHeight: i32, outWidth: i32,
  mean: usize, factor: usize, constant: usize, slope: usize,
): void {
  const pixel = <usize>channels * FLOAT, row = <usize>width * pixel;
  for (let n = 0; n < images; n++) {
    for (let h = 0; h < height; h += 2) {
      const i = h >> 1, rows = min(2, height - h);
      for (let w = 0; w < width; w += 2) {
        const j = w >> 1, columns = min(2, width - w);
        const inside = i < outHeight && j < outWidth;
        const out = <usize>((n * outHeight + i) * outWidth + j) * <usize>channels;
        const at = <usize>((n * height + h) * width + w) * pixel;
        const right = columns == 2 ? pixel : 0, below = rows == 2 ? row : 0;
        for (let c: usize = 0; c < pixel; c += FOUR) {
          const m = v128.load(mean + c), k1 = v128.load(constant + c), k2 = v128.load(slope + c);
          let g = f32x4.splat(0), which = i32x4.splat(NONE);
          if (inside) {
            g = f32x4.mul(v128.load(dy + out * FLOAT + c), v128.load(factor + c));
            which = choices(choice + out + (c >> 2));
          }
          const a = at + c, b = a + below;
          // Backwards: what is missing is the one before it, which is written last.
          give(x, dx, b + right, g, i32x4.eq(which, i32x4.splat(3)), m, k1, k2);
          give(x, dx, b, g, i32x4.eq(which, i32x4.splat(2)), m, k1, k2);
          give(x, dx, a + right, g, i32x4.eq(which, i32x4.splat(1)), m, k1, k2);
          give(x, dx, a, g, i32x4.eq(which, i32x4.splat(0)), m, k1, k2);
        }
      }
    }
  }
}

/** The gradient of four numbers at p. */
// @ts-ignore: a decorator of the compiler
@inline
function give(
  x: usize, dx: usize, p: usize, g: v128, chosen: v128, mean: v128, constant: v128, slope: v128,
): void {
  const rest = madd(f32x4.sub(v128.load(x + p), mean), slope, constant);
  v128.store(dx + p, f32x4.sub(v128.and(g, chosen), rest));
}
