import { type Canvas, type Paint, paintPixel } from "./canvas.ts";

/** How far each pixel is covered by lines; the larger value wins where lines overlap. */
export function createCoverage({ side }: Canvas): Float32Array {
  return new Float32Array(side * side);
}

/** Marks one step of a line. */
export function stampStep(
  { side, scale, cx, cy }: Canvas,
  coverage: Float32Array,
  { x, y, width }: { x: number; y: number; width: number },
): void {
  const px = cx + x * scale, py = cy + y * scale, diameter = width * scale;
  // A line thinner than a pixel is drawn one pixel wide and paler.
  const radius = Math.max(0.6, diameter / 2), strength = Math.min(1, 0.3 + diameter / 2.2);
  const reach = radius + 0.5;
  const left = Math.max(0, Math.floor(px - reach)), right = Math.min(side - 1, px + reach);
  for (
    let row = Math.max(0, Math.floor(py - reach));
    row <= Math.min(side - 1, py + reach);
    row++
  ) {
    const dy = row + 0.5 - py;
    for (let column = left; column <= right; column++) {
      const dx = column + 0.5 - px;
      const value = strength * Math.min(1, reach - Math.sqrt(dx * dx + dy * dy));
      const at = row * side + column;
      if (value > coverage[at]) coverage[at] = value;
    }
  }
}

/** Paints all marked lines at once. */
export function paintCoverage(canvas: Canvas, coverage: Float32Array, paint: Paint): void {
  for (let at = 0; at < coverage.length; at++) {
    if (coverage[at] > 0) paintPixel(canvas, at, coverage[at], paint);
  }
}
