import { FLOAT, FOUR } from "./simd";

/**
 * Each output gradient goes to the first largest input of its window, or nowhere when the window
 * holds no number. `dx` are zeros.
 */
export function maxPool(
  x: usize, dy: usize, dx: usize,
  batch: i32, height: i32, width: i32, channels: i32,
  outHeight: i32, outWidth: i32, windowHeight: i32, windowWidth: i32,
  strideHeight: i32, strideWidth: i32, top: i32, left: i32,
): void {
  const pixel = <usize>channels * FLOAT;
  const row = <usize>width * pixel;
  const vectors = channels & ~3;
  let g = dy;
  for (let n = 0; n < batch; n++) {
    const image = <usize>n * <usize>height * row;
    for (let i = 0; i < outHeight; i++) {
      const h = i * strideHeight - top;
      const rowStart = image + <usize>max(h, 0) * row;
      const rowEnd = image + <usize>max(min(height, h + windowHeight), 0) * row;
      for (let j = 0; j < outWidth; j++) {
        const w = j * strideWidth - left;
        const first = <usize>max(w, 0) * pixel;
        const end = <usize>max(min(width, w + windowWidth), 0) * pixel;
        let c = 0;
        for (; c < vectors; c += 4, g += FOUR) {
          const channel = <usize>c * FLOAT;
          let best = f32x4.splat(-Infinity), at = i32x4.splat(-1);
          for (let r = rowStart + channel; r < rowEnd + channel; r += row) {
            for (let k = r + first; k < r + end; k += pixel) {
              const value = v128.load(x + k);
              const larger = f32x4.gt(value, best);
              best = v128.bitselect(value, best, larger);
              at = v128.bitselect(i32x4.splat(<i32>k), at, larger);
            }
          }
          const gradient = v128.load(g);
          give(dx, i32x4.extract_lane(at, 0), f32x4.extract_lane(gradient, 0));
          give(dx + FLOAT, i32x4.extract_lane(at, 1), f32x4.extract_lane(gradient, 1));
          give(dx + 2 * FLOAT, i32x4.extract_lane(at, 2), f32x4.extract_lane(gradient, 2));
          give(dx + 3 * FLOAT, i32x4.extract_lane(at, 3), f32x4.extract_lane(gradient, 3));
        }
        for (; c < channels; c++, g += FLOAT) {
          const channel = <usize>c * FLOAT;
          let best: f32 = -Infinity, at: i32 = -1;
          for (let r = rowStart + channel; r < rowEnd + channel; r += row) {
            for (let k = r + first; k < r + end; k += pixel) {
              const value = load<f32>(x + k);
              if (value > best) {
                best = value;
                at = <i32>k;
              }
            }
          }
          give(dx, at, load<f32>(g));
        }
      }
    }
  }
}

/** Offsets are whole floats, so -1 is none, also beyond 2 GiB. */
// @ts-ignore: a decorator of the compiler
@inline
function give(dx: usize, at: i32, gradient: f32): void {
  if (at == -1) return;
  const to = dx + <usize>at;
  store<f32>(to, load<f32>(to) + gradient);
}

/**
 * The same for windows of 2x2 beside each other that cover `rows` pairs of rows of `columns` pairs;
 * channels are a multiple of four. Every number of `dx` is written.
 */
export function maxPoolPairs(
  x: usize, dy: usize, dx: usize, rows: i32, columns: i32, channels: i32,
): void {
  const pixel = <usize>channels * FLOAT, row = <usize>(2 * columns) * pixel;
  for (let i = 0; i < rows; i++, x += row, dx += row) {
    for (let j = 0; j < columns; j++, x += pixel, dx += pixel) {
      for (let c: usize = 0; c < pixel; c += FOUR, x += FOUR, dx += FOUR, dy += FOUR) {
        const u0 = v128.load(x), u1 = v128.load(x + pixel);
        const u2 = v128.load(x + row), u3 = v128.load(x + row + pixel);
        let best = f32x4.splat(-Infinity), which = i32x4.splat(-1);
        let larger = f32x4.gt(u0, best);
        best = v128.bitselect(u0, best, larger);
        which = v128.bitselect(i32x4.splat(0), which, larger);
        larger = f32x4.gt(u1, best);
        best = v128.bitselect(u1, best, larger);
        which = v128.bitselect(i32x4.splat(1), which, larger);
        larger = f32x4.gt(u2, best);
        best = v128.bitselect(u2, best, larger);
        which = v128.bitselect(i32x4.splat(2), which, larger);
        which = v128.bitselect(i32x4.splat(3), which, f32x4.gt(u3, best));
        const g = v128.load(dy);
        v128.store(dx, v128.and(g, i32x4.eq(which, i32x4.splat(0))));
        v128.store(dx + pixel, v128.and(g, i32x4.eq(which, i32x4.splat(1))));
        v128.store(dx + row, v128.and(g, i32x4.eq(which, i32x4.splat(2))));
        v128.store(dx + row + pixel, v128.and(g, i32x4.eq(which, i32x4.splat(3))));
      }
    }
  }
}
