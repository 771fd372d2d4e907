import { storeTwo } from "./lanes";

// Polynomials of fdlibm (Sun Microsystems, 1993) for |r| ≤ π/4, and π/2 in three parts of which the
// first two times a whole number below 2^20 are exact. The same numbers as in sincos.ts.
const S1: f64 = -1.66666666666666324348e-01, S2: f64 = 8.33333333332248946124e-03;
const S3: f64 = -1.98412698298579493134e-04, S4: f64 = 2.75573137070700676789e-06;
const S5: f64 = -2.50507602534068634195e-08, S6: f64 = 1.58969099521155010221e-10;
const C1: f64 = 4.16666666666666019037e-02, C2: f64 = -1.38888888888741095749e-03;
const C3: f64 = 2.48015872894767294178e-05, C4: f64 = -2.75573143513906633035e-07;
const C5: f64 = 2.08757232129817482790e-09, C6: f64 = -1.13596475577881948265e-11;
const HALF_PI_1: f64 = 1.57079632673412561417, HALF_PI_2: f64 = 6.07710050630396597660e-11;
const HALF_PI_3: f64 = 2.02226624879595063154e-21;
const PER_HALF_PI: f64 = 0.63661977236758134308;

/** The answers of the last call of sincos(). */
export let cosine: f64 = 1;
export let sine: f64 = 0;

export function sincos(angle: f64): void {
  const k = nearest(angle * PER_HALF_PI);
  const r = angle - k * HALF_PI_1 - k * HALF_PI_2 - k * HALF_PI_3;
  const z = r * r;
  const s = r + r * z * (S1 + z * (S2 + z * (S3 + z * (S4 + z * (S5 + z * S6)))));
  const c = 1 - 0.5 * z + z * z * (C1 + z * (C2 + z * (C3 + z * (C4 + z * (C5 + z * C6)))));
  const quadrant = <i32>(<i64>k & 3);
  const odd = (quadrant & 1) == 1;
  cosine = odd ? s : c;
  sine = odd ? c : s;
  if (quadrant == 1 || quadrant == 2) cosine = -cosine;
  if (quadrant >= 2) sine = -sine;
}

// @ts-ignore: a decorator of the compiler
@inline
function step(z: v128, sum: v128, next: f64): v128 {
  return f64x2.add(f64x2.splat(next), f64x2.mul(z, sum));
}

/** Cosines and sines of two angles, written side by side. */
// @ts-ignore: a decorator of the compiler
@inline
export function sincosTwo(angles: v128, cosines: usize, sines: usize): void {
  const k = f64x2.nearest(f64x2.mul(angles, f64x2.splat(PER_HALF_PI)));
  let r = f64x2.sub(angles, f64x2.mul(k, f64x2.splat(HALF_PI_1)));
  r = f64x2.sub(r, f64x2.mul(k, f64x2.splat(HALF_PI_2)));
  r = f64x2.sub(r, f64x2.mul(k, f64x2.splat(HALF_PI_3)));
  const z = f64x2.mul(r, r);
  let s = step(z, f64x2.splat(S6), S5);
  s = step(z, s, S4);
  s = step(z, s, S3);
  s = step(z, s, S2);
  s = step(z, s, S1);
  s = f64x2.add(r, f64x2.mul(f64x2.mul(r, z), s));
  let c = step(z, f64x2.splat(C6), C5);
  c = step(z, c, C4);
  c = step(z, c, C3);
  c = step(z, c, C2);
  c = step(z, c, C1);
  c = f64x2.add(
    f64x2.sub(f64x2.splat(1), f64x2.mul(f64x2.splat(0.5), z)),
    f64x2.mul(f64x2.mul(z, z), c),
  );
  const quadrant = i64x2.extend_low_i32x4_s(i32x4.trunc_sat_f64x2_s_zero(k));
  const odd = i64x2.eq(v128.and(quadrant, i64x2.splat(1)), i64x2.splat(1));
  const two = i64x2.splat(2);
  const minusCosine = i64x2.shl(v128.and(i64x2.add(quadrant, i64x2.splat(1)), two), 62);
  const minusSine = i64x2.shl(v128.and(quadrant, two), 62);
  storeTwo(cosines, v128.xor(v128.bitselect(s, c, odd), minusCosine));
  storeTwo(sines, v128.xor(v128.bitselect(c, s, odd), minusSine));
}

// Polynomials of Cephes (Moshier, 1989) for |r| ≤ π/4 in single precision.
const F_S1: f32 = -1.6666654611e-1, F_S2: f32 = 8.3321608736e-3, F_S3: f32 = -1.9515295891e-4;
const F_C1: f32 = 4.166664568298827e-2, F_C2: f32 = -1.388731625493765e-3;
const F_C3: f32 = 2.443315711809948e-5;
/** Added to a double below 2^31, its last bits are those of the nearest whole number. */
const ROUND: f64 = 6755399441055744;

/** What is left of two angles after quarter turns, and in the low words of `k` how many. */
// @ts-ignore: a decorator of the compiler
@inline
function rest(angles: v128, k: v128): v128 {
  const whole = f64x2.sub(k, f64x2.splat(ROUND));
  const r = f64x2.sub(angles, f64x2.mul(whole, f64x2.splat(HALF_PI_1)));
  return f64x2.sub(r, f64x2.mul(whole, f64x2.splat(HALF_PI_2)));
}

/** Cosines and sines of four angles in single precision: exact quarter turns, then polynomials. */
// @ts-ignore: a decorator of the compiler
@inline
export function sincosFour(low: v128, high: v128, cosines: usize, sines: usize): void {
  const perTurn = f64x2.splat(PER_HALF_PI), round = f64x2.splat(ROUND);
  const k = f64x2.add(f64x2.mul(low, perTurn), round);
  const l = f64x2.add(f64x2.mul(high, perTurn), round);
  const r = v128.shuffle<i32>(
    f32x4.demote_f64x2_zero(rest(low, k)), f32x4.demote_f64x2_zero(rest(high, l)), 0, 1, 4, 5,
  );
  const quadrant = v128.shuffle<i32>(k, l, 0, 2, 4, 6);
  const z = f32x4.mul(r, r);
  let s = f32x4.add(f32x4.mul(z, f32x4.splat(F_S3)), f32x4.splat(F_S2));
  s = f32x4.add(f32x4.mul(z, s), f32x4.splat(F_S1));
  s = f32x4.add(r, f32x4.mul(f32x4.mul(r, z), s));
  let c = f32x4.add(f32x4.mul(z, f32x4.splat(F_C3)), f32x4.splat(F_C2));
  c = f32x4.add(f32x4.mul(z, c), f32x4.splat(F_C1));
  c = f32x4.add(
    f32x4.sub(f32x4.splat(1), f32x4.mul(f32x4.splat(0.5), z)),
    f32x4.mul(f32x4.mul(z, z), c),
  );
  const odd = i32x4.shr_s(i32x4.shl(quadrant, 31), 31), two = i32x4.splat(2);
  const minusCosine = i32x4.shl(v128.and(i32x4.add(quadrant, i32x4.splat(1)), two), 30);
  const minusSine = i32x4.shl(v128.and(quadrant, two), 30);
  v128.store(cosines, v128.xor(v128.bitselect(s, c, odd), minusCosine));
  v128.store(sines, v128.xor(v128.bitselect(c, s, odd), minusSine));
}
