/** Each head once, by name, the fused answer last: it is the one that is deployed. */
export function headOrder(heads: Iterable<string>): string[] {
  return [...new Set(heads)].sort((a, b) =>
    Number(a === "ensemble") - Number(b === "ensemble") || (a < b ? -1 : 1)
  );
}
