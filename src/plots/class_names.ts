/** Class names as given, or "class 0", "class 1" … */
export function classNames(labels: readonly string[] | undefined, count: number): string[] {
  return Array.from({ length: count }, (_, c) => String(labels?.[c] ?? `class ${c}`));
}

/** A share as a whole percentage. */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** "1 image", "2 images". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
