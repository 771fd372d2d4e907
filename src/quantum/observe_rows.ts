import type { Circuit } from "./circuit.ts";
import type { FloatArray } from "./simulator_contract.ts";
import type { Workspace } from "./workspace.ts";

/** Which samples are in the workspace. */
export interface Group {
  readonly start: number;
  readonly width: number;
}

/** Writes the outputs of the samples in the workspace into `outputs`, `[batch, circuit.outputs]`. */
export function measureRows(
  { psi, rows, scratch }: Workspace,
  circuit: Circuit,
  places: Int32Array,
  { outputs, start, width }: Group & { readonly outputs: FloatArray },
): void {
  for (let row = 0; row < rows; row++) {
    const p = row * 2 * width, to = places[row] * width;
    for (let j = 0; j < width; j++) {
      const re = psi[p + j], im = psi[p + width + j];
      scratch[to + j] = re * re + im * im;
    }
  }
  if (circuit.observable === "z") {
    return foldWires(scratch, circuit.wires, { outputs, start, width });
  }
  for (let j = 0; j < width; j++) {
    const to = (start + j) * rows;
    for (let i = 0; i < rows; i++) outputs[to + i] = scratch[i * width + j];
  }
}

/** <Z> of wire 0 is the upper half minus the lower half; folding one on the other leaves wire 1 on top. */
function foldWires(
  probabilities: Float64Array,
  wires: number,
  { outputs, start, width }: Group & { readonly outputs: FloatArray },
): void {
  const sums = new Float64Array(width);
  let half = 2 ** (wires - 1);
  for (let wire = 0; wire < wires; wire++, half /= 2) {
    sums.fill(0);
    const lower = half * width;
    for (let i = 0; i < lower; i += width) {
      for (let j = 0; j < width; j++) {
        const a = probabilities[i + j], b = probabilities[i + lower + j];
        sums[j] += a - b;
        probabilities[i + j] = a + b;
      }
    }
    for (let j = 0; j < width; j++) outputs[(start + j) * wires + wire] = sums[j];
  }
}

/** Writes λ = O ψ, with O the observables weighted by the cotangents. */
export function seedLambda(
  { psi, lambda, rows, scratch }: Workspace,
  circuit: Circuit,
  places: Int32Array,
  { cotangents, start, width }: Group & { readonly cotangents: FloatArray },
): void {
  if (circuit.observable === "z") unfoldWires(scratch, circuit.wires, { cotangents, start, width });
  else {
    for (let j = 0; j < width; j++) {
      const from = (start + j) * rows;
      for (let i = 0; i < rows; i++) scratch[i * width + j] = cotangents[from + i];
    }
  }
  for (let row = 0; row < rows; row++) {
    const p = row * 2 * width, from = places[row] * width;
    for (let j = 0; j < width; j++) {
      const weight = scratch[from + j];
      lambda[p + j] = weight * psi[p + j];
      lambda[p + width + j] = weight * psi[p + width + j];
    }
  }
}

/** The diagonal Σ g_i Z_i, built by doubling from the last wire up. */
function unfoldWires(
  weights: Float64Array,
  wires: number,
  { cotangents, start, width }: Group & { readonly cotangents: FloatArray },
): void {
  weights.fill(0, 0, width);
  let half = width;
  for (let wire = wires - 1; wire >= 0; wire--, half *= 2) {
    for (let i = 0; i < half; i += width) {
      for (let j = 0; j < width; j++) {
        const slope = cotangents[(start + j) * wires + wire];
        const weight = weights[i + j];
        weights[i + j] = weight + slope;
        weights[i + half + j] = weight - slope;
      }
    }
  }
}
