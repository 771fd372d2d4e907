import { printable } from "../_internal/printable.ts";

/** How much wider bold letters are. */
export const BOLD = 1.13;

/** Widths of the characters from space to tilde in DejaVu Sans, in hundredths of the font size. */
const WIDTHS =
  ("32 40 46 84 64 95 78 27 39 39 50 84 32 36 32 34 64 64 64 64 64 64 64 64 64 64 34 34 " +
    "84 84 84 53 100 68 69 70 77 63 58 77 75 29 29 66 56 86 75 79 60 79 69 63 61 73 68 99 69 61 69 39 " +
    "34 39 84 50 50 61 63 55 63 62 35 63 63 28 28 58 28 97 63 61 63 63 41 52 39 63 59 82 59 59 52 64 34 " +
    "64 84").split(" ").map(Number);

/** How wide a text will be in pixels; exact for ASCII, a little too wide for other scripts. */
export function textWidth(text: string, size: number, bold = false): number {
  let hundredths = 0;
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    hundredths += WIDTHS[code - 32] ?? (code < 0x2e80 ? 75 : 104);
  }
  return hundredths / 100 * size * (bold ? BOLD : 1);
}

/** The text, or as much of its beginning as fits into `width` pixels, and an ellipsis. */
export function fitText(text: string, width: number, size: number): string {
  const clean = printable(text);
  if (textWidth(clean, size) <= width) return clean;
  const characters = Array.from(clean);
  while (characters.length > 1 && textWidth(characters.join("") + "…", size) > width) {
    characters.pop();
  }
  return characters.join("").trimEnd() + "…";
}

/** The text, or as much of both its ends as fits: what tells two ids apart is often their end. */
export function fitMiddle(text: string, width: number, size: number): string {
  const clean = printable(text);
  if (textWidth(clean, size) <= width) return clean;
  const characters = Array.from(clean);
  for (let kept = characters.length - 1; kept > 1; kept--) {
    const half = Math.floor(kept / 2);
    const cut = `${characters.slice(0, kept - half).join("")}…${characters.slice(-half).join("")}`;
    if (textWidth(cut, size) <= width) return cut;
  }
  return fitText(clean, width, size);
}

/** The text in lines of at most `width` pixels, at most `lines` of them; words longer than a line are cut. */
export function wrapText(
  text: string,
  { width, size, lines = Infinity }: { width: number; size: number; lines?: number },
): string[] {
  const out: string[] = [];
  for (const word of printable(text).split(/\s+/).filter(Boolean)) {
    const longer = out.length === 0 ? word : `${out[out.length - 1]} ${word}`;
    if (out.length > 0 && textWidth(longer, size) <= width) out[out.length - 1] = longer;
    else out.push(word);
  }
  const shown = out.slice(0, lines);
  if (out.length > lines) shown[lines - 1] += " " + out.slice(lines).join(" ");
  return shown.map((line) => fitText(line, width, size));
}
