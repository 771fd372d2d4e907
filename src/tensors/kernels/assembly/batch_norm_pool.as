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
  const least = f32x4.splat(-Infinity), zero = f32x4.splat(0);
  const none = i32x4.splat(NONE);
  for (let n = 0; n < images; n++, x += <usize>height * row) {
    for (let i = 0; i < outHeight; i++) {
      const rows = min(2, height - 2 * i);
      for (let j = 0; j < outWidth; j++) {
        const columns = min(2, width - 2 * j);
        const from = x + <usize>(2 * i) * row + <usize>(2 * j) * pixel;
        for (let c: usize = 0; c < pixel; c += FOUR) {
          const m = v128.load(mean + c), f = v128.load(factor + c), o = v128.load(offset + c);
          let best = least, value = zero, which = none;
          for (let k = 0; k < rows; k++) {
            for (let l = 0; l < columns; l++) {
              const u = v128.load(from + <usize>k * row + <usize>l * pixel + c);
              const z = normalized(u, m, f, o);
              // Not a number counts as larger, so that it is seen.
              const larger = v128.not(f32x4.le(z, best));
              best = v128.bitselect(z, best, larger);
              value = v128.bitselect(u, value, larger);
              which = v128.bitselect(i32x4.splat(2 * k + l), which, larger);
            }
          }
          const positive = v128.not(f32x4.le(best, zero));
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
        for (let c: usize = 0; c < pixel; c += FOUR) {
          const m = v128.load(mean + c), k1 = v128.load(constant + c), k2 = v128.load(slope + c);
          let g = f32x4.splat(0), which = i32x4.splat(NONE);
          if (inside) {
            g = f32x4.mul(v128.load(dy + out * FLOAT + c), v128.load(factor + c));
            which = choices(choice + out + (c >> 2));
          }
          for (let k = 0; k < rows; k++) {
            for (let l = 0; l < columns; l++) {
              const p = at + <usize>k * row + <usize>l * pixel + c;
              const chosen = i32x4.eq(which, i32x4.splat(2 * k + l));
              const rest = madd(f32x4.sub(v128.load(x + p), m), k2, k1);
              v128.store(dx + p, f32x4.sub(v128.and(g, chosen), rest));
            }
          }
        }
      }
    }
  }
}
