import { FLOAT, FOUR, high, low } from "./simd";

/**
 * out[n, i] = Σ over r of x[n, r, i] / divisor, added up in doubles. Sixteen columns are taken
 * together, which is one line of the processor's cache.
 */
export function reduceRows(
  x: usize, out: usize, blocks: i32, rows: i32, length: i32, divisor: f64,
): void {
  const row = <usize>length * FLOAT;
  const all = v128.splat<f64>(divisor);
  for (let n = 0; n < blocks; n++) {
    const block = x + <usize>n * <usize>rows * row;
    const end = block + <usize>rows * row;
    let i = 0;
    for (; i + 16 <= length; i += 16, out += 4 * FOUR) {
      let s0 = f64x2.splat(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
      const shift = <usize>i * FLOAT;
      for (let at = block + shift; at != end + shift; at += row) {
        const a = v128.load(at), b = v128.load(at, 16), c = v128.load(at, 32);
        const d = v128.load(at, 48);
        s0 = f64x2.add(s0, low(a));
        s1 = f64x2.add(s1, high(a));
        s2 = f64x2.add(s2, low(b));
        s3 = f64x2.add(s3, high(b));
        s4 = f64x2.add(s4, low(c));
        s5 = f64x2.add(s5, high(c));
        s6 = f64x2.add(s6, low(d));
        s7 = f64x2.add(s7, high(d));
      }
      put(out, s0, s1, all);
      put(out + FOUR, s2, s3, all);
      put(out + 2 * FOUR, s4, s5, all);
      put(out + 3 * FOUR, s6, s7, all);
    }
    for (; i + 4 <= length; i += 4, out += FOUR) {
      let s0 = f64x2.splat(0), s1 = s0;
      const shift = <usize>i * FLOAT;
      for (let at = block + shift; at != end + shift; at += row) {
        const a = v128.load(at);
        s0 = f64x2.add(s0, low(a));
        s1 = f64x2.add(s1, high(a));
      }
      put(out, s0, s1, all);
    }
    for (; i < length; i++, out += FLOAT) {
      let sum: f64 = 0;
      const shift = <usize>i * FLOAT;
      for (let at = block + shift; at != end + shift; at += row) sum += <f64>load<f32>(at);
      store<f32>(out, <f32>(sum / divisor));
    }
  }
}

/** Four quotients as floats. */
// @ts-ignore: a decorator of the compiler
@inline
function put(out: usize, first: v128, second: v128, divisor: v128): void {
  const a = f32x4.demote_f64x2_zero(f64x2.div(first, divisor));
  const b = f32x4.demote_f64x2_zero(f64x2.div(second, divisor));
  v128.store(out, v128.shuffle<i32>(a, b, 0, 1, 4, 5));
}
