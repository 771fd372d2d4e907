import type { DiagonalStep } from "./circuit_plan.ts";
import type { PlanValues, Turns } from "./plan_values.ts";
import { turnRuns, turnRunsEach, unturnRuns } from "./row_kernels.ts";
import { walshHadamard } from "./walsh_hadamard.ts";
import type { Workspace } from "./workspace.ts";

/** Applies the phases of a diagonal to a state. */
export function applyDiagonal(
  space: Workspace,
  step: DiagonalStep,
  turns: Turns,
  { values, width }: { readonly values: PlanValues; readonly width: number },
): void {
  const { psi, rows } = space;
  if (!turns.shared) values.phases(step, space, width);
  for (let row = 0; row < rows; row++) {
    const p = row * 2 * width;
    if (turns.shared) turnRuns(psi, p, p + width, width, turns.cosines[row], turns.sines[row]);
    else turnRunsEach(psi, p, p + width, width, space.cosines, space.sines, row * width, 1);
  }
}

/** Takes a diagonal back from both states and gathers the slopes of all its angles at once. */
export function unapplyDiagonal(
  space: Workspace,
  step: DiagonalStep,
  turns: Turns,
  { values, width }: { readonly values: PlanValues; readonly width: number },
): void {
  const { psi, lambda, rows, scratch } = space;
  const columns = turns.shared ? 1 : width;
  if (turns.shared) {
    for (let row = 0; row < rows; row++) {
      const p = row * 2 * width, c = turns.cosines[row], s = turns.sines[row];
      scratch[row] = -unturnRuns(psi, lambda, p, p + width, width, c, s);
    }
  } else {
    values.phases(step, space, width);
    unturnEach(space, width);
  }
  // dL/dθ of a Z string is the signed sum over rows of Im(conj(λ) ψ); all strings in one transform.
  walshHadamard(scratch, rows, columns);
  for (const { mask, angle } of step.terms) {
    values.addSlopes(angle, { slopes: scratch, at: mask * columns, count: columns });
  }
}

function unturnEach(
  { psi, lambda, rows, scratch, cosines, sines }: Workspace,
  width: number,
): void {
  for (let row = 0; row < rows; row++) {
    const p = row * 2 * width, q = p + width, at = row * width;
    for (let j = 0; j < width; j++) {
      const c = cosines[at + j], s = sines[at + j];
      const x = psi[p + j], y = psi[q + j], u = lambda[p + j], v = lambda[q + j];
      scratch[at + j] = u * y - v * x;
      psi[p + j] = c * x + s * y;
      psi[q + j] = c * y - s * x;
      lambda[p + j] = c * u + s * v;
      lambda[q + j] = c * v - s * u;
    }
  }
}
