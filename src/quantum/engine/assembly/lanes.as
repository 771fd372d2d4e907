import { real } from "./real";

/** Bytes of a number, and of a complex one. */
export const REAL: usize = sizeof<real>();
export const COMPLEX: usize = 2 * sizeof<real>();
/** Bytes that one instruction reads. */
export const STEP: usize = 16;
/** Numbers that one instruction reads. */
export const LANES: i32 = <i32>(16 / sizeof<real>());

// @ts-ignore: a decorator of the compiler
@inline
export function splat(x: f64): v128 {
  return v128.splat<real>(<real>x);
}

// @ts-ignore: a decorator of the compiler
@inline
export function zeros(): v128 {
  return v128.splat<real>(0);
}

/** One number from memory in all lanes. */
// @ts-ignore: a decorator of the compiler
@inline
export function spread(address: usize): v128 {
  if (sizeof<real>() == 4) return v128.load32_splat(address);
  return v128.load64_splat(address);
}

// @ts-ignore: a decorator of the compiler
@inline
export function add(a: v128, b: v128): v128 {
  return v128.add<real>(a, b);
}

// @ts-ignore: a decorator of the compiler
@inline
export function sub(a: v128, b: v128): v128 {
  return v128.sub<real>(a, b);
}

// @ts-ignore: a decorator of the compiler
@inline
export function mul(a: v128, b: v128): v128 {
  return v128.mul<real>(a, b);
}

/** a · b + c, rounded once where the machine can do that (the relaxed module). */
// @ts-ignore: a decorator of the compiler
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  return RELAXED ? v128.relaxed_madd<real>(a, b, c) : v128.add<real>(v128.mul<real>(a, b), c);
}

/** c − a · b. */
// @ts-ignore: a decorator of the compiler
@inline
export function nmadd(a: v128, b: v128, c: v128): v128 {
  return RELAXED ? v128.relaxed_nmadd<real>(a, b, c) : v128.sub<real>(c, v128.mul<real>(a, b));
}

/** The sum of the lanes as a double. */
// @ts-ignore: a decorator of the compiler
@inline
export function laneSum(x: v128): f64 {
  if (sizeof<real>() == 4) {
    const two = f64x2.add(
      f64x2.promote_low_f32x4(x),
      f64x2.promote_low_f32x4(v128.shuffle<i32>(x, x, 2, 3, 2, 3)),
    );
    return f64x2.extract_lane(two, 0) + f64x2.extract_lane(two, 1);
  }
  return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1);
}

/** Adds the lanes to doubles in memory. */
// @ts-ignore: a decorator of the compiler
@inline
export function addLanes(to: usize, x: v128): void {
  if (sizeof<real>() == 4) {
    const high = f64x2.promote_low_f32x4(v128.shuffle<i32>(x, x, 2, 3, 2, 3));
    v128.store(to, f64x2.add(v128.load(to), f64x2.promote_low_f32x4(x)));
    v128.store(to, f64x2.add(v128.load(to, 16), high), 16);
  } else v128.store(to, f64x2.add(v128.load(to), x));
}

/** Two doubles as numbers, side by side in memory. */
// @ts-ignore: a decorator of the compiler
@inline
export function storeTwo(to: usize, two: v128): void {
  if (sizeof<real>() == 4) v128.store64_lane(to, f32x4.demote_f64x2_zero(two), 0);
  else v128.store(to, two);
}

/** Adds to a double in memory. */
// @ts-ignore: a decorator of the compiler
@inline
export function addTo(address: usize, value: f64): void {
  store<f64>(address, load<f64>(address) + value);
}

/** 1 when an odd number of bits is set. */
// @ts-ignore: a decorator of the compiler
@inline
export function parity(bits: i32): i32 {
  return popcnt(bits) & 1;
}

/** -1 when an odd number of bits is set, otherwise 1. */
// @ts-ignore: a decorator of the compiler
@inline
export function signOf(bits: i32): f64 {
  return <f64>(1 - 2 * parity(bits));
}

/**
 * What turns the row with number `count` of a natural count into the next one: `sums[j]` is the
 * exclusive or of the first j + 1 vectors that the count runs over.
 */
// @ts-ignore: a decorator of the compiler
@inline
export function toNext(sums: usize, count: i32): i32 {
  return load<i32>(sums + (<usize>ctz(count + 1) << 2));
}
