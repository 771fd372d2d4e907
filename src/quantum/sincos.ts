// Polynomials of fdlibm (Sun Microsystems, 1993) for |r| ≤ π/4.
const S1 = -1.66666666666666324348e-01, S2 = 8.33333333332248946124e-03;
const S3 = -1.98412698298579493134e-04, S4 = 2.75573137070700676789e-06;
const S5 = -2.50507602534068634195e-08, S6 = 1.58969099521155010221e-10;
const C1 = 4.16666666666666019037e-02, C2 = -1.38888888888741095749e-03;
const C3 = 2.48015872894767294178e-05, C4 = -2.75573143513906633035e-07;
const C5 = 2.08757232129817482790e-09, C6 = -1.13596475577881948265e-11;
// π/2 in three parts, the first two with trailing zeros, so that k times them is exact.
const HALF_PI_1 = 1.57079632673412561417, HALF_PI_2 = 6.07710050630396597660e-11;
const HALF_PI_3 = 2.02226624879595063154e-21;
/** Beyond this the three parts no longer suffice. */
const REDUCIBLE = 1e6;

/**
 * Writes cosine and sine of an angle at `index`. Only additions and multiplications, so that the
 * result is the same in every JavaScript engine, whose `Math.sin` differ in the last digit; and
 * faster, as both come from one reduction. Angles beyond a million radians go to `Math`.
 */
export function sincosAt(
  angle: number,
  cosines: Float64Array,
  sines: Float64Array,
  index: number,
): void {
  if (angle > REDUCIBLE || angle < -REDUCIBLE) {
    cosines[index] = Math.cos(angle);
    sines[index] = Math.sin(angle);
    return;
  }
  const k = Math.floor(angle * (2 / Math.PI) + 0.5);
  const r = angle - k * HALF_PI_1 - k * HALF_PI_2 - k * HALF_PI_3;
  const z = r * r;
  const s = r + r * z * (S1 + z * (S2 + z * (S3 + z * (S4 + z * (S5 + z * S6)))));
  const c = 1 - 0.5 * z + z * z * (C1 + z * (C2 + z * (C3 + z * (C4 + z * (C5 + z * C6)))));
  const quadrant = k & 3;
  const odd = (quadrant & 1) === 1;
  const cosine = odd ? s : c, sine = odd ? c : s;
  cosines[index] = quadrant === 1 || quadrant === 2 ? -cosine : cosine;
  sines[index] = quadrant >= 2 ? -sine : sine;
}
