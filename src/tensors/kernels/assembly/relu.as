import { FLOAT, FOUR } from "./simd";

/** dx = dy where x is positive, else zero. */
export function reluGradient(dy: usize, x: usize, dx: usize, count: i32): void {
  const zero = f32x4.splat(0);
  let i = 0;
  for (; i + 4 <= count; i += 4, dy += FOUR, x += FOUR, dx += FOUR) {
    v128.store(dx, v128.and(v128.load(dy), f32x4.gt(v128.load(x), zero)));
  }
  for (; i < count; i++, dy += FLOAT, x += FLOAT, dx += FLOAT) {
    store<f32>(dx, load<f32>(x) > 0 ? load<f32>(dy) : 0);
  }
}
