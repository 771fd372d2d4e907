import { unknownName } from "../_internal/check_options.ts";

/** Throws unless a field is a whole number from `least`. */
export function checkCount(
  where: string,
  [key, value]: readonly [string, unknown],
  { least = 1, or = "" }: { readonly least?: number; readonly or?: string } = {},
): void {
  if (typeof value === "number" && Number.isInteger(value) && value >= least) return;
  const wanted = least === 1 ? "a positive whole number" : `a whole number from ${least}`;
  throw new RangeError(`${where}: ${key} must be ${wanted}${or}, found ${shown(value)}`);
}

/** Throws unless a field is a finite number for which a condition holds. */
export function checkNumber(
  where: string,
  [key, value]: readonly [string, unknown],
  { ok, want }: { readonly ok: (value: number) => boolean; readonly want: string },
): void {
  if (typeof value === "number" && Number.isFinite(value) && ok(value)) return;
  throw new RangeError(`${where}: ${key} must be a number ${want}, found ${shown(value)}`);
}

/** Throws unless a field is one of some texts. */
export function checkChoice(
  where: string,
  [key, value]: readonly [string, unknown],
  choices: readonly string[],
): void {
  if (typeof value === "string" && choices.includes(value)) return;
  throw new TypeError(
    typeof value === "string"
      ? unknownName(where, key, value, choices)
      : `${where}: ${key} must be one of ${choices.join(", ")}, found ${shown(value)}`,
  );
}

/** Numbers as they are written, so that NaN does not read as null. */
function shown(value: unknown): string | undefined {
  return typeof value === "number" ? String(value) : JSON.stringify(value);
}
