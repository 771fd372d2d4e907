/**
 * Checks a named option.
 *
 * @throws {RangeError} when it is no whole number above 0
 */
export function checkWhole(
  where: string,
  named: Readonly<Record<string, number>>,
  example: number,
): void {
  const [name, value] = Object.entries(named)[0];
  if (Number.isInteger(value) && value >= 1) return;
  throw new RangeError(
    `${where}: found ${name} ${value}, wanted a whole number above 0. Pass e.g. ${example}`,
  );
}
