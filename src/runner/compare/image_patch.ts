/** A decoded picture: `height * width * 4` bytes. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Pixels from `x0`, `y0` up to, but without, `x1`, `y1`. */
export interface Region {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** The region and what lies `reach` pixels around it, as far as the picture goes. */
export function grow(
  { x0, y0, x1, y1 }: Region,
  reach: number,
  { width, height }: { readonly width: number; readonly height: number },
): Region {
  return {
    x0: Math.max(0, x0 - reach),
    y0: Math.max(0, y0 - reach),
    x1: Math.min(width, x1 + reach),
    y1: Math.min(height, y1 + reach),
  };
}

/** Part of a picture: three channels of each pixel, row by row. */
export interface Patch {
  readonly region: Region;
  readonly data: Float32Array;
}

/**
 * A part of a picture, slightly blurred (1 2 1 in both directions): a stroke of one pixel looks half
 * as dark when it falls between two, and more alike after this.
 */
export function blurredPatch({ width, height, data }: Pixels, region: Region): Patch {
  const { x0, y0, x1, y1 } = region;
  const out = new Float32Array((x1 - x0) * (y1 - y0) * 3);
  let to = 0;
  for (let y = y0; y < y1; y++) {
    const up = y > 0 ? -width * 4 : 0, down = y < height - 1 ? width * 4 : 0;
    for (let x = x0; x < x1; x++) {
      const left = x > 0 ? -4 : 0, right = x < width - 1 ? 4 : 0;
      const p = (y * width + x) * 4;
      for (let q = p; q < p + 3; q++) {
        const above = data[q + up + left] + 2 * data[q + up] + data[q + up + right];
        const here = data[q + left] + 2 * data[q] + data[q + right];
        const below = data[q + down + left] + 2 * data[q + down] + data[q + down + right];
        out[to++] = (above + 2 * here + below) / 16;
      }
    }
  }
  return { region, data: out };
}

/** Where a pixel begins in a patch; outside of it the nearest pixel at its edge. */
export function offsetIn({ region: { x0, y0, x1, y1 } }: Patch, x: number, y: number): number {
  const column = Math.min(Math.max(x, x0), x1 - 1) - x0;
  const row = Math.min(Math.max(y, y0), y1 - 1) - y0;
  return (row * (x1 - x0) + column) * 3;
}

/** The contrast of a channel within the 3 x 3 pixels around one, over both pictures. */
export function contrastAt(
  [a, b]: readonly [Pixels, Pixels],
  { x, y, channel }: { readonly x: number; readonly y: number; readonly channel: number },
): number {
  const { width, height } = a;
  const x0 = x > 0 ? x - 1 : 0, x1 = x < width - 1 ? x + 1 : x;
  const y0 = y > 0 ? y - 1 : 0, y1 = y < height - 1 ? y + 1 : y;
  let low = 255, high = 0;
  for (let row = y0; row <= y1; row++) {
    const last = (row * width + x1) * 4 + channel;
    for (let p = (row * width + x0) * 4 + channel; p <= last; p += 4) {
      low = Math.min(low, a.data[p], b.data[p]);
      high = Math.max(high, a.data[p], b.data[p]);
    }
  }
  return high - low;
}

/** Sums of a value over the window of `reach` pixels around each pixel of a region. */
export class WindowSums {
  readonly #region: Region;
  readonly #reach: number;
  readonly #stride: number;
  /** Summed over all above and to the left, with a row and a column of zeros before. */
  readonly #table: Float64Array;

  /** All values are zero. */
  constructor(region: Region, reach: number) {
    this.#region = region;
    this.#reach = reach;
    this.#stride = region.x1 - region.x0 + 1;
    this.#table = new Float64Array(this.#stride * (region.y1 - region.y0 + 1));
  }

  /** Takes the values of pixels anew; those of all others are zero. */
  fill(pixels: readonly { readonly x: number; readonly y: number }[], values: Float64Array): void {
    const { x0, y0 } = this.#region;
    const table = this.#table, stride = this.#stride;
    table.fill(0);
    for (let n = 0; n < pixels.length; n++) {
      table[(pixels[n].y - y0 + 1) * stride + pixels[n].x - x0 + 1] = values[n];
    }
    for (let i = stride; i < table.length; i += stride) {
      let row = 0;
      for (let j = i + 1; j < i + stride; j++) {
        row += table[j];
        table[j] = row + table[j - stride];
      }
    }
  }

  /** The sum of the window around a pixel, as far as the region goes. */
  around({ x, y }: { readonly x: number; readonly y: number }): number {
    const { x0, y0, x1, y1 } = grow({ x0: x, y0: y, x1: x + 1, y1: y + 1 }, this.#reach, {
      width: this.#region.x1,
      height: this.#region.y1,
    });
    const left = Math.max(0, x0 - this.#region.x0), right = x1 - this.#region.x0;
    const top = Math.max(0, y0 - this.#region.y0) * this.#stride;
    const bottom = (y1 - this.#region.y0) * this.#stride;
    const table = this.#table;
    return table[bottom + right] - table[top + right] - table[bottom + left] + table[top + left];
  }
}
