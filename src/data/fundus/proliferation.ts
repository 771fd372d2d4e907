import type { SeededRandom } from "../../_internal/seeded_random.ts";
import { LESION_BITS } from "../image_set.ts";
import { type Canvas, paintPixel, paintSpot, type Rgb } from "./canvas.ts";
import type { Eye } from "./eye.ts";
import { createCoverage, paintCoverage, stampStep } from "./stroke.ts";

const NEW_VESSEL: Rgb = [0.66, 0.28, 0.28];
const FRESH_BLOOD: Rgb = [0.5, 0.14, 0.13];

/** Paints what only grade 4 has: tufts of new vessels and blood in front of the retina. */
export function paintProliferation(
  canvas: Canvas,
  eye: Eye,
  { plan, random }: {
    plan: { readonly tufts: number; readonly preretinal: number };
    random: SeededRandom;
  },
): void {
  for (let i = 0; i < plan.tufts; i++) paintTuft(canvas, eye, random);
  for (let i = 0; i < plan.preretinal; i++) paintPreretinal(canvas, eye, random);
}

/** A lace of fine curling vessels on the disc or beside an arcade. */
function paintTuft(canvas: Canvas, { disc, fovea }: Eye, random: SeededRandom): void {
  const onDisc = random.next() < 0.4, turn = random.uniform(0, 2 * Math.PI);
  const distance = random.uniform(0.45, 0.62);
  const centre = onDisc
    ? { x: disc.x + random.uniform(-0.06, 0.06), y: disc.y + random.uniform(-0.08, 0.08) }
    : { x: fovea.x + distance * Math.cos(turn), y: fovea.y + distance * Math.sin(turn) };
  const coverage = createCoverage(canvas), step = 0.8 / canvas.scale;
  const loops = 9 + random.integer(9), size = random.uniform(0.12, 0.2);
  for (let i = 0; i < loops; i++) {
    const start = random.uniform(0, 2 * Math.PI), off = size * 0.5 * random.next();
    let x = centre.x + off * Math.cos(start), y = centre.y + off * Math.sin(start);
    let heading = random.uniform(0, 2 * Math.PI), curl = random.uniform(-12, 12);
    const length = size * random.uniform(0.9, 2);
    for (let s = 0; s < length && x * x + y * y < 0.9; s += step) {
      stampStep(canvas, coverage, { x, y, width: 0.01 });
      curl += random.uniform(-90, 90) * Math.sqrt(step);
      heading += curl * step;
      x += Math.cos(heading) * step;
      y += Math.sin(heading) * step;
    }
  }
  paintCoverage(canvas, coverage, { colour: NEW_VESSEL, mode: "tint", alpha: 0.95 });
  paintSpot(canvas, { ...centre, radius: size, soft: 0.5 }, {
    colour: [0.86, 0.72, 0.74],
    mode: "tint",
    alpha: 0.4,
  });
  for (let at = 0; at < coverage.length; at++) {
    if (coverage[at] > 0.15) canvas.mask[at] |= 1 << LESION_BITS.proliferation;
  }
}

/** Blood that has sunk in front of the retina: a level top and a round belly, like a boat. */
function paintPreretinal(canvas: Canvas, { fovea, disc }: Eye, random: SeededRandom): void {
  const { side, scale, cx, cy } = canvas;
  const below = random.uniform(0.2, 0.5), across = random.uniform(-0.5, 0.5);
  const x = (fovea.x + disc.x) / 2 + across, y = fovea.y + (random.next() < 0.7 ? below : -below);
  const width = random.uniform(0.14, 0.26), depth = width * random.uniform(0.55, 0.85);
  const tilt = random.uniform(-0.12, 0.12), edge = 1.2 / scale;
  const paint = {
    colour: FRESH_BLOOD,
    mode: "tint",
    alpha: random.uniform(0.85, 0.98),
    bit: LESION_BITS.proliferation,
  } as const;
  for (let row = 0; row < side; row++) {
    const v = (row + 0.5 - cy) / scale - y;
    if (v < -0.1 || v > depth + 0.1) continue;
    for (let column = 0; column < side; column++) {
      const u = (column + 0.5 - cx) / scale - x;
      if (Math.abs(u) > width + edge || (u + x) ** 2 + (v + y) ** 2 > 1) continue;
      const level = (v - tilt * u) / edge + 0.5;
      const belly = (1 - Math.hypot(u / width, v / depth)) * depth / edge + 0.5;
      const coverage = Math.min(1, level, belly);
      if (coverage > 0) paintPixel(canvas, row * side + column, coverage, paint);
    }
  }
}
