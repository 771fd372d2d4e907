/**
 * A text in which nothing acts on a terminal or hides from the eye: control characters as their
 * pictures (ESC is ␛), what has no width or turns the direction of writing as `\u{202e}`. Newlines
 * and tabs stay, unless `oneLine` makes them visible too.
 */
export function visibleText(
  text: string,
  { oneLine = false }: { readonly oneLine?: boolean } = {},
): string {
  const shown = text.toWellFormed().replace(HIDDEN, picture);
  return oneLine ? shown.replace(/[\n\t]/g, picture) : shown;
}

// Controls but \t and \n; soft hyphen, marks and isolates of direction, zero width, line and
// paragraph separator, odd spaces, tags.
const HIDDEN =
  // deno-lint-ignore no-control-regex
  /[\x00-\x08\x0b-\x1f\x7f-\xa0\xad\u061c\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ufff0-\ufffb\u{e0000}-\u{e007f}]/gu;

function picture(character: string): string {
  const code = character.codePointAt(0)!;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return "␡";
  return `\\u{${code.toString(16)}}`;
}
