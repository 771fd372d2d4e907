import type { SeededRandom } from "../../_internal/seeded_random.ts";
import { type Canvas, paintSpot, type Rgb } from "./canvas.ts";
import type { Eye } from "./eye.ts";
import { noiseField } from "./noise_field.ts";

/** Paints what every eye has apart from vessels: the red field, its light, the macula, the disc. */
export function paintBackground(canvas: Canvas, eye: Eye, random: SeededRandom): void {
  const { side, scale, cx, cy, rgb } = canvas, { fovea, disc, camera } = eye;
  const mottle = noiseField(random.fork("mottle"), { side, across: 14, down: 14 });
  const grain = noiseField(random.fork("grain"), { side, across: 54, down: 54 });
  const choroid = noiseField(random.fork("choroid"), { side, across: 11, down: 26 });
  for (let py = 0; py < side; py++) {
    const y = (py + 0.5 - cy) / scale;
    for (let px = 0; px < side; px++) {
      const x = (px + 0.5 - cx) / scale, d2 = x * x + y * y;
      if (d2 > 1.05) continue;
      const light = (1 - camera.vignette * d2 * (0.55 + 0.45 * d2)) *
        (1 + camera.slope.x * x + camera.slope.y * y);
      const pixel = py * side + px, texture = 1 + 0.1 * mottle[pixel] + 0.035 * grain[pixel];
      // The choroid's vessels show as pale bands.
      const band = eye.tessellation * 0.16 * Math.max(0, choroid[pixel]);
      const macula = eye.macula * bell(x - fovea.x, y - fovea.y, 0.17);
      const pit = 0.25 * bell(x - fovea.x, y - fovea.y, 0.05);
      const glow = 0.14 * bell(x - disc.x, y - disc.y, 0.38);
      const at = pixel * 3, base = light * texture * (1 + glow);
      rgb[at] = eye.fundus[0] * base * (1 - 0.5 * macula - 0.35 * pit) * (1 + 0.5 * band);
      rgb[at + 1] = eye.fundus[1] * base * (1 - 0.95 * macula - pit) * (1 + band);
      rgb[at + 2] = eye.fundus[2] * base * (1 - 0.9 * macula - pit) * (1 + band);
    }
  }
  paintDisc(canvas, eye);
}

/** A bell curve of height 1; far from its middle it is taken for 0. */
function bell(x: number, y: number, width: number): number {
  const exponent = (x * x + y * y) / (2 * width * width);
  return exponent > 7 ? 0 : Math.exp(-exponent);
}

function paintDisc(canvas: Canvas, { disc, nasal, fundus, camera }: Eye): void {
  const upright = { angle: Math.PI / 2, aspect: disc.aspect };
  const light = 1 - camera.vignette * (disc.x * disc.x + disc.y * disc.y) * 0.6;
  const shade = (colour: Rgb): Rgb => [colour[0] * light, colour[1] * light, colour[2] * light];
  // Pigmented crescent on the temporal side, then the rim, a paler temporal half, the cup.
  paintSpot(canvas, {
    ...disc,
    ...upright,
    x: disc.x - nasal * 0.018,
    radius: disc.radius * 1.08,
    soft: 0.18,
  }, {
    colour: shade([fundus[0] * 1.1, fundus[1] * 1.25, fundus[2] * 1.2]),
    mode: "cover",
    alpha: 0.5,
  });
  paintSpot(canvas, { ...disc, ...upright, soft: 0.12 }, {
    colour: shade([1.0, 0.76, 0.44]),
    mode: "cover",
    alpha: 0.92,
    bit: 4,
  });
  paintSpot(canvas, {
    ...disc,
    ...upright,
    x: disc.x - nasal * disc.radius * 0.3,
    radius: disc.radius * 0.66,
    soft: 0.6,
  }, {
    colour: shade([1.02, 0.86, 0.56]),
    mode: "cover",
    alpha: 0.7,
  });
  paintSpot(canvas, {
    ...disc,
    ...upright,
    x: disc.x - nasal * disc.radius * 0.14,
    radius: disc.radius * disc.cup,
    soft: 0.5,
  }, {
    colour: shade([1.08, 0.98, 0.76]),
    mode: "cover",
    alpha: 0.85,
  });
}
