import { SeededRandom } from "../../_internal/seeded_random.ts";
import { paintBackground } from "./background.ts";
import { createCanvas } from "./canvas.ts";
import { develop, type Target } from "./develop.ts";
import { createEye } from "./eye.ts";
import { paintLesions, planLesions } from "./lesions.ts";
import { paintVessels } from "./vessels.ts";

/** Draws one fundus photograph of a grade into `target`. The same key gives the same bytes. */
export function drawFundus(key: string, grade: number, target: Target): void {
  const random = new SeededRandom(key), { size } = target;
  const eye = createEye(random.fork("eye"));
  const side = size * 2, half = side / 2;
  const canvas = createCanvas(side, {
    scale: half * eye.field.radius,
    cx: half * (1 + eye.field.dx),
    cy: half * (1 + eye.field.dy),
  });
  const plan = planLesions(grade, random.fork("plan"));
  paintBackground(canvas, eye, random.fork("background"));
  paintVessels(canvas, eye, { random: random.fork("vessels"), beading: plan.beading });
  paintLesions(canvas, eye, { plan, random: random.fork("lesions") });
  develop(canvas, eye, { target, random: random.fork("camera") });
}
