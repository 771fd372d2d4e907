/** How far a number may be from the stored one: `absolute + relative * |stored|` at most. */
export interface NumberTolerance {
  /** Share of the stored number. @default {0} */
  readonly relative?: number;
  /** In the unit of the number. @default {0} */
  readonly absolute?: number;
}

/** Whether a number is near enough to the stored one; NaN is near NaN alone. */
export function isClose(
  stored: number,
  fresh: number,
  { relative = 0, absolute = 0 }: NumberTolerance,
): boolean {
  if (Object.is(stored, fresh) || stored === fresh) return true;
  const limit = absolute + relative * Math.abs(stored);
  // Infinity times a relative tolerance would make everything near.
  if (!Number.isFinite(stored) || !Number.isFinite(fresh) || limit === 0) return false;
  // 10.3 - 10 is a little more than 0.3; who writes the tolerance 0.3 means it to be enough.
  const rounding = 2 * Number.EPSILON * Math.max(Math.abs(stored), Math.abs(fresh));
  return Math.abs(fresh - stored) <= limit + rounding;
}

/** By how much two numbers differ, in words. */
export function describeOff(stored: number, fresh: number): string {
  const off = Math.abs(fresh - stored);
  if (!Number.isFinite(off)) return "not comparable";
  return stored === 0
    ? `off by ${short(off)}`
    : `off by ${short(off)}, relative ${short(off / Math.abs(stored))}`;
}

/** Three digits are enough to choose a tolerance by. */
export function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
