/** Room in memory that gets its address when everything is known. */
export interface Region {
  readonly bytes: number;
}

/** Writes a program word by word; places to be filled with addresses of regions are kept in mind. */
export class ProgramWriter {
  readonly base: number;
  #view = new DataView(new ArrayBuffer(1 << 12));
  #length = 0;
  #regions: Region[] = [];
  #uses: { readonly at: number; readonly region: Region }[] = [];

  constructor(base: number) {
    this.base = base;
  }

  region(bytes: number): Region {
    const region = { bytes };
    this.#regions.push(region);
    return region;
  }

  /** Writes a record and returns its address; words are whole numbers or regions. */
  words(words: readonly (number | Region)[]): number {
    return this.record(words.map((value) => ({ word: value })));
  }

  /** Writes words and doubles as they come; a record starts at a multiple of 8. */
  record(
    parts: readonly ({ readonly word: number | Region } | { readonly double: number })[],
  ): number {
    this.#length = Math.ceil(this.#length / 8) * 8;
    const start = this.#length;
    for (const part of parts) {
      this.#reserve(8);
      if ("double" in part) {
        this.#view.setFloat64(this.#length, part.double, true);
        this.#length += 8;
        continue;
      }
      if (typeof part.word === "number") this.#view.setInt32(this.#length, part.word, true);
      else this.#uses.push({ at: this.#length, region: part.word });
      this.#length += 4;
    }
    return this.base + start;
  }

  /** Gives every region its address after the program; the end is where memory may end. */
  finish(): {
    readonly bytes: Uint8Array;
    readonly end: number;
    readonly addressOf: (region: Region) => number;
  } {
    const addresses = new Map<Region, number>();
    let end = this.base + this.#length;
    for (const region of this.#regions) {
      // Whole lines of the cache.
      end = Math.ceil(end / 64) * 64;
      addresses.set(region, end);
      end += region.bytes;
    }
    const addressOf = (region: Region) => addresses.get(region) as number;
    for (const { at, region } of this.#uses) this.#view.setUint32(at, addressOf(region), true);
    return { bytes: new Uint8Array(this.#view.buffer, 0, this.#length), end, addressOf };
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#view.byteLength) return;
    const larger = new Uint8Array(2 * this.#view.byteLength);
    larger.set(new Uint8Array(this.#view.buffer));
    this.#view = new DataView(larger.buffer);
  }
}
