/**
 * Whether a version lies in a range: comparators `<`, `<=`, `>`, `>=`, `=` (or none) side by side,
 * alternatives behind `||`, and `*`. Missing numbers are 0, and a pre-release comes before its
 * release.
 *
 * @throws {RangeError} when the range or the version cannot be read
 */
export function inVersionRange(version: string, range: string): boolean {
  const found = parseVersion(version);
  return range.split("||").some((alternative) =>
    parseComparators(alternative, range).every(({ operator, wanted }) => {
      const order = compare(found, wanted);
      if (operator === "<") return order < 0;
      if (operator === "<=") return order <= 0;
      if (operator === ">") return order > 0;
      if (operator === ">=") return order >= 0;
      return order === 0;
    })
  );
}

function parseComparators(text: string, range: string) {
  const words = text.trim().split(/\s+/);
  if (words.length === 1 && words[0] === "*") return [];
  return words.map((word) => {
    const [, operator, wanted] = /^(<=|>=|<|>|=?)(\d.*)$/.exec(word) ?? [];
    if (wanted === undefined) {
      throw new RangeError(`"${word}" in the range "${range}" is none of <, <=, >, >=, = and *`);
    }
    return { operator, wanted: parseVersion(wanted) };
  });
}

/** Three numbers, and 0 for a pre-release or 1 for a release. */
function parseVersion(version: string): readonly number[] {
  const [, numbers, rest] = /^v?(\d+(?:\.\d+){0,3})(.*)$/.exec(version.trim()) ?? [];
  if (numbers === undefined) throw new RangeError(`"${version}" is no version such as 1.2.3`);
  const [major = 0, minor = 0, patch = 0] = numbers.split(".").map(Number);
  return [major, minor, patch, /^(?:-|a\d|b\d|rc)/.test(rest) ? 0 : 1];
}

function compare(a: readonly number[], b: readonly number[]): number {
  const place = a.findIndex((part, i) => part !== b[i]);
  return place === -1 ? 0 : a[place] - b[place];
}
