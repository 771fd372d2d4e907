/** Two digits after the point, without a minus before zero. */
export function fixed(value: number): string {
  return value.toFixed(2).replace(/^-(?=[0.]+$)/, "");
}
