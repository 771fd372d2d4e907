import { nearestName } from "./nearest_name.ts";

/**
 * Throws when an options object has a key that the function does not know. Notebook cells are not
 * type-checked, so a misspelt option would otherwise be ignored in silence.
 *
 * @throws {TypeError} naming the unknown key, the nearest known one, and all known ones
 */
export function checkOptions(
  where: string,
  options: object | undefined,
  known: readonly string[],
): void {
  if (options === undefined) return;
  if (options === null || typeof options !== "object") {
    throw new TypeError(
      `${where}: options must be an object, found ${options === null ? "null" : typeof options}`,
    );
  }
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) throw new TypeError(unknownName(where, "option", key, known));
  }
}

/** The sentence for a name that is not among the known ones: found, nearest, wanted. */
export function unknownName(
  where: string,
  what: string,
  name: string,
  known: Iterable<string>,
): string {
  const names = Array.from(known);
  const near = nearestName(name, names);
  const hint = near === undefined ? "" : ` Did you mean "${near}"?`;
  return `${where}: unknown ${what} "${name}".${hint} Known: ${names.join(", ") || "none"}`;
}
