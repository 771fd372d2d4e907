import { FLOAT, FOUR } from "./simd";

/**
 * Adds row r of x to row ids[r] of `out`, which are zeros; rows with an id outside are dropped.
 * Numbers are floats, or 32 bit integers.
 */
export function segmentSum(
  x: usize, ids: usize, out: usize, rows: i32, length: i32, segments: i32, integers: bool,
): void {
  const row = <usize>length * FLOAT;
  const vectors = <usize>(length & ~3) * FLOAT;
  for (let r = 0; r < rows; r++, x += row) {
    const id = load<i32>(ids + <usize>r * FLOAT);
    if (id < 0 || id >= segments) continue;
    const to = out + <usize>id * row;
    let i: usize = 0;
    if (integers) {
      for (; i < row; i += FLOAT) store<i32>(to + i, load<i32>(to + i) + load<i32>(x + i));
      continue;
    }
    for (; i < vectors; i += FOUR) {
      v128.store(to + i, f32x4.add(v128.load(to + i), v128.load(x + i)));
    }
    for (; i < row; i += FLOAT) store<f32>(to + i, load<f32>(to + i) + load<f32>(x + i));
  }
}
