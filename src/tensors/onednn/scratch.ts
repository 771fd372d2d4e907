import { SIZES } from "./c_api.ts";

const BYTES = 65536;

/** Memory for what C functions are told by address: sizes, descriptions, handles they give back. */
export class Scratch {
  readonly #bytes = new Uint8Array(new ArrayBuffer(BYTES));
  readonly #view = new DataView(this.#bytes.buffer);
  readonly #start: number;
  #used = 0;

  constructor(addressOf: (view: Uint8Array) => number) {
    this.#start = addressOf(this.#bytes);
  }

  /** Gives all of it out anew. */
  clear(): void {
    this.#used = 0;
  }

  /** The address of so many zeros. */
  room(bytes: number): number {
    const at = this.#used;
    this.#used += Math.ceil(bytes / 8) * 8;
    if (this.#used > BYTES) throw new Error("oneDNN: a primitive is described at too great length");
    this.#bytes.fill(0, at, this.#used);
    return this.#start + at;
  }

  /** The address of an array of sizes. */
  sizes(values: readonly number[]): number {
    const found = this.room(8 * SIZES);
    values.forEach((value, i) =>
      this.#view.setBigInt64(found - this.#start + 8 * i, BigInt(value), true)
    );
    return found;
  }

  /** The address, or handle, that stands at a place. */
  addressAt(place: number): number {
    return Number(this.#view.getBigUint64(place - this.#start, true));
  }
}
