import type { CircuitPlan, FlipStep } from "./circuit_plan.ts";
import type { Extent } from "./flip_rows.ts";
import { parity } from "./pauli_frame.ts";
import type { Turns } from "./plan_values.ts";
import { unturnRunsEach } from "./row_kernels.ts";
import type { FloatArray } from "./simulator_contract.ts";

/**
 * Writes the state after the spreading rotations: each doubles the rows in use, so that all of them
 * together cost as much as two ordinary ones.
 */
export function spreadState(
  psi: FloatArray,
  plan: CircuitPlan,
  turns: readonly Turns[],
  { rows, width }: Extent,
): void {
  if (plan.spreadRows.length < rows) psi.fill(0, 0, rows * 2 * width);
  psi.fill(1, 0, width);
  psi.fill(0, width, 2 * width);
  plan.spread.forEach((step, k) => {
    for (let i = 0; i < 2 ** k; i++) spreadRow(psi, plan.spreadRows[i], step, turns[k], width);
  });
}

function spreadRow(
  psi: FloatArray,
  row: number,
  step: FlipStep,
  turns: Turns,
  width: number,
): void {
  const { cosines, sines } = turns;
  const sign = parity(row & step.mask) === 1 ? -1 : 1;
  const p = row * 2 * width, q = (row ^ step.flip) * 2 * width;
  const re = step.real ? q : q + width, im = step.real ? q + width : q;
  const reSign = step.real ? sign : -sign;
  for (let j = 0; j < width; j++) {
    const x = psi[p + j], y = psi[p + width + j];
    const c = cosines[j], s = sines[j];
    psi[re + j] = reSign * s * x;
    psi[im + j] = sign * s * y;
    psi[p + j] = c * x;
    psi[p + width + j] = c * y;
  }
}

/** Gathers the slopes of the spreading rotations; each halves the rows that still matter. */
export function unspreadState(
  { psi, lambda }: { readonly psi: FloatArray; readonly lambda: FloatArray },
  plan: CircuitPlan,
  turns: readonly Turns[],
  width: number,
): void {
  for (let k = plan.spread.length - 1; k >= 0; k--) {
    const step = plan.spread[k];
    const { cosines, sines, slopes } = turns[k];
    const first = step.real ? 0 : width;
    for (let i = 0; i < 2 ** k; i++) {
      const row = plan.spreadRows[i];
      const sign = parity(row & step.mask) === 1 ? -1 : 1;
      const p = row * 2 * width, q = (row ^ step.flip) * 2 * width;
      const other = step.real ? sign : -sign;
      unturnRunsEach(psi, lambda, p, q + first, width, cosines, sines, 0, other, slopes);
      const last = q + width - first;
      unturnRunsEach(psi, lambda, p + width, last, width, cosines, sines, 0, sign, slopes);
    }
  }
}
