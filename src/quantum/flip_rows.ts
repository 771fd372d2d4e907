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

/** Visits each pair of rows `r`, `r ^ flip` that the control admits, once, with the sign of `r`. */
function eachPair(
  step: FlipStep,
  rows: number,
  visit: (row: number, partner: number, sign: number) => void,
): void {
  const { flip, mask, controlMask, controlParity } = step;
  const pivot = flip & -flip;
  for (let block = 0; block < rows; block += 2 * pivot) {
    for (let row = block; row < block + pivot; row++) {
      if (controlMask !== 0 && parity(row & controlMask) !== controlParity) continue;
      visit(row, row ^ flip, parity(row & mask) === 1 ? -1 : 1);
    }
  }
}

/** Applies a flip to a state. */
export function applyFlip(psi: FloatArray, step: FlipStep, turns: Turns, extent: Extent): void {
  const { rows, width } = extent;
  const { cosines, sines } = turns;
  eachPair(step, rows, (row, partner, sign) => {
    const p = row * 2 * width, q = partner * 2 * width;
    if (turns.shared) {
      const c = cosines[0], s = sign * sines[0];
      if (step.real) return turnRuns(psi, p, q, 2 * width, c, s);
      turnRuns(psi, p, q + width, width, c, -s);
      return turnRuns(psi, p + width, q, width, c, s);
    }
    const first = step.real ? 0 : width;
    turnRunsEach(psi, p, q + first, width, cosines, sines, 0, step.real ? sign : -sign);
    turnRunsEach(psi, p + width, q + width - first, width, cosines, sines, 0, sign);
  });
}

/** Takes a flip back from both states and gathers the slope of its angle. */
export function unapplyFlip(
  { psi, lambda }: { readonly psi: FloatArray; readonly lambda: FloatArray },
  step: FlipStep,
  turns: Turns,
  { rows, width }: Extent,
): void {
  const { cosines, sines, slopes } = turns;
  const first = step.real ? 0 : width;
  let total = 0;
  eachPair(step, rows, (row, partner, sign) => {
    const p = row * 2 * width, q = partner * 2 * width;
    if (turns.shared) {
      const c = cosines[0], s = sign * sines[0];
      if (step.real) {
        total += sign * unturnRuns(psi, lambda, p, q, 2 * width, c, s);
        return;
      }
      total -= sign * unturnRuns(psi, lambda, p, q + width, width, c, -s);
      total += sign * unturnRuns(psi, lambda, p + width, q, width, c, s);
      return;
    }
    const other = step.real ? sign : -sign;
    unturnRunsEach(psi, lambda, p, q + first, width, cosines, sines, 0, other, slopes);
    const last = q + width - first;
    unturnRunsEach(psi, lambda, p + width, last, width, cosines, sines, 0, sign, slopes);
  });
  if (turns.shared) slopes[0] += total;
}
