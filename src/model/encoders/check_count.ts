/** Whether a value is a whole number above 0. */
export function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) > 0;
}

/**
 * Checks numbers that must be whole and above 0.
 *
 * @throws {RangeError} naming the first that is not
 */
export function checkCounts(where: string, values: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (isCount(value)) continue;
    throw new RangeError(
      `${where}: ${name} must be a positive whole number, found ${value}; leave it out for the default`,
    );
  }
}
