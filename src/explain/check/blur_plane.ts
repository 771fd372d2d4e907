/** Size of a plane, and how far to blur it. */
export interface BlurOptions {
  readonly width: number;
  readonly height: number;
  /** Standard deviation of the Gaussian, pixels. */
  readonly sigma: number;
  /** Pixels to each side that count. @default {3 * sigma, rounded up} */
  readonly radius?: number;
}

/**
 * A Gaussian blur of one channel. At the edges the weights inside the image are scaled up to a sum
 * of 1: nothing is invented outside, and a constant stays constant.
 */
export function blurPlane(plane: ArrayLike<number>, options: BlurOptions): Float64Array {
  const { width, height, sigma, radius = Math.ceil(3 * sigma) } = options;
  const weights = Float64Array.from(
    { length: radius + 1 },
    (_, offset) => Math.exp(-(offset * offset) / (2 * sigma * sigma)),
  );
  const across = new Float64Array(width * height), down = new Float64Array(width * height);
  const rows = { count: height, stride: width }, columns = { count: width, stride: 1 };
  blurLines(plane, across, { along: columns, over: rows, weights });
  blurLines(across, down, { along: rows, over: columns, weights });
  return down;
}

interface Axis {
  readonly count: number;
  readonly stride: number;
}

function blurLines(
  from: ArrayLike<number>,
  to: Float64Array,
  { along, over, weights }: { along: Axis; over: Axis; weights: Float64Array },
): void {
  const radius = weights.length - 1;
  for (let i = 0; i < along.count; i++) {
    const first = Math.max(0, i - radius), last = Math.min(along.count - 1, i + radius);
    let total = 0;
    for (let j = first; j <= last; j++) total += weights[Math.abs(j - i)];
    for (let line = 0; line < over.count; line++) {
      const start = line * over.stride;
      let sum = 0;
      for (let j = first; j <= last; j++) {
        sum += weights[Math.abs(j - i)] * from[start + j * along.stride];
      }
      to[start + i * along.stride] = sum / total;
    }
  }
}
