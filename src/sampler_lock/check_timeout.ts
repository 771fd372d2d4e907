/** Milliseconds from 0, Infinity included. */
export function checkTimeout(where: string, timeout: number | undefined): void {
  if (timeout === undefined || timeout >= 0) return;
  throw new RangeError(`${where}: timeout must be milliseconds from 0, found ${timeout}`);
}
