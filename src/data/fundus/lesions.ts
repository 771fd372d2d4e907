import type { SeededRandom } from "../../_internal/seeded_random.ts";
import { LESION_BITS } from "../image_set.ts";
import { type Canvas, paintSpot, type Rgb } from "./canvas.ts";
import type { Eye } from "./eye.ts";
import { paintProliferation } from "./proliferation.ts";

const BLOOD: Rgb = [0.55, 0.2, 0.19];
const EXUDATE: Rgb = [1.0, 0.9, 0.5];
const COTTON: Rgb = [0.95, 0.84, 0.62];

/** How many lesions of each kind one eye has. */
export interface LesionPlan {
  readonly microaneurysms: number;
  readonly dots: number;
  readonly blots: number;
  /** Clusters of hard exudates. */
  readonly exudates: number;
  readonly cotton: number;
  /** Depth of venous beading, 0 for none. */
  readonly beading: number;
  readonly tufts: number;
  readonly preretinal: number;
}

/**
 * Draws lesion counts for a grade of the ICDR scale (Wilkinson et al., 2003): 1 microaneurysms only,
 * 2 more than these, 3 many haemorrhages, cotton-wool spots, venous beading, 4 new vessels or
 * preretinal haemorrhage. Counts of neighbouring grades overlap, as they do in patients.
 */
export function planLesions(grade: number, random: SeededRandom): LesionPlan {
  const between = (low: number, high: number) => low + random.integer(high - low + 1);
  const none = {
    microaneurysms: 0,
    dots: 0,
    blots: 0,
    exudates: 0,
    cotton: 0,
    beading: 0,
    tufts: 0,
    preretinal: 0,
  };
  switch (grade) {
    case 0:
      return none;
    case 1:
      return { ...none, microaneurysms: between(3, 9) };
    case 2:
      return {
        ...none,
        microaneurysms: between(5, 14),
        dots: between(3, 9),
        blots: between(0, 2),
        exudates: between(0, 3),
        cotton: random.next() < 0.2 ? 1 : 0,
      };
    case 3:
      return {
        ...none,
        microaneurysms: between(8, 18),
        dots: between(10, 22),
        blots: between(6, 14),
        exudates: between(0, 3),
        cotton: between(1, 5),
        beading: random.uniform(0.3, 0.55),
      };
    default:
      return proliferative(random, between);
  }
}

function proliferative(
  random: SeededRandom,
  between: (low: number, high: number) => number,
): LesionPlan {
  const bleeding = random.next() < 0.55 ? between(1, 2) : 0;
  return {
    microaneurysms: between(4, 14),
    dots: between(3, 14),
    blots: between(1, 8),
    exudates: between(0, 2),
    cotton: between(0, 3),
    beading: random.uniform(0, 0.45),
    tufts: bleeding > 0 ? between(0, 3) : between(2, 4),
    preretinal: bleeding,
  };
}

/** Paints the lesions of a plan and marks them in the mask. */
export function paintLesions(
  canvas: Canvas,
  eye: Eye,
  { plan, random }: { plan: LesionPlan; random: SeededRandom },
): void {
  for (let i = 0; i < plan.exudates; i++) paintExudates(canvas, eye, random);
  for (let i = 0; i < plan.cotton; i++) paintCotton(canvas, eye, random);
  for (let i = 0; i < plan.blots; i++) paintBlot(canvas, eye, random);
  const blood = (radius: number, bit: number) =>
    paintSpot(canvas, {
      ...placeLesion(eye, random, { near: 0.14, far: 0.95 }),
      radius,
      soft: 0.35,
      aspect: random.uniform(0.75, 1),
      angle: random.uniform(0, 3),
      bumps: 0.12,
      phase: random.uniform(0, 6),
    }, { colour: BLOOD, mode: "tint", alpha: random.uniform(0.72, 0.95), bit });
  for (let i = 0; i < plan.dots; i++) {
    blood(random.uniform(0.024, 0.042), LESION_BITS.haemorrhage);
  }
  for (let i = 0; i < plan.microaneurysms; i++) {
    blood(random.uniform(0.017, 0.025), LESION_BITS.microaneurysm);
  }
  paintProliferation(canvas, eye, { plan, random });
}

