import { colourParts, hexColour } from "./hex_colour.ts";
import { PALETTE, seriesColour } from "./theme.ts";

const DASHES = [undefined, "6 3", "1.5 2.5", "9 3 2 3"] as const;

/** The dashes of the n-th line: colours repeat after seven, and then the dashes tell lines apart. */
export function seriesDash(n: number): string | undefined {
  return DASHES[Math.floor(n / PALETTE.length) % DASHES.length];
}

/** The colour of the n-th area: those of the palette, then the same lighter, then darker. */
export function seriesFill(n: number): string {
  const round = Math.floor(n / PALETTE.length) % 3, colour = seriesColour(n);
  if (round === 0) return colour;
  const towards = round === 1 ? 255 : 0, part = round === 1 ? 0.55 : 0.45;
  return hexColour(colourParts(colour).map((value) => value + (towards - value) * part));
}
