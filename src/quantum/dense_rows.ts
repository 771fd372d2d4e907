import type { DenseStep } from "./circuit_plan.ts";
import type { Extent } from "./flip_rows.ts";
import { adjoint, type Matrix } from "./gate_matrix.ts";
import { parity } from "./pauli_frame.ts";
import type { FloatArray } from "./simulator_contract.ts";

/** Multiplies fours of rows by the matrix of a step. */
export function applyDense(
  psi: FloatArray,
  step: DenseStep,
  extent: Extent,
  matrix: Matrix = step.matrix,
): void {
  const { flips: [a, b], masks, inverted } = step;
  const { rows, width } = extent;
  for (let row = 0; row < rows; row++) {
    if (masks.some((mask, i) => parity(row & mask) !== inverted[i])) continue;
    const four = [row, row ^ b, row ^ a, row ^ a ^ b].map((one) => one * 2 * width);
    for (let j = 0; j < width; j++) turnSample(psi, four.map((at) => at + j), width, matrix);
  }
}

/** Takes the matrix back from both states. */
export function unapplyDense(
  { psi, lambda }: { readonly psi: FloatArray; readonly lambda: FloatArray },
  step: DenseStep,
  extent: Extent,
): void {
  const back = adjoint(step.matrix);
  applyDense(psi, step, extent, back);
  applyDense(lambda, step, extent, back);
}

function turnSample(
  psi: FloatArray,
  places: readonly number[],
  width: number,
  { re, im }: Matrix,
): void {
  const x = places.map((at) => psi[at]), y = places.map((at) => psi[at + width]);
  places.forEach((at, i) => {
    let real = 0, imaginary = 0;
    for (let k = 0; k < 4; k++) {
      real += re[4 * i + k] * x[k] - im[4 * i + k] * y[k];
      imaginary += re[4 * i + k] * y[k] + im[4 * i + k] * x[k];
    }
    psi[at] = real;
    psi[at + width] = imaginary;
  });
}
