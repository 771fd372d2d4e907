import { readFile } from "node:fs/promises";

/** A JSON object of unknown form. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A part of a run that was read, or the words why it was not, and whether there is none at all. */
export type Read<T> =
  | { readonly value: T; readonly missing?: undefined; readonly gone?: undefined }
  | { readonly value?: undefined; readonly missing: string; readonly gone?: boolean };

/** Files of a run are small; one that is not would only slow the page. */
const MOST_BYTES = 64 * 1024 * 1024;

/** The value of a JSON file, or why there is none; never an exception. */
export async function readJson(path: string, name: string): Promise<Read<unknown>> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    const { code } = error as Error & { code?: string };
    const gone = code === "ENOENT" || code === "ENOTDIR";
    return { missing: gone ? `there is no ${name}` : `${name} cannot be read (${code})`, gone };
  }
  if (bytes.length > MOST_BYTES) return { missing: `${name} is too large to be read here` };
  try {
    return { value: JSON.parse(new TextDecoder().decode(bytes)) };
  } catch (error) {
    return { missing: `${name} is not JSON (${(error as Error).message})` };
  }
}

/** The value as an object; an empty one for anything else. */
export function objectOf(value: unknown): JsonObject {
  const isObject = value !== null && typeof value === "object" && !Array.isArray(value);
  return isObject ? value as JsonObject : {};
}

/** The value as an array; an empty one for anything else. */
export function arrayOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value as a text: numbers and booleans as they are written, undefined for anything else. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

/** The value as a finite number, undefined for anything else. */
export function numberOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** What stands under a path of keys, undefined where one is missing. */
export function under(value: unknown, ...keys: readonly string[]): unknown {
  let found = value;
  for (const key of keys) {
    const object = objectOf(found);
    if (!Object.hasOwn(object, key)) return undefined;
    found = object[key];
  }
  return found;
}