/** Somewhere in the field, off the disc, between two distances from the fovea. */
function placeLesion(
  { fovea, disc }: Eye,
  random: SeededRandom,
  { near, far }: { near: number; far: number },
): { x: number; y: number } {
  for (let attempt = 0; attempt < 50; attempt++) {
    const distance = near + (far - near) * Math.sqrt(random.next());
    const turn = random.uniform(0, 2 * Math.PI);
    const x = fovea.x + distance * Math.cos(turn), y = fovea.y + distance * Math.sin(turn);
    const offDisc = Math.hypot(x - disc.x, y - disc.y) > disc.radius * 1.25;
    if (offDisc && x * x + y * y < 0.77) return { x, y };
  }
  return { x: fovea.x, y: fovea.y + near };
}

/** Blots are large and bumpy; near the disc they follow the nerve fibres as flames. */
function paintBlot(canvas: Canvas, eye: Eye, random: SeededRandom): void {
  const place = placeLesion(eye, random, { near: 0.22, far: 1.0 });
  const flame = random.next() < 0.35;
  paintSpot(canvas, {
    ...place,
    radius: random.uniform(0.048, 0.085),
    soft: flame ? 0.5 : 0.28,
    aspect: flame ? random.uniform(0.3, 0.45) : random.uniform(0.7, 1),
    angle: Math.atan2(place.y - eye.disc.y, place.x - eye.disc.x),
    bumps: 0.22,
    phase: random.uniform(0, 6),
  }, {
    colour: BLOOD,
    mode: "tint",
    alpha: random.uniform(0.8, 1),
    bit: LESION_BITS.haemorrhage,
  });
}

/** A cluster of sharp yellow specks, or part of a ring around a leaking vessel. */
function paintExudates(canvas: Canvas, eye: Eye, random: SeededRandom): void {
  const centre = placeLesion(eye, random, { near: 0.1, far: 0.6 });
  const ring = random.next() < 0.4, size = random.uniform(0.06, 0.13);
  const start = random.uniform(0, 6), specks = 5 + random.integer(10);
  for (let i = 0; i < specks; i++) {
    const turn = ring ? start + random.uniform(0, 3.8) : random.uniform(0, 2 * Math.PI);
    const distance = ring ? size * random.uniform(0.85, 1.1) : size * Math.sqrt(random.next());
    paintSpot(canvas, {
      x: centre.x + distance * Math.cos(turn),
      y: centre.y + distance * Math.sin(turn),
      radius: random.uniform(0.009, 0.024),
      soft: 0.2,
      aspect: random.uniform(0.6, 1),
      angle: turn,
      bumps: 0.2,
      phase: turn,
    }, {
      colour: EXUDATE,
      mode: "cover",
      alpha: random.uniform(0.7, 0.95),
      bit: LESION_BITS.hardExudate,
    });
  }
}

/** Cotton-wool spots: pale, feathered, near the arcades. */
function paintCotton(canvas: Canvas, eye: Eye, random: SeededRandom): void {
  const place = placeLesion(eye, random, { near: 0.35, far: 0.85 });
  paintSpot(canvas, {
    ...place,
    radius: random.uniform(0.04, 0.07),
    soft: 0.9,
    aspect: random.uniform(0.55, 0.9),
    angle: Math.atan2(place.y - eye.disc.y, place.x - eye.disc.x) + Math.PI / 2,
    bumps: 0.2,
    phase: random.uniform(0, 6),
  }, {
    colour: COTTON,
    mode: "cover",
    alpha: random.uniform(0.6, 0.82),
    bit: LESION_BITS.softExudate,
  });
}
