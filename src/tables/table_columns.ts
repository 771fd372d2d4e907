import { nearestName } from "../_internal/nearest_name.ts";

/** What a cell may hold. `undefined` is taken for null. */
export type TableValue = string | number | boolean | null;

/** One row: a value by the name of its column. */
export type TableRow = Readonly<Record<string, TableValue | undefined>>;

/** Type of a column. Integers are whole numbers up to 2^53 - 1 in size. */
export type ColumnType = "text" | "integer" | "number" | "boolean";

/** A column with its values, a null for each that is missing. */
export interface TableColumn {
  /** Its name. */
  readonly name: string;
  /** Type of all its values but null. */
  readonly type: ColumnType;
  /** One value a row. */
  readonly values: readonly TableValue[];
}

const TYPES: readonly ColumnType[] = ["text", "integer", "number", "boolean"];

/**
 * The columns of rows, in the order in which they first appear, with one type each. NaN and
 * infinities become null, since neither JSON nor CSV has them; -0 becomes 0, and half a surrogate
 * pair U+FFFD, so that all formats hold the same. A column of whole numbers is of integers, one of
 * nulls alone is text; `types` overrides both, so that the tables of many epochs have one schema.
 *
 * @throws {TypeError} when a column mixes types, does not fit the type given for it, or holds
 *   something else than text, numbers, booleans and null
 */
export function tableColumns(
  where: string,
  rows: readonly object[],
  types: Readonly<Record<string, ColumnType>> = {},
): TableColumn[] {
  if (!Array.isArray(rows)) {
    throw new TypeError(
      `${where}: rows are ${typeof rows}, wanted an array of records like [{ a: 1 }]`,
    );
  }
  rows.forEach((row, r) => checkRow(where, row, r));
  // Without rows, the types are all there is to know of the columns.
  const names = new Set(rows.length === 0 ? Object.keys(types) : rows.flatMap(Object.keys));
  checkTypes(where, types, names);
  const records = rows as readonly Readonly<Record<string, unknown>>[];
  return Array.from(names, (name) => {
    const values = records.map((row, r) => {
      const value = Object.hasOwn(row, name) ? row[name] : null;
      return plainValue(value, () => `${where}: column "${name}", row ${r}`);
    });
    const type = typeOf(where, { name, values, given: types[name] });
    return { name, type, values };
  });
}

function checkRow(where: string, row: unknown, r: number): void {
  if (row !== null && typeof row === "object" && !Array.isArray(row)) return;
  const found = row === null ? "null" : Array.isArray(row) ? "an array" : typeof row;
  throw new TypeError(`${where}: row ${r} is ${found}, wanted a record like { head: "a", n: 1 }`);
}

function checkTypes(
  where: string,
  types: Readonly<Record<string, ColumnType>>,
  names: ReadonlySet<string>,
): void {
  for (const [name, type] of Object.entries(types)) {
    if (!TYPES.includes(type)) {
      throw new TypeError(
        `${where}: type "${type}" of column "${name}", wanted one of ${TYPES.join(", ")}`,
      );
    }
    if (names.has(name)) continue;
    const near = nearestName(name, [...names]);
    throw new TypeError(
      `${where}: a type is given for column "${name}", which no row has.` +
        (near === undefined ? " Leave it out" : ` Did you mean "${near}"?`),
    );
  }
}

/** A value as every format can hold it: Parquet is UTF-8, which has no half surrogate pairs. */
function plainValue(value: unknown, place: () => string): TableValue {
  if (value === null || value === undefined) return null;
  if (typeof value === "number") return Number.isFinite(value) ? value + 0 : null;
  if (typeof value === "string") return value.toWellFormed();
  if (typeof value === "boolean") return value;
  throw new TypeError(
    `${place()} holds a ${typeof value}, wanted text, a number, a boolean or null. ` +
      `Spread it over columns, or write it as text`,
  );
}

const FITS: Readonly<Record<ColumnType, (value: TableValue) => boolean>> = {
  text: (value) => typeof value === "string",
  integer: Number.isSafeInteger,
  number: (value) => typeof value === "number",
  boolean: (value) => typeof value === "boolean",
};

function typeOf(
  where: string,
  { name, values, given }: {
    name: string;
    values: readonly TableValue[];
    given: ColumnType | undefined;
  },
): ColumnType {
  const present = values.filter((value) => value !== null);
  const candidates: readonly ColumnType[] = given === undefined
    ? ["text", "boolean", "integer", "number"]
    : [given];
  const type = candidates.find((type) => present.every(FITS[type]));
  if (type !== undefined) return type;
  const kinds = [...new Set(present.map((value) => typeof value))].join(" and ");
  const r = values.findIndex((value) =>
    value !== null && given !== undefined && !FITS[given](value)
  );
  throw new TypeError(
    given === undefined
      ? `${where}: column "${name}" mixes ${kinds}, wanted one type and null. Write all of it as text`
      : `${where}: column "${name}" is to be ${given}, found ${JSON.stringify(values[r])} in row ` +
        `${r}. Give another type, or leave it out`,
  );
}
