import type { Matrix } from "./gate_matrix.ts";

/** A copy of a unitary matrix on one wire or two; anything else is refused. */
export function checkUnitary(
  matrix: Matrix,
  { wires, where }: { readonly wires: number; readonly where: string },
): Matrix {
  const size = 2 ** wires;
  const part = (name: "re" | "im") => {
    const values = matrix[name];
    if (!Array.isArray(values) || values.length !== size * size || !values.every(Number.isFinite)) {
      throw new RangeError(
        `${where}: matrix.${name} must be ${size * size} finite numbers, row by row`,
      );
    }
    return Object.freeze([...values]);
  };
  const re = part("re"), im = part("im");
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let real = i === j ? -1 : 0, imaginary = 0;
      for (let k = 0; k < size; k++) {
        const a = size * i + k, b = size * j + k;
        real += re[a] * re[b] + im[a] * im[b];
        imaginary += im[a] * re[b] - re[a] * im[b];
      }
      if (Math.hypot(real, imaginary) > 1e-10) {
        throw new RangeError(
          `${where}: matrix is not unitary: rows ${j} and ${i} are off by ` +
            `${Math.hypot(real, imaginary).toExponential(1)}; orthonormalise its rows`,
        );
      }
    }
  }
  return Object.freeze({ re, im });
}
