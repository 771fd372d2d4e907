/** Multiplies or replaces: three numbers for R, G, B; 1 is full brightness. */
export type Rgb = readonly [number, number, number];

/**
 * Where an eye is painted: twice the side of the final image, brightness as float. Lengths are in
 * field radii, (0, 0) is the centre of the field, x goes right and y goes down.
 */
export interface Canvas {
  readonly side: number;
  /** Pixels per field radius. */
  readonly scale: number;
  /** Centre of the field in pixels. */
  readonly cx: number;
  readonly cy: number;
  /** `side * side * 3` brightness values. */
  readonly rgb: Float32Array;
  /** `side * side` bytes of lesion bits. */
  readonly mask: Uint8Array;
}

/** An empty canvas. */
export function createCanvas(
  side: number,
  { scale, cx, cy }: { scale: number; cx: number; cy: number },
): Canvas {
  const area = side * side;
  return { side, scale, cx, cy, rgb: new Float32Array(area * 3), mask: new Uint8Array(area) };
}

/** How a spot changes what is below it. */
export interface Paint {
  readonly colour: Rgb;
  /** `"tint"` multiplies, as blood absorbs light; `"cover"` mixes towards the colour. */
  readonly mode: "tint" | "cover";
  /** Strength at full coverage, 0 to 1. */
  readonly alpha: number;
  /** Bit set in the mask where coverage passes one half. */
  readonly bit?: number;
}

/** Changes one pixel by a share of the paint. */
export function paintPixel(canvas: Canvas, at: number, coverage: number, paint: Paint): void {
  const { rgb } = canvas, { colour, mode } = paint;
  const alpha = paint.alpha * coverage, base = at * 3;
  for (let c = 0; c < 3; c++) {
    const old = rgb[base + c];
    rgb[base + c] = mode === "tint"
      ? old * (1 - alpha * (1 - colour[c]))
      : old + (colour[c] - old) * alpha;
  }
  if (paint.bit !== undefined && coverage > 0.5) canvas.mask[at] |= 1 << paint.bit;
}

/** A spot with a bumpy outline. */
export interface Spot {
  readonly x: number;
  readonly y: number;
  /** Half the length. */
  readonly radius: number;
  /** Width of the soft edge as a share of the radius; at least one pixel is always soft. */
  readonly soft: number;
  /** Width over length, 1 is round. @default {1} */
  readonly aspect?: number;
  /** Direction of the length in radians. @default {0} */
  readonly angle?: number;
  /** Depth of the bumps as a share of the radius. @default {0} */
  readonly bumps?: number;
  /** Where the bumps lie, radians. @default {0} */
  readonly phase?: number;
}

/** Paints one spot. */
export function paintSpot(canvas: Canvas, spot: Spot, paint: Paint): void {
  const { side, scale, cx, cy } = canvas;
  const { aspect = 1, angle = 0, bumps = 0, phase = 0 } = spot;
  const px = cx + spot.x * scale, py = cy + spot.y * scale, r = spot.radius * scale;
  const edge = Math.max(1, spot.soft * r), reach = r * (1 + bumps) + edge;
  const cos = Math.cos(angle), sin = Math.sin(angle);
  for (let y = Math.max(0, Math.floor(py - reach)); y <= Math.min(side - 1, py + reach); y++) {
    for (let x = Math.max(0, Math.floor(px - reach)); x <= Math.min(side - 1, px + reach); x++) {
      const dx = x + 0.5 - px, dy = y + 0.5 - py;
      const along = dx * cos + dy * sin, across = (dy * cos - dx * sin) / aspect;
      let distance = Math.sqrt(along * along + across * across);
      if (bumps > 0) {
        const turn = Math.atan2(across, along);
        distance /= 1 +
          bumps * (0.6 * Math.sin(3 * turn + phase) + 0.4 * Math.sin(5 * turn + 2 * phase));
      }
      const coverage = (r - distance) / edge + 0.5;
      if (coverage > 0) paintPixel(canvas, y * side + x, Math.min(1, coverage), paint);
    }
  }
}
