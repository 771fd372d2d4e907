/** A place in a cell. */
export interface CellPlace {
  /** Index among all cells of the notebook. */
  readonly cellIndex: number;
  /** In UTF-16 units of the cell's text. */
  readonly offset: number;
}

interface Piece extends CellPlace {
  readonly start: number;
  readonly end: number;
  /** A stand-in maps to one place as a whole, a copy character by character. */
  readonly isCopy: boolean;
}

/** A text put together from parts of cells and glue, that knows where each part comes from. */
export class MappedText {
  #text = "";
  #pieces: Piece[] = [];

  /** The text so far. */
  get text(): string {
    return this.#text;
  }

  /** Adds text that belongs to no cell. */
  glue(text: string): void {
    this.#text += text;
  }

  /** Adds a part of a cell. */
  copy(source: string, from: CellPlace, end: number): void {
    const part = source.slice(from.offset, end);
    // Compilers do not agree on whether these end a line; the places would go apart.
    this.#add(part.replace(/\r(?!\n)/g, "\n").replace(/[\u2028\u2029]/g, " "), from, true);
  }

  /** Adds text in place of something in a cell. */
  standIn(text: string, place: CellPlace): void {
    this.#add(text, place, false);
  }

  /** Adds another text with its places. */
  append(other: MappedText): void {
    const shift = this.#text.length;
    this.#text += other.#text;
    const shifted = other.#pieces.map((piece) => ({
      ...piece,
      start: piece.start + shift,
      end: piece.end + shift,
    }));
    this.#pieces = [...this.#pieces, ...shifted];
  }

  /** The place in a cell, or undefined in glue. */
  placeAt(offset: number): CellPlace | undefined {
    const piece = this.#pieces.find(({ start, end }) => start <= offset && offset < end);
    if (piece === undefined) return undefined;
    const { cellIndex, isCopy } = piece;
    return { cellIndex, offset: piece.offset + (isCopy ? offset - piece.start : 0) };
  }

  #add(text: string, { cellIndex, offset }: CellPlace, isCopy: boolean): void {
    if (text === "") return;
    const start = this.#text.length;
    this.#text += text;
    this.#pieces.push({ cellIndex, offset, isCopy, start, end: this.#text.length });
  }
}

/** Offset of a line and column, both from 1, in UTF-16 units. */
export function offsetAt(text: string, { line, column }: LineColumn): number {
  let start = 0;
  for (let i = 1; i < line; i++) {
    const end = text.indexOf("\n", start);
    if (end < 0) return text.length;
    start = end + 1;
  }
  return Math.min(start + column - 1, text.length);
}

/** The same where the column counts code points, so that an emoji is one. */
export function offsetAtCodePoint(text: string, { line, column }: LineColumn): number {
  const start = offsetAt(text, { line, column: 1 });
  const before = [...text.slice(start, start + 2 * column)].slice(0, column - 1).join("");
  return start + before.length;
}

/** A line and a column, both from 1. */
export interface LineColumn {
  readonly line: number;
  readonly column: number;
}

/** Line and column of an offset as editors count: lines end with LF, CR LF or CR. */
export function lineColumnAt(text: string, offset: number): LineColumn {
  const lines = text.slice(0, offset).split(/\r\n|\n|\r(?!\n)/);
  return { line: lines.length, column: lines[lines.length - 1].length + 1 };
}
