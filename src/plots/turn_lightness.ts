import { colourParts, hexColour, toLinear } from "./hex_colour.ts";

/** Lightness of the dark page, and of what is darkest on a white one: the ends of the turned scale. */
const LOW = 0.18, HIGH = 0.95;

/**
 * The colour with its lightness turned round, hue and chroma kept, in OKLab (Ottosson 2020): a scale
 * from white to dark blue becomes one from the dark page to light blue, in the same even steps.
 *
 * @param colour `#rrggbb`
 */
export function turnLightness(colour: string): string {
  const [r, g, b] = colourParts(colour).map((part) => toLinear(part / 255));
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  const lightness = 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s;
  const a = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s;
  const bb = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s;
  return fromOklab(LOW + (1 - lightness) * (HIGH - LOW), a, bb);
}

function fromOklab(lightness: number, a: number, b: number): string {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const rgb = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  return hexColour(rgb.map((part) => toSrgb(Math.min(1, Math.max(0, part))) * 255));
}

function toSrgb(part: number): number {
  return part <= 0.0031308 ? part * 12.92 : 1.055 * part ** (1 / 2.4) - 0.055;
}
