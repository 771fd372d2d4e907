/** Epochs to name on an axis, `most` of them at most: multiples of 1, 2 or 5 times a power of ten. */
export function epochTicks(last: number, most = 10): number[] {
  const step = tickStep(last / most);
  const ticks = Array.from({ length: Math.floor(last / step) }, (_, i) => (i + 1) * step);
  return ticks.length === 0 ? [1] : ticks;
}

function tickStep(least: number): number {
  for (let power = 1;; power *= 10) {
    const step = [1, 2, 5].find((digit) => digit * power >= least);
    if (step !== undefined) return step * power;
  }
}
