import type { SeededRandom } from "../../_internal/seeded_random.ts";
import type { Rgb } from "./canvas.ts";

/** Everything about one eye and one exposure that does not depend on the disease. */
export interface Eye {
  /** +1 when the optic disc lies on the right of the image (a right eye), -1 for a left eye. */
  readonly nasal: 1 | -1;
  readonly disc: { x: number; y: number; radius: number; aspect: number; cup: number };
  readonly fovea: { x: number; y: number };
  /** Colour of the fundus at full light. */
  readonly fundus: Rgb;
  /** Strength of the macular pigment. */
  readonly macula: number;
  /** How clearly the choroid shows through, 0 to 1. */
  readonly tessellation: number;
  /** Field radius as a share of half the image, and its centre off the middle. */
  readonly field: { radius: number; dx: number; dy: number; notch: boolean; cropped: boolean };
  readonly camera: Camera;
}

/** One exposure. */
export interface Camera {
  readonly gain: number;
  readonly gamma: number;
  readonly balance: Rgb;
  /** Standard deviation of the blur as a share of the image's side. */
  readonly blur: number;
  /** Milky veil of a cloudy lens, 0 to 1. */
  readonly haze: number;
  /** Standard deviation of the sensor noise in brightness. */
  readonly noise: number;
  /** Fall of light towards the edge, and a slope of light across the field. */
  readonly vignette: number;
  readonly slope: { x: number; y: number };
}

/**
 * Draws the anatomy at random. Measures are those of a 45 degree photograph: the radius of the field
 * is 22.5 degrees, the disc is 5 to 7 degrees wide and lies about 15 degrees nasal of the fovea.
 */
export function createEye(random: SeededRandom): Eye {
  const nasal = random.next() < 0.5 ? 1 : -1;
  const tilt = random.uniform(-0.03, 0.07), gap = random.uniform(0.62, 0.72);
  const fovea = { x: -nasal * random.uniform(0.02, 0.22), y: random.uniform(-0.06, 0.08) };
  return {
    nasal,
    fovea,
    disc: {
      x: fovea.x + nasal * gap,
      y: fovea.y - tilt,
      radius: random.uniform(0.125, 0.16),
      aspect: random.uniform(0.82, 0.97),
      cup: random.uniform(0.3, 0.55),
    },
    fundus: fundusColour(random),
    macula: random.uniform(0.3, 0.55),
    tessellation: random.next() ** 2,
    field: {
      radius: random.uniform(0.93, 1.02),
      dx: random.uniform(-0.02, 0.02),
      dy: random.uniform(-0.02, 0.02),
      notch: random.next() < 0.25,
      cropped: random.next() < 0.3,
    },
    camera: createCamera(random),
  };
}

/** From pale orange to deep brown-red, darker with more pigment. */
function fundusColour(random: SeededRandom): Rgb {
  const pigment = random.next(), red = random.uniform(0.74, 0.86);
  return [
    red * (1 - 0.16 * pigment),
    red * (random.uniform(0.46, 0.54) - 0.12 * pigment),
    red * (random.uniform(0.2, 0.28) - 0.08 * pigment),
  ];
}

function createCamera(random: SeededRandom): Camera {
  const warmth = random.uniform(-0.06, 0.06);
  return {
    gain: random.uniform(0.82, 1.14),
    gamma: random.uniform(0.88, 1.15),
    balance: [1 + warmth, 1 + random.uniform(-0.04, 0.04), 1 - 1.5 * warmth],
    blur: random.next() ** 2 * 0.008,
    haze: random.next() < 0.3 ? random.uniform(0.02, 0.12) : 0,
    noise: random.uniform(0.004, 0.014),
    vignette: random.uniform(0.22, 0.48),
    slope: { x: random.uniform(-0.12, 0.12), y: random.uniform(-0.1, 0.1) },
  };
}
