// Vectors over GF(2) are the bits of whole numbers.

/** Whether no combination of the vectors is zero. */
export function areIndependent(vectors: readonly number[]): boolean {
  return independent(vectors).length === vectors.length;
}

/** Of each vector whether it adds to what those before it span: the ones that do. */
export function independent(vectors: readonly number[]): number[] {
  const reduced: number[] = [];
  return vectors.filter((vector) => {
    let rest = vector;
    for (const other of reduced) rest = Math.min(rest, rest ^ other);
    if (rest === 0) return false;
    reduced.push(rest);
    return true;
  });
}

/** Unit vectors, low bits first, that together with `vectors` span all of `bits` dimensions. */
export function unitsBeside(vectors: readonly number[], bits: number): number[] {
  const units = Array.from({ length: bits }, (_, i) => 1 << i);
  return independent([...vectors, ...units]).slice(vectors.length);
}

/**
 * For independent masks m_i: vectors d_i with parity(d_i & m_j) = 1 only for i = j, and a basis of
 * those that meet every mask an even number of times.
 */
export function dualBasis(
  masks: readonly number[],
  bits: number,
): { readonly dual: number[]; readonly rest: number[] } {
  // Rows of the reduced system; `origin` says which masks were added up.
  const rows = masks.map((mask, i) => ({ mask, origin: 1 << i }));
  const pivots: number[] = [];
  rows.forEach((row) => {
    const pivot = row.mask & -row.mask;
    pivots.push(pivot);
    for (const other of rows) {
      if (other === row || (other.mask & pivot) === 0) continue;
      other.mask ^= row.mask;
      other.origin ^= row.origin;
    }
  });
  // A vector of pivots p_k has parity(m_i & p_k) given by the inverse of how rows were added up.
  const dual = masks.map((_, i) =>
    rows.reduce((sum, { origin }, k) => (origin >> i) & 1 ? sum ^ pivots[k] : sum, 0)
  );
  const taken = pivots.reduce((sum, pivot) => sum | pivot, 0);
  const free = Array.from({ length: bits }, (_, i) => 1 << i).filter((unit) => !(unit & taken));
  const rest = free.map((unit) =>
    rows.reduce((sum, { mask }, k) => mask & unit ? sum ^ pivots[k] : sum, unit)
  );
  return { dual, rest };
}

/** For each vector the exclusive or of all up to it: what a natural count steps by. */
export function runningSums(vectors: readonly number[]): number[] {
  let sum = 0;
  return vectors.map((vector) => sum ^= vector);
}

/** All combinations of the vectors, in the order of a natural count. */
export function combinations(vectors: readonly number[]): number[] {
  const all = [0];
  for (const vector of vectors) {
    const count = all.length;
    for (let i = 0; i < count; i++) all.push(all[i] ^ vector);
  }
  return all;
}
