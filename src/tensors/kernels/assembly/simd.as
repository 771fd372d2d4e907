/** Bytes of a float and of four of them, as one instruction reads them. */
export const FLOAT: usize = 4;
export const FOUR: usize = 16;
/** Bytes of a double and of two of them. */
export const DOUBLE: usize = 8;

/** a · b + c, rounded once where the machine can do that (the relaxed module). */
// @ts-ignore: a decorator of the compiler
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  return RELAXED ? f32x4.relaxed_madd(a, b, c) : f32x4.add(f32x4.mul(a, b), c);
}

/** The first two and the last two of four floats as doubles. */
// @ts-ignore: a decorator of the compiler
@inline
export function low(four: v128): v128 {
  return f64x2.promote_low_f32x4(four);
}

// @ts-ignore: a decorator of the compiler
@inline
export function high(four: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<i32>(four, four, 2, 3, 2, 3));
}

/** Adds two doubles to those in memory. */
// @ts-ignore: a decorator of the compiler
@inline
export function addDoubles(address: usize, two: v128): void {
  v128.store(address, f64x2.add(v128.load(address), two));
}
