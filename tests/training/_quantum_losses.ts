// The terms of the quantum head on plain numbers, to hold those on tensors to.

/** `entropyFloor()` of `rows * classes` probabilities. */
export function entropyFloorOf(
  probabilities: ArrayLike<number>,
  { classes, weight, target }: {
    readonly classes: number;
    readonly weight: number;
    readonly target: number;
  },
): number {
  let entropy = 0;
  for (let i = 0; i < probabilities.length; i++) {
    const p = probabilities[i];
    if (p !== 0) entropy -= p * Math.log(p);
  }
  return weight * Math.max(0, target - entropy * classes / probabilities.length);
}

/** `distillation()` of `rows * classes` probabilities each. */
export function distillationOf(
  { student, teacher }: {
    readonly student: ArrayLike<number>;
    readonly teacher: ArrayLike<number>;
  },
  { classes, weight, temperature = 1.5 }: {
    readonly classes: number;
    readonly weight: number;
    readonly temperature?: number;
  },
): number {
  let total = 0;
  for (let start = 0; start < student.length; start += classes) {
    const wanted = soften(teacher, { start, classes, temperature });
    const found = soften(student, { start, classes, temperature });
    wanted.forEach((logP, c) => total += Math.exp(logP) * (logP - found[c]));
  }
  return weight * temperature ** 2 * total * classes / student.length;
}

/** Logarithms of one row at a temperature. */
function soften(
  probabilities: ArrayLike<number>,
  { start, classes, temperature }: { start: number; classes: number; temperature: number },
): number[] {
  // A float32 softmax can answer 0 exactly.
  const scaled = Array.from(
    { length: classes },
    (_, c) => Math.log(Math.max(probabilities[start + c], 1e-12)) / temperature,
  );
  const highest = Math.max(...scaled);
  const sum = scaled.reduce((total, x) => total + Math.exp(x - highest), 0);
  return scaled.map((x) => x - highest - Math.log(sum));
}
