/** How many views {@linkcode dihedralView} has: four turns, each as it is and mirrored. */
export const VIEWS = 8;

/**
 * Square images turned by quarters and mirrored, without any interpolation. View 0 is the images
 * themselves, 1 to 3 are quarter turns, 4 to 7 the same mirrored left to right first.
 *
 * @param x `[count, side, side, 3]`, row by row
 * @returns a new array of the same form, or `x` itself for view 0
 */
export function dihedralView(
  x: Float32Array,
  { count, side, view }: { readonly count: number; readonly side: number; readonly view: number },
): Float32Array {
  if (view === 0) return x;
  const out = new Float32Array(x.length), last = side - 1, turns = view % 4;
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      let [u, v] = [row, column];
      for (let turn = 0; turn < turns; turn++) [u, v] = [v, last - u];
      if (view >= 4) v = last - v;
      const to = (row * side + column) * 3, from = (u * side + v) * 3;
      for (let n = 0; n < count; n++) {
        const image = n * side * side * 3;
        out[image + to] = x[image + from];
        out[image + to + 1] = x[image + from + 1];
        out[image + to + 2] = x[image + from + 2];
      }
    }
  }
  return out;
}
