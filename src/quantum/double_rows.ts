import type { DoubleStep } from "./circuit_plan.ts";
import type { Extent } from "./flip_rows.ts";
import { parity } from "./pauli_frame.ts";
import type { Turns } from "./plan_values.ts";
import type { FloatArray } from "./simulator_contract.ts";

// Two flips touch rows in fours: r, r^a, r^b, r^a^b. Doing both at once reads and writes each
// number once instead of twice.

/** Whether a row is the one of its four to start from. */
function leads(row: number, { first, second }: DoubleStep): boolean {
  const low = first.flip & -first.flip;
  const rest = (second.flip & low) !== 0 ? second.flip ^ first.flip : second.flip;
  return (row & (low | (rest & -rest))) === 0;
}

const signOf = (row: number, mask: number) => 1 - 2 * parity(row & mask);

/** Applies both flips to a state. */
export function applyDouble(
  psi: FloatArray,
  step: DoubleStep,
  { cosines, sines }: Turns,
  { rows, width }: Extent,
): void {
  const { first, second } = step;
  const c = cosines[0], d = cosines[1];
  for (let row = 0; row < rows; row++) {
    if (!leads(row, step)) continue;
    const a = row ^ first.flip, b = row ^ second.flip;
    const s0 = signOf(row, first.mask) * sines[0], s1 = signOf(b, first.mask) * sines[0];
    const t0 = signOf(row, second.mask) * sines[1], t1 = signOf(a, second.mask) * sines[1];
    const length = 2 * width;
    turnFour(psi, row * length, a * length, b * length, (a ^ second.flip) * length, length, {
      c,
      d,
      s0,
      s1,
      t0,
      t1,
    });
  }
}

interface Four {
  readonly c: number;
  readonly d: number;
  readonly s0: number;
  readonly s1: number;
  readonly t0: number;
  readonly t1: number;
}

function turnFour(
  psi: FloatArray,
  p: number,
  pa: number,
  pb: number,
  pab: number,
  length: number,
  { c, d, s0, s1, t0, t1 }: Four,
): void {
  for (let i = 0; i < length; i++) {
    const x = psi[p + i], xa = psi[pa + i], xb = psi[pb + i], xab = psi[pab + i];
    const y = c * x - s0 * xa, ya = c * xa + s0 * x;
    const yb = c * xb - s1 * xab, yab = c * xab + s1 * xb;
    psi[p + i] = d * y - t0 * yb;
    psi[pb + i] = d * yb + t0 * y;
    psi[pa + i] = d * ya - t1 * yab;
    psi[pab + i] = d * yab + t1 * ya;
  }
}

/** Takes both flips back from both states and gathers the slopes of their angles. */
export function unapplyDouble(
  { psi, lambda }: { readonly psi: FloatArray; readonly lambda: FloatArray },
  step: DoubleStep,
  { cosines, sines, slopes }: Turns,
  { rows, width }: Extent,
): void {
  const { first, second } = step;
  const c = cosines[0], d = cosines[1];
  for (let row = 0; row < rows; row++) {
    if (!leads(row, step)) continue;
    const a = row ^ first.flip, b = row ^ second.flip;
    const g0 = signOf(row, first.mask), g1 = signOf(b, first.mask);
    const h0 = signOf(row, second.mask), h1 = signOf(a, second.mask);
    const s0 = g0 * sines[0], s1 = g1 * sines[0], t0 = h0 * sines[1], t1 = h1 * sines[1];
    const length = 2 * width;
    const p = row * length, pa = a * length, pb = b * length, pab = (a ^ second.flip) * length;
    // Both slopes are the same before and after their own flip is taken back, so that the second
    // is read at the end and the first from what is left after the second is gone.
    let first0 = 0, first1 = 0, second0 = 0, second1 = 0;
    for (let i = 0; i < length; i++) {
      const x = psi[p + i], xa = psi[pa + i], xb = psi[pb + i], xab = psi[pab + i];
      const u = lambda[p + i], ua = lambda[pa + i], ub = lambda[pb + i], uab = lambda[pab + i];
      second0 += ub * x - u * xb;
      second1 += uab * xa - ua * xab;
      const y = d * x + t0 * xb, yb = d * xb - t0 * x;
      const ya = d * xa + t1 * xab, yab = d * xab - t1 * xa;
      const v = d * u + t0 * ub, vb = d * ub - t0 * u;
      const va = d * ua + t1 * uab, vab = d * uab - t1 * ua;
      first0 += va * y - v * ya;
      first1 += vab * yb - vb * yab;
      psi[p + i] = c * y + s0 * ya;
      psi[pa + i] = c * ya - s0 * y;
      psi[pb + i] = c * yb + s1 * yab;
      psi[pab + i] = c * yab - s1 * yb;
      lambda[p + i] = c * v + s0 * va;
      lambda[pa + i] = c * va - s0 * v;
      lambda[pb + i] = c * vb + s1 * vab;
      lambda[pab + i] = c * vab - s1 * vb;
    }
    slopes[0] += g0 * first0 + g1 * first1;
    slopes[1] += h0 * second0 + h1 * second1;
  }
}
