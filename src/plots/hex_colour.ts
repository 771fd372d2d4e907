/** Red, green and blue of `#rrggbb`, 0 to 255 each. */
export function colourParts(colour: string): number[] {
  return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
}

/** `#rrggbb` of red, green and blue, 0 to 255 each. */
export function hexColour(parts: Iterable<number>): string {
  return "#" +
    Array.from(parts, (part) => Math.round(part).toString(16).padStart(2, "0")).join("");
}

/** A part of a colour, 0 to 1 in sRGB, as the share of light that it is. */
export function toLinear(part: number): number {
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}
