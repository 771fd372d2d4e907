import { colourParts, hexColour, toLinear } from "./hex_colour.ts";

/** The font that the PNG renderer ships; every text of every figure uses it. */
export const FONT = "DejaVu Sans";

/** Font sizes in pixels. */
export const SIZES = { title: 15, subtitle: 11.5, label: 11.5, small: 10 } as const;

/** Explicit colours: a front end may inline a figure on a dark page, where currentColor is white. */
export const COLOURS = {
  background: "#ffffff",
  ink: "#1f2328",
  muted: "#59636e",
  rule: "#8c959f",
  grid: "#e4e7eb",
  empty: "#f0f1f3",
  right: "#00694a",
  wrong: "#b3380f",
} as const;

/**
 * The palette of Okabe and Ito (2008), which every kind of colour vision tells apart, darkest first
 * and without its yellow, which is lost on white.
 */
export const PALETTE: readonly string[] = [
  "#0072b2",
  "#d55e00",
  "#009e73",
  "#cc79a7",
  "#e69f00",
  "#56b4e9",
  "#000000",
];

/** The colour of the n-th head, class or series; they repeat after seven. */
export function seriesColour(n: number): string {
  return PALETTE[n % PALETTE.length];
}

/** White at 0 to dark blue at 1: the colour of a share. */
export function shareColour(share: number): string {
  const position = Math.min(1, Math.max(0, share)) * (BLUES.length - 1);
  const below = Math.min(BLUES.length - 2, Math.floor(position)), part = position - below;
  return hexColour(BLUES[below].map((low, i) => low + (BLUES[below + 1][i] - low) * part));
}

const BLUES = [[255, 255, 255], [198, 219, 239], [107, 174, 214], [33, 113, 181], [8, 48, 107]];

/** Black or white, whichever is easier to read on a colour: the contrast is at least 4.5 (WCAG 2). */
export function textColourOn(colour: string): string {
  const light = luminance(colour) + 0.05;
  return 1.05 / light > light / 0.05 ? "#ffffff" : "#000000";
}

/** Relative luminance of a colour `#rrggbb`, 0 (black) to 1 (white). */
export function luminance(colour: string): number {
  const [r, g, b] = colourParts(colour).map((part) => toLinear(part / 255));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
