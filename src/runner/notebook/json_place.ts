/** Deeper values overflow the stacks of this and other readers: Jupyter's own ends near 500 too. */
const DEEPEST = 500;

/** A value of parsed JSON that is not what a notebook has at its place. */
export class JsonFault extends Error {
  /** The class name. */
  override readonly name = "JsonFault";
}

/**
 * A value inside parsed JSON together with the path to it, such as `cells[3].outputs[0].text`: each
 * method returns the value as what it has to be, or throws what was found and wanted at that path.
 */
export class JsonPlace {
  /** What stands there; undefined for nothing. */
  readonly value: unknown;
  /** Where it stands, from the top. */
  readonly path: string;

  constructor(value: unknown, path = "") {
    this.value = value;
    this.path = path;
  }

  /** Whether there is nothing here. */
  get isMissing(): boolean {
    return this.value === undefined;
  }

  /** The place of a key of this object. Only its own keys: a file may well say `__proto__`. */
  get(key: string): JsonPlace {
    const record = this.object();
    return new JsonPlace(Object.hasOwn(record, key) ? record[key] : undefined, this.#below(key));
  }

  /** An object. */
  object(): Record<string, unknown> {
    const value = this.value;
    if (value === null || typeof value !== "object" || Array.isArray(value)) {
      return this.fail("an object");
    }
    return value as Record<string, unknown>;
  }

  /** The places of an object's values, by key. */
  entries(): [string, JsonPlace][] {
    return Object.entries(this.object()).map((
      [key, value],
    ) => [key, new JsonPlace(value, this.#below(key))]);
  }

  /** The places of a list's items. */
  list(): JsonPlace[] {
    if (!Array.isArray(this.value)) return this.fail("a list");
    return this.value.map((item, index) => new JsonPlace(item, `${this.path}[${index}]`));
  }

  /** Text, in one string. */
  text(): string {
    return typeof this.value === "string" ? this.value : this.fail("text");
  }

  /** A list of texts. */
  texts(): string[] {
    if (!Array.isArray(this.value)) return this.fail("a list of lines");
    const wrong = this.value.findIndex((item) => typeof item !== "string");
    if (wrong >= 0) new JsonPlace(this.value[wrong], `${this.path}[${wrong}]`).text();
    return this.value;
  }

  /** Text that is stored in one string or as a list of lines. */
  lines(join = (lines: readonly string[]) => lines.join("")): string {
    if (typeof this.value === "string") return this.value;
    return Array.isArray(this.value) ? join(this.texts()) : this.fail("text or a list of lines");
  }

  /** The number of a run in brackets: from 0, or null, which is also what nothing stands for. */
  count(): number | null {
    return this.value === null || this.isMissing ? null : this.whole(0);
  }

  /** A whole number, at least `low`. */
  whole(low: number): number {
    const value = this.value;
    return typeof value === "number" && Number.isSafeInteger(value) && value >= low
      ? value
      : this.fail(`a whole number, at least ${low}`);
  }

  /** One of these words. */
  oneOf<T extends string>(words: readonly T[]): T {
    const found = words.find((word) => word === this.value);
    return found ?? this.fail(`one of ${words.join(", ")}`);
  }

  /** Throws for values so deep in each other that a recursive reader would overflow. */
  notTooDeep(): void {
    if (isDeeper(this.value, DEEPEST)) this.fail(`values at most ${DEEPEST} deep in each other`);
  }

  /** Throws that something else was wanted here. */
  fail(wanted: string): never {
    const path = this.path === "" ? "the top" : this.path;
    throw new JsonFault(`at ${path}: found ${describe(this.value)}, wanted ${wanted}`);
  }

  #below(key: string): string {
    if (/^[A-Za-z_$][\w$]*$/.test(key)) return this.path === "" ? key : `${this.path}.${key}`;
    return `${this.path}[${shortened(key)}]`;
  }
}

/** Without recursion, level by level. */
function isDeeper(value: unknown, deepest: number): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepest) return true;
    const next: unknown[] = [];
    for (const item of level) {
      if (item === null || typeof item !== "object") continue;
      for (const inner of Object.values(item)) {
        if (inner !== null && typeof inner === "object") next.push(inner);
      }
    }
    level = next;
  }
  return false;
}

/** A value in a few words. */
function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value !== null && typeof value === "object") return "an object";
  return typeof value === "string" ? shortened(value) : String(value);
}

function shortened(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
