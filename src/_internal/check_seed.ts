/**
 * Throws when a seed would not repeat: NaN, a fraction and text all end in unseeded numbers somewhere.
 *
 * @throws {RangeError} naming what was found
 */
export function checkSeed(where: string, seed: unknown): void {
  if (Number.isSafeInteger(seed) && (seed as number) >= 0) return;
  throw new RangeError(
    `${where}: seed must be a whole number from 0, found ${
      typeof seed === "string" ? JSON.stringify(seed) : String(seed)
    }; use for example seed: 1`,
  );
}
