// The inner loops. A state is [rows][re of W samples][im of W samples]; `p` and `q` are where two
// runs of `length` numbers start, and every gate turns such runs against each other:
//   x' = c x - s y,  y' = c y + s x.
// Unit stride for every wire, one coefficient for the whole run or one per sample.
import type { FloatArray } from "./simulator_contract.ts";

/** Turns two runs by one angle. */
export function turnRuns(
  a: FloatArray,
  p: number,
  q: number,
  length: number,
  c: number,
  s: number,
): void {
  for (let i = 0; i < length; i++) {
    const x = a[p + i], y = a[q + i];
    a[p + i] = c * x - s * y;
    a[q + i] = c * y + s * x;
  }
}

/** Turns two runs of one column by an angle per sample; `sign` is 1 or -1. */
export function turnRunsEach(
  a: FloatArray,
  p: number,
  q: number,
  width: number,
  cosines: Float64Array,
  sines: Float64Array,
  at: number,
  sign: number,
): void {
  for (let i = 0; i < width; i++) {
    const x = a[p + i], y = a[q + i];
    const c = cosines[at + i], s = sign * sines[at + i];
    a[p + i] = c * x - s * y;
    a[q + i] = c * y + s * x;
  }
}

/** Turns both states back and returns Σ (λ_q ψ_p - λ_p ψ_q), the slope of the angle. */
export function unturnRuns(
  psi: FloatArray,
  lambda: FloatArray,
  p: number,
  q: number,
  length: number,
  c: number,
  s: number,
): number {
  let slope = 0;
  for (let i = 0; i < length; i++) {
    const x = psi[p + i], y = psi[q + i];
    const u = lambda[p + i], v = lambda[q + i];
    slope += v * x - u * y;
    psi[p + i] = c * x + s * y;
    psi[q + i] = c * y - s * x;
    lambda[p + i] = c * u + s * v;
    lambda[q + i] = c * v - s * u;
  }
  return slope;
}

/** {@linkcode unturnRuns} with an angle per sample; adds `sign` times the slopes. */
export function unturnRunsEach(
  psi: FloatArray,
  lambda: FloatArray,
  p: number,
  q: number,
  width: number,
  cosines: Float64Array,
  sines: Float64Array,
  at: number,
  sign: number,
  slopes: Float64Array,
): void {
  for (let i = 0; i < width; i++) {
    const c = cosines[at + i], s = sign * sines[at + i];
    const x = psi[p + i], y = psi[q + i];
    const u = lambda[p + i], v = lambda[q + i];
    slopes[at + i] += sign * (v * x - u * y);
    psi[p + i] = c * x + s * y;
    psi[q + i] = c * y - s * x;
    lambda[p + i] = c * u + s * v;
    lambda[q + i] = c * v - s * u;
  }
}
