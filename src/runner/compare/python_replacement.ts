const ESCAPES: Readonly<Record<string, string>> = {
  ...{ a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v", "\\": "\\" },
};

/**
 * The JavaScript form of a replacement of Python's `re.sub`, for the translated pattern.
 *
 * @throws {TypeError} for a group that the pattern does not have, or an escape Python does not know
 */
export function pythonReplacement(template: string, pattern: RegExp): string {
  // The empty alternative always matches, which tells the groups.
  const groups = new RegExp(`${pattern.source}|`, pattern.flags.replace("g", "")).exec("")!;
  const names = Object.keys(groups.groups ?? {});
  const form = /\$|\\(?:g<([^>]*)>|([1-9]\d?)|(0[0-7]{0,2})|([A-Za-z\\]))/g;
  return template.replace(form, (found, named, numbered, octal, letter) => {
    const plain = octal === undefined ? found : String.fromCodePoint(parseInt(octal, 8));
    if (plain === "$") return "$$";
    if (octal !== undefined) return plain;
    if (letter !== undefined) {
      if (Object.hasOwn(ESCAPES, letter)) return ESCAPES[letter];
      throw new TypeError(`"${template}": Python does not know the escape "${found}"; double it`);
    }
    const group = named ?? numbered;
    if (names.includes(group)) return `$<${group}>`;
    const number = /^\d+$/.test(group) ? Number(group) : NaN;
    if (number === 0) return "$&";
    // Two digits, so that a digit of the text that follows is not taken for one of the number.
    if (number < groups.length && number < 100) return `$${String(number).padStart(2, "0")}`;
    throw new TypeError(
      `"${template}" names group "${group}", and the pattern has ` +
        `${groups.length - 1}${names.length > 0 ? ` (${names.join(", ")})` : ""}`,
    );
  });
}
