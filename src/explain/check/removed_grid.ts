/** Size of a grid of pixels. */
export interface GridSize {
  readonly height: number;
  readonly width: number;
}

/** Weights of the neighbours in ROAD. */
const DIRECT = 1 / 6, DIAGONAL = 1 / 12;

/** Damping of the smoothing; the matrix, its diagonal taken out, has eigenvalues from 0 to 4/3. */
const DAMPING = 0.8;

/**
 * The equations of removed pixels, each the weighted mean of its neighbours. The matrix is that of a
 * graph Laplacian: symmetric, and singular only when no pixel is known.
 *
 * The pixels lie in a plane with a border of one cell, so that no neighbour needs a check.
 */
export class RemovedGrid {
  /** Removed pixels, in order. */
  readonly pixels: Uint32Array;
  /** The same as cells of the plane, which is 0 everywhere between two calls. */
  readonly #cells: Uint32Array;
  /** The diagonal: weights of the neighbours that exist. */
  readonly #sums: Float64Array;
  readonly #width: number;
  readonly #plane: Float64Array;
  /** The same at half the size, where a pixel is removed when all that it covers are. */
  readonly #half: RemovedGrid | undefined;
  /** For each removed pixel which one covers it there; -1 for none. */
  readonly #parents: Int32Array;

  constructor(removed: ArrayLike<number>, { height, width }: GridSize) {
    this.#width = width;
    const all = Uint32Array.from(removed, (_, i) => i);
    this.pixels = all.filter((i) => removed[i]);
    this.#cells = this.pixels.map((pixel) => this.#cell(pixel));
    this.#plane = new Float64Array((width + 2) * (height + 2));
    for (const pixel of all) this.#plane[this.#cell(pixel)] = 1;
    // An image of one pixel has no neighbours; with any other weight it stays where it started.
    this.#sums = this.#neighbours().map((sum) => sum || 1);
    this.#plane.fill(0);
    const half = { height: Math.ceil(height / 2), width: Math.ceil(width / 2) };
    const covering = (pixel: number) =>
      (Math.floor(pixel / width) >> 1) * half.width + ((pixel % width) >> 1);
    const gone = new Uint8Array(half.height * half.width).fill(1);
    for (const pixel of all) if (!removed[pixel]) gone[covering(pixel)] = 0;
    const places = new Int32Array(gone.length).fill(-1);
    if (Math.min(height, width) >= 4 && gone.includes(1)) {
      this.#half = new RemovedGrid(gone, half);
      this.#half.pixels.forEach((pixel, i) => places[pixel] = i);
    }
    this.#parents = Int32Array.from(this.pixels, (pixel) => places[covering(pixel)]);
  }

  #cell(pixel: number): number {
    return (Math.floor(pixel / this.#width) + 1) * (this.#width + 2) + pixel % this.#width + 1;
  }

  /** The weighted sum around each removed pixel, of what the plane holds. */
  #neighbours(): Float64Array {
    const plane = this.#plane, stride = this.#width + 2;
    const sums = new Float64Array(this.#cells.length);
    for (let i = 0; i < sums.length; i++) {
      const c = this.#cells[i], up = c - stride, down = c + stride;
      sums[i] = DIRECT * (plane[up] + plane[down] + plane[c - 1] + plane[c + 1]) +
        DIAGONAL * (plane[up - 1] + plane[up + 1] + plane[down - 1] + plane[down + 1]);
    }
    return sums;
  }

  /** The matrix times a vector. */
  #times(vector: Float64Array): Float64Array {
    for (let i = 0; i < vector.length; i++) this.#plane[this.#cells[i]] = vector[i];
    const result = this.#neighbours();
    for (let i = 0; i < vector.length; i++) {
      result[i] = this.#sums[i] * vector[i] - result[i];
      this.#plane[this.#cells[i]] = 0;
    }
    return result;
  }

  /** Right-hand side: what the pixels that are still there contribute. */
  #contributions(pixels: ArrayLike<number>): Float64Array {
    for (let i = 0; i < pixels.length; i++) this.#plane[this.#cell(i)] = pixels[i];
    for (const cell of this.#cells) this.#plane[cell] = 0;
    const sums = this.#neighbours();
    this.#plane.fill(0);
    return sums;
  }

  /**
   * Roughly the inverse of the matrix times a vector: one V-cycle of a multigrid, so that the middle
   * of a large hole hears of its edges at once. The same smoothing before and after keeps it symmetric.
   */
  #roughly(vector: Float64Array): Float64Array {
    const result = vector.map((value, i) => DAMPING * value / this.#sums[i]);
    if (this.#half === undefined) return result;
    const left = this.#times(result), coarse = new Float64Array(this.#half.pixels.length);
    for (let i = 0; i < left.length; i++) {
      if (this.#parents[i] >= 0) coarse[this.#parents[i]] += vector[i] - left[i];
    }
    const correction = this.#half.#roughly(coarse);
    for (let i = 0; i < left.length; i++) {
      if (this.#parents[i] >= 0) result[i] += correction[this.#parents[i]];
    }
    const again = this.#times(result);
    for (let i = 0; i < again.length; i++) {
      result[i] += DAMPING * (vector[i] - again[i]) / this.#sums[i];
    }
    return result;
  }

  /**
   * Values of the removed pixels, by conjugate gradients (Hestenes and Stiefel, 1952) with
   * multigrid as preconditioner (Tatebe, 1993). Without any known pixel they are 0.
   *
   * @param pixels all pixels; those that are removed are not read
   * @returns one value for each removed pixel, and how many steps it took
   */
  solve(pixels: ArrayLike<number>, tolerance: number): { values: Float64Array; steps: number } {
    const residual = this.#contributions(pixels);
    const solution = new Float64Array(residual.length);
    const enough = tolerance * tolerance * dot(residual, residual);
    let direction = new Float64Array(residual.length), before = 1;
    // In exact arithmetic there are as many steps as unknowns at most; far fewer are needed.
    let steps = 0;
    for (; steps < residual.length + 10 && dot(residual, residual) > enough; steps++) {
      const rough = this.#roughly(residual);
      const now = dot(residual, rough), share = steps === 0 ? 0 : now / before;
      direction = rough.map((value, i) => value + share * direction[i]);
      const image = this.#times(direction);
      const along = dot(direction, image);
      if (!(along > 0)) break;
      const length = now / along;
      for (let i = 0; i < solution.length; i++) {
        solution[i] += length * direction[i];
        residual[i] -= length * image[i];
      }
      before = now;
    }
    return { values: solution, steps };
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
