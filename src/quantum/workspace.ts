import type { FloatArray } from "./simulator_contract.ts";

/** How a state is stored. */
export type Precision = "f32" | "f64";

/** The arrays of one call, for `rows` amplitudes of up to `width` samples. */
export interface Workspace {
  readonly rows: number;
  readonly width: number;
  readonly psi: FloatArray;
  readonly lambda: FloatArray;
  /** `[rows, width]`: probabilities, weights of the observable, phases. */
  readonly scratch: Float64Array;
  /** `[rows, width]`: phases of a diagonal that differs from sample to sample. */
  readonly cosines: Float64Array;
  readonly sines: Float64Array;
}

/** The most wires that a state may have. */
const MAX_WIRES = 22;

/** Kept workspaces may have this many bytes together; the oldest goes first. */
const KEEP_BYTES = 512 * 2 ** 20;

/** Most samples at once: wide enough for the inner loop, small enough for the cache. */
function widthFor(wires: number): number {
  if (wires <= 12) return 32;
  return wires <= 15 ? 8 : wires <= 19 ? 4 : 1;
}

/**
 * Refuses what would not fit before anything is allocated.
 *
 * @throws {RangeError} for too many wires or outputs
 */
export function checkSize(where: string, wires: number, outputs: number): void {
  if (wires > MAX_WIRES) {
    throw new RangeError(
      `${where}: ${wires} wires need ${
        2 ** (wires - 26)
      } GiB a sample, the limit is ${MAX_WIRES} ` +
        "wires; use fewer wires",
    );
  }
  if (outputs > 2 ** 27) {
    throw new RangeError(
      `${where}: ${outputs} outputs do not fit in memory, the limit is ${2 ** 27}; ` +
        'use a smaller batch or the observable "z"',
    );
  }
}

/** Makes workspaces and keeps them for the next call of the same size. */
export class WorkspacePool {
  readonly precision: Precision;
  #kept = new Map<string, Workspace>();

  constructor(precision: Precision) {
    this.precision = precision;
  }

  get(wires: number, batch: number): Workspace {
    const width = Math.min(widthFor(wires), batch);
    const key = `${wires}/${width}`;
    const known = this.#kept.get(key);
    if (known !== undefined) return known;
    const made = this.#make(2 ** wires, width);
    this.#kept.set(key, made);
    for (const oldest of [...this.#kept.keys()].slice(0, -1)) {
      if ([...this.#kept.values()].reduce((sum, space) => sum + bytes(space), 0) <= KEEP_BYTES) {
        break;
      }
      this.#kept.delete(oldest);
    }
    return made;
  }

  #make(rows: number, width: number): Workspace {
    const state = () => {
      const length = rows * 2 * width;
      return this.precision === "f32" ? new Float32Array(length) : new Float64Array(length);
    };
    const column = () => new Float64Array(rows * width);
    return {
      rows,
      width,
      psi: state(),
      lambda: state(),
      scratch: column(),
      cosines: column(),
      sines: column(),
    };
  }
}

function bytes({ psi, lambda, scratch }: Workspace): number {
  return psi.byteLength + lambda.byteLength + 3 * scratch.byteLength;
}
