import type { CellPlace, MappedText } from "./mapped_text.ts";

/** Replaces a part of a cell; what the compiler says of the new text is about the start. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Options of {@linkcode copyEdited}. */
export interface CopyEditedOptions {
  readonly cellIndex: number;
  readonly start: number;
  readonly end: number;
  readonly edits: readonly Edit[];
}

/** Copies a part of a cell with some changes; the places of all that is left stay exact. */
export function copyEdited(
  into: MappedText,
  source: string,
  { cellIndex, start, end, edits }: CopyEditedOptions,
): void {
  const place = (offset: number): CellPlace => ({ cellIndex, offset });
  let from = start;
  for (const edit of edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    into.copy(source, place(from), edit.start);
    into.standIn(edit.text, place(edit.start));
    from = edit.end;
  }
  into.copy(source, place(from), end);
}
