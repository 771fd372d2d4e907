import { Buffer } from "node:buffer";
import type { SeededRandom } from "../../../src/_internal/seeded_random.ts";

interface Mutated {
  readonly label: string;
  readonly bytes: Uint8Array;
  readonly at: string;
}

type Holder = Record<string, unknown> | unknown[];
interface Spot {
  readonly holder: Holder;
  readonly key: string | number;
  readonly path: string;
}

/** Stands for text that JSON.stringify would not write. */
const TOKEN = "\u0001token";

/** What may stand in place of any value. */
const VALUES: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1, 3, 4, 5, 6, 1.5, 1e308, 2 ** 53, "", "x", "4", "text/plain"],
  ...[[], {}, [1], ["a"], [["a"]], [null], { a: 1 }, [{}], "stream", "error", "code", "\ud800"],
];

/** JSON text that no value of JavaScript gives. */
const TEXTS: Readonly<Record<string, (random: SeededRandom) => string>> = {
  "not a number": () => "NaN",
  "infinity": () => "-Infinity",
  "number too large": () => "1e999",
  "negative zero": () => "-0",
  "long integer": () => "123456789012345678901234567890",
  "lone surrogates": () => '"a\\ud800b\\udc00\\u0000"',
  "prototype": () =>
    '{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}',
  "doubled keys": () => '{"a": 1, "a": {"b": 2}}',
  "deep": (random) => nested(random, "[", "]"),
  "deep in objects": (random) => nested(random, '{"a":', "}"),
};

function nested(random: SeededRandom, open: string, close: string): string {
  const depth = [10, 300, 490, 600, 5000, 200_000][random.integer(6)];
  return `${open.repeat(depth)}1${close.repeat(depth)}`;
}

/** A notebook's file after one change at one place. */
export function mutateJson(notebook: object, random: SeededRandom): Mutated {
  // Not structuredClone, which keeps shared values shared: a change would show at two places.
  const copy: Record<string, unknown> = JSON.parse(JSON.stringify(notebook));
  const spots = spotsOf(copy);
  const spot = spots[random.integer(spots.length)];
  const { holder, key } = spot;
  const put = (value: unknown) => Reflect.set(holder, key, value);
  const kind = random.next();
  let label: string;
  let text: string | undefined;
  if (kind < 0.25) {
    label = "lost";
    if (Array.isArray(holder)) holder.splice(key as number, 1);
    else Reflect.deleteProperty(holder, key);
  } else if (kind < 0.55) {
    const value = VALUES[random.integer(VALUES.length)];
    label = `now ${JSON.stringify(value)}`;
    put(structuredClone(value));
  } else if (kind < 0.65) {
    label = "renamed";
    rename(spot, ["__proto__", "constructor", "", "x", "source", "id"][random.integer(6)]);
  } else if (kind < 0.72) {
    label = "wrapped in a list";
    put([Reflect.get(holder, key)]);
  } else if (kind < 0.8) {
    label = "doubled";
    const value = Reflect.get(holder, key);
    if (Array.isArray(holder)) holder.splice(key as number, 0, structuredClone(value));
    else put([value, structuredClone(value)]);
  } else if (kind < 0.81) {
    label = "very long";
    text = `[${'"x\\n",'.repeat(1e6)}"x"]`;
    put(TOKEN);
  } else {
    const labels = Object.keys(TEXTS);
    label = labels[random.integer(labels.length)];
    text = TEXTS[label](random);
    put(TOKEN);
  }
  const json = JSON.stringify(copy);
  const mark = JSON.stringify(TOKEN);
  const bytes = Buffer.from(text === undefined ? json : json.split(mark).join(text));
  return { label, bytes, at: spot.path };
}

/** Every value in a value, with what holds it. */
function spotsOf(holder: Holder, path = ""): Spot[] {
  return Object.entries(holder).flatMap(([name, value]) => {
    const isItem = Array.isArray(holder);
    const key = isItem ? Number(name) : name;
    const isWord = /^[A-Za-z_$][\w$]*$/.test(name);
    const below = isItem
      ? `${path}[${key}]`
      : isWord
      ? `${path}${path === "" ? "" : "."}${name}`
      : `${path}[${JSON.stringify(name)}]`;
    const inner = value !== null && typeof value === "object"
      ? spotsOf(value as Holder, below)
      : [];
    return [{ holder, key, path: below }, ...inner];
  });
}

function rename({ holder, key }: Spot, name: string): void {
  if (Array.isArray(holder)) return;
  const value = holder[key];
  Reflect.deleteProperty(holder, key);
  // Plain assignment to __proto__ would change what the object is.
  Object.defineProperty(holder, name, { value, enumerable: true, configurable: true });
}
