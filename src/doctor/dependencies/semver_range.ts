/** A version as semver orders it. */
interface Version {
  readonly numbers: readonly [number, number, number];
  /** Empty for a release. */
  readonly pre: readonly string[];
}

/** One bound of a range. */
interface Bound {
  readonly operator: "<" | "<=" | ">" | ">=" | "=";
  readonly version: Version;
}

const PART =
  /^([\^~]|[<>]=?|=)?\s*v?(\d+|[xX*])(?:\.(\d+|[xX*]))?(?:\.(\d+|[xX*]))?(?:-([\w.-]+))?(?:\+[\w.-]+)?$/;

/**
 * Whether a version is within a range as npm and Deno write them: `^1.2.3`, `~1.2`, `1.x`, `>=1 <3`,
 * `1 - 2`, `a || b`. A version before a release is only within a range that names one of the same
 * numbers.
 *
 * @returns undefined where the text is no such range, as with `latest` or the address of a repository
 */
export function satisfiesRange(version: string, range: string): boolean | undefined {
  const found = parseVersion(version);
  if (found === undefined) return undefined;
  const sets = range.split("||").map((part) => boundsOf(part.trim()));
  if (sets.includes(undefined)) return undefined;
  return (sets as Bound[][]).some((bounds) => within(found, bounds));
}

function parseVersion(text: string): Version | undefined {
  const match = /^v?(\d+)\.(\d+)\.(\d+)(?:-([\w.-]+))?(?:\+[\w.-]+)?$/.exec(text.trim());
  if (match === null) return undefined;
  const [, major, minor, patch, pre] = match;
  return {
    numbers: [Number(major), Number(minor), Number(patch)],
    pre: pre === undefined ? [] : pre.split("."),
  };
}

/** The bounds of a range without `||`; undefined where it cannot be read. */
function boundsOf(text: string): Bound[] | undefined {
  if (text === "") return [];
  const hyphen = /^(\S+)\s+-\s+(\S+)$/.exec(text);
  const parts = hyphen !== null
    ? [`>=${hyphen[1]}`, `<=${hyphen[2]}`]
    : text.replace(/([<>=^~])\s+/g, "$1").split(/\s+/);
  const bounds = parts.map(boundsOfPart);
  return bounds.includes(undefined) ? undefined : (bounds as Bound[][]).flat();
}

function boundsOfPart(part: string): Bound[] | undefined {
  const match = PART.exec(part);
  if (match === null) return undefined;
  const [, operator = "", ...texts] = match;
  const given = texts.slice(0, 3).map((text) =>
    /^\d+$/.test(text ?? "") ? Number(text) : undefined
  );
  // `1.x.3` says no more than `1.x`.
  const known = given.findIndex((number) => number === undefined);
  const count = known === -1 ? 3 : known;
  const numbers = [0, 1, 2].map((i) => i < count ? given[i]! : 0) as [number, number, number];
  const pre = texts[3] === undefined || count < 3 ? [] : texts[3].split(".");
  const low = { numbers, pre };
  if (count === 0) return operator === "<" || operator === ">" ? [bound("<", low)] : [];
  switch (operator) {
    case "^": {
      const first = numbers.findIndex((number) => number > 0);
      return between(low, first === -1 || first >= count ? count - 1 : first);
    }
    case "~":
      return between(low, Math.min(count - 1, 1));
    case ">":
      return [count === 3 ? bound(">", low) : bound(">=", raised(low, count - 1))];
    case "<=":
      return [count === 3 ? bound("<=", low) : bound("<", raised(low, count - 1))];
    case ">=":
    case "<":
      return [bound(operator, low)];
    default:
      return count === 3 ? [bound("=", low)] : between(low, count - 1);
  }
}

function bound(operator: Bound["operator"], version: Version): Bound {
  return { operator, version };
}

/** From a version to the next one in which the number at that place is higher. */
function between(low: Version, place: number): Bound[] {
  return [bound(">=", low), bound("<", raised(low, place))];
}

/** Before anything of the next one, its versions before the release included. */
function raised({ numbers }: Version, place: number): Version {
  const next = numbers.map((number, i) => i < place ? number : i === place ? number + 1 : 0);
  return { numbers: next as [number, number, number], pre: ["0"] };
}

function within(version: Version, bounds: readonly Bound[]): boolean {
  const meets = bounds.every(({ operator, version: limit }) => {
    const order = compare(version, limit);
    if (operator === "=") return order === 0;
    if (order === 0) return operator.endsWith("=");
    return operator.startsWith("<") ? order < 0 : order > 0;
  });
  if (!meets || version.pre.length === 0) return meets;
  return bounds.some(({ version: { numbers, pre } }) =>
    pre.length > 0 && numbers.every((number, i) => number === version.numbers[i])
  );
}

function compare(a: Version, b: Version): number {
  for (const i of [0, 1, 2]) {
    if (a.numbers[i] !== b.numbers[i]) return a.numbers[i] - b.numbers[i];
  }
  if (a.pre.length === 0 || b.pre.length === 0) return b.pre.length - a.pre.length;
  for (let i = 0; i < Math.max(a.pre.length, b.pre.length); i++) {
    const [left, right] = [a.pre[i], b.pre[i]];
    if (left === right) continue;
    if (left === undefined) return -1;
    if (right === undefined) return 1;
    const numeric = [left, right].map((part) => /^\d+$/.test(part));
    if (numeric[0] && numeric[1]) return Number(left) - Number(right);
    if (numeric[0] !== numeric[1]) return numeric[0] ? -1 : 1;
    return left < right ? -1 : 1;
  }
  return 0;
}
