/**
 * The Walsh-Hadamard transform along the rows of `[rows, width]`, in place, not normalised:
 * out[u] = Σ_r (-1)^parity(r & u) in[r]. It turns angles of Z strings into the phases of all rows,
 * and sums over rows into the gradients of all Z strings.
 */
export function walshHadamard(values: Float64Array, rows: number, width: number): void {
  for (let half = 1; half < rows; half *= 2) {
    const step = half * width;
    for (let block = 0; block < rows * width; block += 2 * step) {
      for (let i = block; i < block + step; i++) {
        const a = values[i], b = values[i + step];
        values[i] = a + b;
        values[i + step] = a - b;
      }
    }
  }
}
