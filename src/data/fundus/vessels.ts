import type { SeededRandom } from "../../_internal/seeded_random.ts";
import type { Canvas, Rgb } from "./canvas.ts";
import type { Eye } from "./eye.ts";
import { createCoverage, paintCoverage, stampStep } from "./stroke.ts";

/** Arteries are narrower and carry brighter blood than veins. */
const KINDS = {
  artery: { width: 0.027, tint: [0.8, 0.52, 0.46] as Rgb },
  vein: { width: 0.037, tint: [0.64, 0.31, 0.3] as Rgb },
};

type Kind = keyof typeof KINDS;

interface Branch {
  readonly x: number;
  readonly y: number;
  readonly heading: number;
  /** Diameter at the start, and the share of it that is lost until the end. */
  readonly width: number;
  readonly taper: number;
  readonly length: number;
  /** Change of heading per unit of length at distance s from the start. */
  readonly bend: (s: number) => number;
  readonly depth: number;
  /** Depth of venous beading, 0 for none. */
  readonly beading: number;
}

interface Growth {
  readonly eye: Eye;
  readonly coverage: Float32Array;
  readonly random: SeededRandom;
}

/** Paints the vessel tree: four arcades, each an artery and a vein, and nasal and macular branches. */
export function paintVessels(
  canvas: Canvas,
  eye: Eye,
  { random, beading }: { random: SeededRandom; beading: number },
): void {
  for (const kind of ["artery", "vein"] as const) {
    const growth = { eye, coverage: createCoverage(canvas), random: random.fork(kind) };
    for (const half of [-1, 1] as const) {
      growBranch(canvas, growth, arcade(growth, { kind, half, beading }));
      growBranch(canvas, growth, nasalBranch(growth, { kind, half }));
      growBranch(canvas, growth, macularBranch(growth, { kind, half }));
    }
    paintCoverage(canvas, growth.coverage, { colour: KINDS[kind].tint, mode: "tint", alpha: 0.92 });
  }
}

interface Place {
  readonly kind: Kind;
  /** -1 the upper half of the image, +1 the lower. */
  readonly half: -1 | 1;
}

/** The heading that points away from the nose, and the turn that leads from there to a half. */
function directions({ nasal }: Eye, half: -1 | 1): { temporal: number; turn: number } {
  return { temporal: nasal === 1 ? Math.PI : 0, turn: nasal * half };
}

/** Leaves the disc steeply and bows around the macula. */
function arcade(
  { eye, random }: Growth,
  { kind, half, beading }: Place & { beading: number },
): Branch {
  const { disc } = eye, { temporal, turn } = directions(eye, half);
  const start = random.uniform(1.35, 1.85) + (kind === "vein" ? 0.15 : -0.05);
  const reach = random.uniform(0.33, 0.42), drift = random.uniform(0.02, 0.22);
  return {
    x: disc.x + random.uniform(-0.025, 0.025),
    y: disc.y + half * 0.02,
    heading: temporal - turn * start,
    width: KINDS[kind].width * random.uniform(0.9, 1.1),
    taper: 0.6,
    length: 1.8,
    bend: (s) => turn * (start / reach * Math.exp(-s / reach) + drift),
    depth: 0,
    beading: kind === "vein" ? beading : 0,
  };
}

/** Runs towards the nose, out of the image. */
function nasalBranch({ eye, random }: Growth, { kind, half }: Place): Branch {
  const { disc } = eye, { temporal, turn } = directions(eye, half);
  const curve = turn * random.uniform(-0.5, 0.7);
  return {
    x: disc.x,
    y: disc.y + half * 0.02,
    heading: temporal + Math.PI + turn * random.uniform(0.45, 1.05),
    width: KINDS[kind].width * random.uniform(0.6, 0.8),
    taper: 0.5,
    length: 0.9,
    bend: () => curve,
    depth: 1,
    beading: 0,
  };
}

/** A fine twig straight towards the macula. */
function macularBranch({ eye, random }: Growth, { kind, half }: Place): Branch {
  const { disc, nasal } = eye, { temporal, turn } = directions(eye, half);
  return {
    x: disc.x - nasal * 0.04,
    y: disc.y + half * 0.04,
    heading: temporal - turn * random.uniform(0.3, 0.7),
    width: KINDS[kind].width * 0.38,
    taper: 0.5,
    length: random.uniform(0.35, 0.5),
    bend: (s) => turn * (1.6 - 2 * s),
    depth: 2,
    beading: 0,
  };
}

/** Walks along one branch, marks its width, and grows its side branches. */
function growBranch(canvas: Canvas, growth: Growth, branch: Branch): void {
  const { eye: { fovea }, coverage, random } = growth;
  const step = 0.9 / canvas.scale,
    kick = (branch.depth === 0 ? 5 : 11) * Math.sqrt(step),
    memory = 1 - 7 * step;
  let { x, y, heading } = branch, wobble = 0, side = random.next() < 0.5 ? 1 : -1;
  let next = random.uniform(0.14, 0.3) / (1 + 0.3 * branch.depth);
  const phase = random.uniform(0, 6), finest = Math.max(0.007, 0.7 / canvas.scale);
  for (let s = 0; s < branch.length; s += step) {
    const fx = x - fovea.x, fy = y - fovea.y;
    if (x * x + y * y > 1.05 || fx * fx + fy * fy < 0.013) return;
    const width = branch.width * (1 - branch.taper * s / branch.length);
    const bead = 1 + branch.beading * Math.sin(s * 52 + phase) * Math.min(1, s * 4);
    stampStep(canvas, coverage, { x, y, width: width * bead });
    wobble = wobble * memory + (random.next() - 0.5) * kick;
    heading += (branch.bend(s) + wobble) * step;
    x += Math.cos(heading) * step;
    y += Math.sin(heading) * step;
    if (s < next || branch.depth >= 4 || width < finest) continue;
    next = s + random.uniform(0.12, 0.26);
    side = random.next() < 0.75 ? -side : side;
    growBranch(canvas, growth, sideBranch(random, { ...branch, x, y, heading, width }, side));
  }
}

/** Leaves at an acute angle and bends back to run along its parent, as retinal vessels do. */
function sideBranch(random: SeededRandom, parent: Branch, side: number): Branch {
  const spread = random.uniform(0.45, 0.95),
    back = random.uniform(0.2, 1.3),
    late = random.uniform(-2, 2);
  return {
    ...parent,
    heading: parent.heading + side * spread,
    width: parent.width * random.uniform(0.45, 0.72),
    taper: 0.55,
    length: random.uniform(0.4, 0.75) / (1 + 0.45 * parent.depth),
    bend: (s) => side * (s < 0.2 ? -back : late),
    depth: parent.depth + 1,
    beading: parent.beading * 0.6,
  };
}
