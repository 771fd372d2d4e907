import type { SeededRandom } from "../../_internal/seeded_random.ts";
import { type Canvas, paintPixel, type Rgb } from "./canvas.ts";
import type { Eye } from "./eye.ts";

/** Blood darkens green and blue most; veins carry darker blood than arteries. */
const TINT = {
  artery: [0.78, 0.5, 0.48] as Rgb,
  vein: [0.62, 0.32, 0.36] as Rgb,
};

interface Branch {
  readonly x: number;
  readonly y: number;
  readonly heading: number;
  /** Diameter at the start. */
  readonly width: number;
  readonly length: number;
  /** Change of heading per unit of length at distance s from the start. */
  readonly bend: (s: number) => number;
  readonly depth: number;
  /** Depth of venous beading, 0 for none. */
  readonly beading: number;
  /** Side that twigs prefer: +1, -1, or 0 for both. */
  readonly inward: number;
}

/** Paints the vessel tree: four arcades, each an artery and a vein, and nasal and macular twigs. */
export function paintVessels(
  canvas: Canvas,
  eye: Eye,
  { random, beading }: { random: SeededRandom; beading: number },
): void {
  for (const kind of ["artery", "vein"] as const) {
    const coverage = new Float32Array(canvas.side * canvas.side);
    const grow = random.fork(kind);
    for (const trunk of trunks(eye, { kind, random: grow, beading })) {
      growBranch(canvas, { eye, coverage, random: grow }, trunk);
    }
    const paint = { colour: TINT[kind], mode: "tint", alpha: 0.92 } as const;
    for (let at = 0; at < coverage.length; at++) {
      if (coverage[at] > 0) paintPixel(canvas, at, coverage[at], paint);
    }
  }
}

function trunks(
  { disc, nasal }: Eye,
  { kind, random, beading }: { kind: "artery" | "vein"; random: SeededRandom; beading: number },
): Branch[] {
  const width = kind === "vein" ? 0.036 : 0.027, out: Branch[] = [];
  const temporal = nasal === 1 ? Math.PI : 0;
  for (const half of [-1, 1]) {
    // Turning from the temporal direction towards the upper or lower half of the picture.
    const turn = half * nasal * -1 * (nasal === 1 ? -1 : 1) * (nasal === 1 ? -1 : 1);
    const start = random.uniform(1.45, 1.85) + (kind === "vein" ? 0.12 : -0.08);
    const reach = random.uniform(0.3, 0.38) + (kind === "vein" ? 0.02 : 0);
    const drift = random.uniform(0.1, 0.3);
    out.push({
      x: disc.x + random.uniform(-0.02, 0.02),
      y: disc.y + half * 0.02,
      heading: temporal - turn * start,
      width: width * random.uniform(0.9, 1.1),
      length: 1.75,
      bend: (s) => turn * (start / reach * Math.exp(-s / reach) + drift),
      depth: 0,
      beading,
      inward: turn,
    });
    const spread = random.uniform(0.5, 1.0);
    out.push({
      x: disc.x,
      y: disc.y + half * 0.02,
      heading: temporal + Math.PI + turn * spread,
      width: width * random.uniform(0.6, 0.8),
      length: 0.9,
      bend: () => turn * random.uniform(-0.4, 0.6),
      depth: 1,
      beading: 0,
      inward: 0,
    });
    out.push({
      x: disc.x - nasal * 0.04,
      y: disc.y + half * 0.03,
      heading: temporal - turn * random.uniform(0.25, 0.6),
      width: width * 0.4,
      length: random.uniform(0.3, 0.45),
      bend: () => turn * 0.8,
      depth: 2,
      beading: 0,
      inward: 0,
    });
  }
  return out;
}

/** Walks along one branch, marks its width, and grows its twigs. */
function growBranch(
  canvas: Canvas,
  place: { eye: Eye; coverage: Float32Array; random: SeededRandom },
  branch: Branch,
): void {
  const { eye, coverage, random } = place;
  const step = 0.7 / canvas.scale;
  let { x, y, heading } = branch, wobble = 0, side = random.next() < 0.5 ? 1 : -1;
  let next = random.uniform(0.16, 0.3);
  const phase = random.uniform(0, 6);
  for (let s = 0; s < branch.length; s += step) {
    const fx = x - eye.fovea.x, fy = y - eye.fovea.y;
    if (x * x + y * y > 1.1 || fx * fx + fy * fy < 0.014) return;
    const taper = 1 - 0.65 * s / branch.length;
    const bead = 1 + branch.beading * Math.sin(s * 55 + phase) * Math.min(1, s * 4);
    stampVessel(canvas, { x, y, width: branch.width * taper * bead }, coverage);
    wobble = wobble * 0.93 + (random.next() - 0.5) * 9 * Math.sqrt(step);
    heading += (branch.bend(s) + wobble) * step;
    x += Math.cos(heading) * step;
    y += Math.sin(heading) * step;
    if (s < next || branch.depth >= 3 || branch.width * taper < 0.01) continue;
    next = s + random.uniform(0.14, 0.28) * (1 + 0.3 * branch.depth);
    side = -side;
    const spread = random.uniform(0.5, 0.95), inner = side === branch.inward;
    growBranch(canvas, place, {
      x,
      y,
      heading: heading + side * spread,
      width: branch.width * taper * random.uniform(0.5, 0.72),
      length: (inner ? 0.4 : 0.62) * random.uniform(0.6, 1.1) / (1 + 0.55 * branch.depth),
      bend: () => -side * random.uniform(0, 1.1),
      depth: branch.depth + 1,
      beading: branch.beading * 0.6,
      inward: 0,
    });
  }
}

/** Keeps the larger coverage, so that overlapping steps do not darken twice. */
function stampVessel(
  { side, scale, cx, cy }: Canvas,
  { x, y, width }: { x: number; y: number; width: number },
  coverage: Float32Array,
): void {
  const px = cx + x * scale, py = cy + y * scale, diameter = width * scale;
  const radius = Math.max(0.6, diameter / 2), strength = Math.min(1, 0.35 + diameter / 2.2);
  const reach = radius + 0.5;
  for (
    let row = Math.max(0, Math.floor(py - reach));
    row <= Math.min(side - 1, py + reach);
    row++
  ) {
    for (
      let column = Math.max(0, Math.floor(px - reach));
      column <= Math.min(side - 1, px + reach);
      column++
    ) {
      const dx = column + 0.5 - px, dy = row + 0.5 - py;
      const value = strength * Math.min(1, radius + 0.5 - Math.sqrt(dx * dx + dy * dy));
      const at = row * side + column;
      if (value > coverage[at]) coverage[at] = value;
    }
  }
}
