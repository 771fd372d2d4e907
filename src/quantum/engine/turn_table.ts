import type { Angle } from "../angle.ts";
import { type AngleSum, isShared } from "../circuit_plan.ts";
import { TERM } from "./program_layout.ts";
import type { ProgramWriter } from "./program_writer.ts";

/** The angles of a program, each a constant and terms, and those looked up sample by sample. */
export class TurnTable {
  readonly #slots: readonly Angle[];
  readonly #sums: AngleSum[] = [];
  readonly #vectors: { readonly turn: number; readonly factor: number }[] = [];

  constructor(slots: readonly Angle[]) {
    this.#slots = slots;
  }

  get count(): number {
    return this.#sums.length;
  }

  get vectorCount(): number {
    return this.#vectors.length;
  }

  add(sum: AngleSum): number {
    return this.#sums.push(sum) - 1;
  }

  /** Has cosines and sines of `factor` times an angle made for each sample. */
  vector(turn: number, factor: number): number {
    return this.#vectors.push({ turn, factor }) - 1;
  }

  writeSums(writer: ProgramWriter): number[] {
    return this.#sums.map((sum) => {
      const terms = sum.terms.map(({ slot, factor }) => writeTerm(this.#slots[slot], factor));
      const constant = terms.reduce((total, term) => total + term.constant, sum.constant);
      return writer.record([
        { word: Number(isShared(sum, this.#slots)) },
        { word: terms.length },
        { double: constant },
        ...terms.flatMap(({ words, doubles }) => [
          ...words.map((word) => ({ word })),
          ...doubles.map((double) => ({ double })),
        ]),
      ]);
    });
  }

  writeVectors(writer: ProgramWriter): number {
    return writer.record(this.#vectors.flatMap(({ turn, factor }) => [
      { word: turn },
      { word: 0 },
      { double: factor },
    ]));
  }
}

/** Four words and six doubles; `constant` is what does not depend on a parameter. */
function writeTerm(angle: Angle, factor: number) {
  switch (angle.kind) {
    case "const":
      throw new TypeError("a constant angle has no slot");
    case "weight":
      return {
        words: [TERM.weight, angle.index, 0, 0],
        doubles: [factor * angle.scale, 0, 0, 0, 0, 0],
        constant: 0,
      };
    case "input":
      return {
        words: [TERM.input, angle.index, 0, 0],
        doubles: [factor * angle.scale, 0, 0, 0, 0, 0],
        constant: factor * angle.offset,
      };
    case "product": {
      const [a, b] = angle.factors;
      return {
        words: [TERM.product, a.index, b.index, 0],
        doubles: [factor * angle.scale, a.scale, a.offset, b.scale, b.offset, 0],
        constant: 0,
      };
    }
  }
}
