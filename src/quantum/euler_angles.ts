import type { Matrix } from "./gate_matrix.ts";

/**
 * The angles θ, φ, λ for which a unitary 2x2 matrix is RZ(φ) RY(θ) RZ(λ) up to a global phase: those of
 * the gate `u`.
 */
export function eulerAngles({ re, im }: Matrix): readonly [number, number, number] {
  const size = (k: number) => Math.hypot(re[k], im[k]);
  const phase = (k: number) => Math.atan2(im[k], re[k]);
  // u = [[c, -e^iλ s], [e^iφ s, e^i(φ+λ) c]] times a phase. Sum and difference of φ and λ are each
  // read where they are told best, and a small pair only has to say which half turn is meant.
  const sum = phase(3) - phase(0), difference = phase(2) - phase(1) - Math.PI;
  const turn = Math.cos((sum + difference) / 2 - phase(2) + phase(0)) < 0 ? Math.PI : 0;
  return [
    2 * Math.atan2(size(2), size(0)),
    (sum + difference) / 2 + turn,
    (sum - difference) / 2 + turn,
  ];
}
