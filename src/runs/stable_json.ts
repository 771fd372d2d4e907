/** A value ready for JSON, and where numbers had to be left out of it. */
export interface JsonText {
  /** The text with a final newline. */
  readonly text: string;
  /** JSON pointer to `"NaN"`, `"Infinity"` or `"-Infinity"` for each number written as null. */
  readonly nonFinite: Readonly<Record<string, string>>;
}

/** Options of {@linkcode stableJson}. */
export interface StableJsonOptions {
  /** Keys of the outermost object that come first, in this order. @default {[]} */
  readonly first?: readonly string[];
  /** Spaces by which nested values are indented; 0 gives one line. @default {2} */
  readonly indent?: number;
}

/**
 * JSON with sorted keys, so that equal values give equal bytes. Typed arrays become arrays, dates
 * ISO text. JSON has no NaN and no infinity: they become null, and an outermost object says so
 * under `nonFinite`.
 *
 * @throws {TypeError} on functions, symbols, bigints and circular values, naming the place
 */
export function stableJson(
  value: unknown,
  { first = [], indent = 2 }: StableJsonOptions = {},
): JsonText {
  const nonFinite: Record<string, string> = {};
  const plain = toPlain(value, "", { nonFinite, above: [] });
  const isObject = plain !== null && typeof plain === "object" && !Array.isArray(plain);
  if (!isObject) return { text: JSON.stringify(plain, null, indent) + "\n", nonFinite };
  const source = plain as Record<string, unknown>;
  const keys = new Set([...first.filter((key) => key in source), ...Object.keys(source)]);
  const entries = Array.from(keys, (key): [string, unknown] => [key, source[key]]);
  if (Object.keys(nonFinite).length > 0 && !keys.has("nonFinite")) {
    entries.push(["nonFinite", nonFinite]);
  }
  return { text: JSON.stringify(Object.fromEntries(entries), null, indent) + "\n", nonFinite };
}

interface Walk {
  readonly nonFinite: Record<string, string>;
  readonly above: readonly object[];
}

function toPlain(value: unknown, place: string, walk: Walk): unknown {
  if (typeof value === "number") {
    if (Number.isFinite(value)) return value;
    walk.nonFinite[place] = String(value);
    return null;
  }
  if (value === null || value === undefined) return null;
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value !== "object") {
    throw new TypeError(
      `Value at "${place}" is a ${typeof value}, wanted something JSON can hold: leave it out or turn it into text`,
    );
  }
  if (walk.above.includes(value)) {
    throw new TypeError(`Value at "${place}" contains itself: pass plain data without cycles`);
  }
  if (value instanceof Date) return value.toISOString();
  const inner: Walk = { ...walk, above: [...walk.above, value] };
  if (Array.isArray(value)) return value.map((item, i) => toPlain(item, `${place}/${i}`, inner));
  if (ArrayBuffer.isView(value) && Symbol.iterator in value) {
    return Array.from(value as Uint8Array, (item, i) => toPlain(item, `${place}/${i}`, inner));
  }
  const entries = value instanceof Map
    ? Array.from(value, ([key, item]): [string, unknown] => [String(key), item])
    : Object.entries(value);
  entries.sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0);
  return Object.fromEntries(
    entries.filter(([, item]) => item !== undefined)
      .map(([key, item]) => [key, toPlain(item, `${place}/${key}`, inner)]),
  );
}
