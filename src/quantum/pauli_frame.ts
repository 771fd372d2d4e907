/** A Pauli letter on a wire. */
export type Letter = readonly [wire: number, letter: "x" | "y" | "z"];

/** Bits of the number of a row that decide about its place in the cache. */
const LOW_BITS = 6;

/** A Pauli string as it acts on the rows of the stored state. */
export interface RowPauli {
  /** Row r goes to row r ^ flip. */
  readonly flip: number;
  /** The sign of row r is the parity of r & mask … */
  readonly mask: number;
  /** … and this, 1 or -1. */
  readonly sign: number;
  /** Whether an odd number of Y makes it imaginary, so that its rotation is real. */
  readonly imaginary: boolean;
}

/**
 * Where the wires are. CX, SWAP and X only rename basis states, so they are never executed: the bit
 * of wire i is `parity(row & reads[i]) ^ inverted[i]`, and an X on it flips `flips[i]` of the row.
 * The matrix of `reads` over GF(2) stays the inverse transpose of the one of `flips`.
 */
export class PauliFrame {
  readonly wires: number;
  #reads: number[];
  #flips: number[];
  #inverted: number[];

  constructor(wires: number) {
    this.wires = wires;
    // Wire 0 is the most significant bit. Rows that are far apart would share their place in the
    // processor's cache, which only looks at low bits; so a high bit takes a low one along.
    const low = (bit: number) => bit < LOW_BITS ? 0 : 1 << (bit % LOW_BITS);
    const bits = Array.from({ length: wires }, (_, i) => wires - 1 - i);
    this.#flips = bits.map((bit) => 1 << bit | low(bit));
    this.#reads = bits.map((bit) =>
      bits.reduce((mask, high) => low(high) === 1 << bit ? mask | 1 << high : mask, 1 << bit)
    );
    this.#inverted = this.#reads.map(() => 0);
  }

  x(wire: number): void {
    this.#inverted[wire] ^= 1;
  }

  cx(control: number, target: number): void {
    this.#reads[target] ^= this.#reads[control];
    this.#inverted[target] ^= this.#inverted[control];
    this.#flips[control] ^= this.#flips[target];
  }

  swap(a: number, b: number): void {
    for (const list of [this.#reads, this.#flips, this.#inverted]) {
      [list[a], list[b]] = [list[b], list[a]];
    }
  }

  pauli(letters: readonly Letter[]): RowPauli {
    let flip = 0, mask = 0, inverted = 0, ys = 0;
    for (const [wire, letter] of letters) {
      if (letter !== "z") flip ^= this.#flips[wire];
      if (letter === "x") continue;
      mask ^= this.#reads[wire];
      inverted ^= this.#inverted[wire];
      if (letter === "y") ys++;
    }
    // Y = i X Z, so two of them bring a sign of their own.
    const sign = (inverted ^ (ys >> 1)) & 1 ? -1 : 1;
    return { flip, mask, sign, imaginary: ys % 2 === 1 };
  }

  /** What an X on each of two wires flips, and where their bits are read. */
  pair(a: number, b: number) {
    const both = (list: readonly number[]) => [list[a], list[b]] as const;
    return { flips: both(this.#flips), masks: both(this.#reads), inverted: both(this.#inverted) };
  }

  /** The rows where the wire is up: those with `parity(row & mask) === parity`. */
  up(wire: number): { readonly mask: number; readonly parity: number } {
    return { mask: this.#reads[wire], parity: 1 ^ this.#inverted[wire] };
  }

  /** For each row the basis state that it stands for. */
  places(): Int32Array {
    const bit = (wire: number) => 1 << (this.wires - 1 - wire);
    const gather = (has: (wire: number) => boolean) =>
      this.#reads.reduce((sum, _, wire) => has(wire) ? sum | bit(wire) : sum, 0);
    const columns = this.#reads.map((_, k) =>
      gather((wire) => ((this.#reads[wire] >> k) & 1) === 1)
    );
    const places = new Int32Array(2 ** this.wires);
    places[0] = gather((wire) => this.#inverted[wire] === 1);
    for (let row = 1; row < places.length; row++) {
      const lowest = 31 - Math.clz32(row & -row);
      places[row] = places[row & (row - 1)] ^ columns[lowest];
    }
    return places;
  }
}

/** 1 when an odd number of bits is set. */
export function parity(bits: number): number {
  let x = bits ^ (bits >>> 16);
  x ^= x >>> 8;
  x ^= x >>> 4;
  return (0x6996 >>> (x & 15)) & 1;
}
