/** All finite values with a `part` of their range as room on both sides, so that no dot lies on the frame; 0…1 without values. */
export function paddedDomain(all: readonly (number | null)[], part = 0.05): [number, number] {
  const values = all.filter((value): value is number => value !== null && Number.isFinite(value));
  if (values.length === 0) return [0, 1];
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  const room = low === high ? Math.abs(low) / 10 || 0.5 : (high - low) * part;
  return [low - room, high + room];
}
