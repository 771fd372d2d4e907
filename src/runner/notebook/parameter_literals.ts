import { ParameterFloat, type ParameterValue, unfitParameter } from "./parameter_value.ts";

/** How a language writes values. */
interface Literals {
  readonly comment: string;
  readonly names: RegExp;
  readonly assign: (name: string, literal: string) => string;
  readonly null: string;
  readonly boolean: (value: boolean) => string;
  readonly number: (value: number, isFloat: boolean) => string;
  readonly text: (value: string) => string;
  /** Nothing where the language has no such value. */
  readonly list: (items: readonly string[]) => string | undefined;
  /** Nothing where the language has no such value. */
  readonly map?: (entries: readonly (readonly [key: string, literal: string])[]) => string;
}

const NAMES = /^[\p{ID_Start}_]\p{ID_Continue}*$/u;
/** Deeper values are most likely ones that contain themselves. */
const DEEPEST = 100;

const PYTHON: Literals = {
  comment: "#",
  names: NAMES,
  assign: (name, literal) => `${name} = ${literal}`,
  null: "None",
  boolean: (value) => value ? "True" : "False",
  number: (value, isFloat) => {
    if (!Number.isFinite(value)) return `float("${String(value)}")`;
    // Of Python's numbers only a float has a negative zero.
    const text = Object.is(value, -0) ? "-0" : String(value);
    return (isFloat || text === "-0") && /^-?\d+$/.test(text) ? `${text}.0` : text;
  },
  text: JSON.stringify,
  list: (items) => `[${items.join(", ")}]`,
  map: (entries) => `{${entries.map(([key, literal]) => `${quoted(key)}: ${literal}`).join(", ")}}`,
};

const TYPESCRIPT: Literals = {
  comment: "//",
  names: NAMES,
  // Cells of a TypeScript kernel may declare a name anew; `let` lets later cells change it too.
  assign: (name, literal) => `let ${name} = ${literal};`,
  null: "null",
  boolean: String,
  number: (value) => Object.is(value, -0) ? "-0" : String(value),
  text: JSON.stringify,
  list: (items) => `[${items.join(", ")}]`,
  map: (entries) =>
    `{ ${entries.map(([key, literal]) => `${field(key)}: ${literal}`).join(", ")} }`,
};

const BASH: Literals = {
  comment: "#",
  names: /^[A-Za-z_]\w*$/,
  assign: (name, literal) => `${name}=${literal}`,
  null: "",
  boolean: String,
  number: (value) => Object.is(value, -0) ? "-0" : String(value),
  text: (value) => `'${value.replaceAll("'", "'\\''")}'`,
  list: (items) =>
    items.some((item) => item.startsWith("("))
      ? undefined
      : `(${items.map((item) => item === "" ? "''" : item).join(" ")})`,
};

const LANGUAGES: Readonly<Record<string, Literals>> = {
  python: PYTHON,
  typescript: TYPESCRIPT,
  javascript: TYPESCRIPT,
  bash: BASH,
};

/** How values are written in a language. */
export function literalsOf(language: string): Literals {
  const known = Object.keys(LANGUAGES);
  if (known.includes(language)) return LANGUAGES[language];
  throw new TypeError(
    `Parameters for the language "${language}": wanted ${known.slice(0, -1).join(", ")} or ` +
      `${known.at(-1)}. Write the values into the notebook instead`,
  );
}

/** A value as its literal; `path` names it in messages. */
export function literal(
  value: ParameterValue,
  { literals, path, depth = 0 }: {
    readonly literals: Literals;
    readonly path: string;
    readonly depth?: number;
  },
): string {
  const where = `Parameter ${path}`;
  if (depth > DEEPEST) throw new TypeError(`${where} is deeper than ${DEEPEST} levels. Flatten it`);
  const inner = (item: ParameterValue, key: string) =>
    literal(item, { literals, path: `${path}${key}`, depth: depth + 1 });
  if (value === null) return literals.null;
  if (value instanceof ParameterFloat) return literals.number(value.value, true);
  switch (typeof value) {
    case "boolean":
      return literals.boolean(value);
    case "number":
      return literals.number(value, false);
    case "string":
      return literals.text(value);
    case "object":
      break;
    default:
      unfitParameter(where, value);
  }
  if (isList(value)) {
    const list = literals.list(Array.from(value, (item, index) => inner(item, `[${index}]`)));
    return list ?? noLiteral(where, "a list of lists");
  }
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) unfitParameter(where, value);
  const entries = Object.entries(value).map(([key, item]) =>
    [key, inner(item, `.${key}`)] as const
  );
  return literals.map?.(entries) ?? noLiteral(where, "a mapping");
}

function noLiteral(where: string, found: string): never {
  throw new TypeError(
    `${where} is ${found}, which the notebook's language cannot write. Give it as text`,
  );
}

function isList(value: object): value is readonly ParameterValue[] {
  return Array.isArray(value);
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

/** In a literal `"__proto__": x` sets the prototype; computed, it is a key like others. */
function field(key: string): string {
  return key === "__proto__" ? '["__proto__"]' : quoted(key);
}
