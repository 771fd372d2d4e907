import type { FlipStep } from "./circuit_plan.ts";
import { parity } from "./pauli_frame.ts";
import type { Turns } from "./plan_values.ts";
import { turnRuns, turnRunsEach, unturnRuns, unturnRunsEach } from "./row_kernels.ts";
import type { FloatArray } from "./simulator_contract.ts";

/** Where a state is and how many samples of it are in use. */
export interface Extent {
  readonly rows: number;
  readonly width: number;
}

/**
 * Whether a row is the one of its pair to start from: the lowest bit of the flip is down, and the
 * control admits it.
 */
function leads(row: number, { flip, controlMask, controlParity }: FlipStep): boolean {
  if ((row & flip & -flip) !== 0) return false;
  return controlMask === 0 || parity(row & controlMask) === controlParity;
}

/** Applies a flip to a state. */
export function applyFlip(psi: FloatArray, step: FlipStep, turns: Turns, extent: Extent): void {
  const { rows, width } = extent;
  const { shared, cosines, sines } = turns;
  const { flip, mask, real } = step;
  const cross = real ? 0 : width;
  for (let row = 0; row < rows; row++) {
    if (!leads(row, step)) continue;
    const sign = 1 - 2 * parity(row & mask), other = real ? sign : -sign;
    const p = row * 2 * width, q = (row ^ flip) * 2 * width;
    if (!shared) {
      turnRunsEach(psi, p, q + cross, width, cosines, sines, 0, other);
      turnRunsEach(psi, p + width, q + width - cross, width, cosines, sines, 0, sign);
    } else if (real) turnRuns(psi, p, q, 2 * width, cosines[0], sign * sines[0]);
    else {
      turnRuns(psi, p, q + width, width, cosines[0], other * sines[0]);
      turnRuns(psi, p + width, q, width, cosines[0], sign * sines[0]);
    }
  }
}

/** Takes a flip back from both states and gathers the slope of its angle. */
export function unapplyFlip(
  { psi, lambda }: { readonly psi: FloatArray; readonly lambda: FloatArray },
  step: FlipStep,
  turns: Turns,
  { rows, width }: Extent,
): void {
  const { shared, cosines, sines, slopes } = turns;
  const { flip, mask, real } = step;
  const cross = real ? 0 : width;
  const c = cosines[0], s = sines[0];
  let total = 0;
  for (let row = 0; row < rows; row++) {
    if (!leads(row, step)) continue;
    const sign = 1 - 2 * parity(row & mask), other = real ? sign : -sign;
    const p = row * 2 * width, q = (row ^ flip) * 2 * width;
    if (!shared) {
      const last = q + width - cross;
      unturnRunsEach(psi, lambda, p, q + cross, width, cosines, sines, 0, other, slopes);
      unturnRunsEach(psi, lambda, p + width, last, width, cosines, sines, 0, sign, slopes);
    } else if (real) total += sign * unturnRuns(psi, lambda, p, q, 2 * width, c, sign * s);
    else {
      total += other * unturnRuns(psi, lambda, p, q + width, width, c, other * s);
      total += sign * unturnRuns(psi, lambda, p + width, q, width, c, sign * s);
    }
  }
  if (shared) slopes[0] += total;
}
