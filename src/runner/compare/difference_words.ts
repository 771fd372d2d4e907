import { loadPackage } from "../../_internal/load_package.ts";
import { visibleText } from "./difference_visible.ts";

/** A piece of a line, and whether the other line has something else in its place. */
export interface LinePiece {
  readonly text: string;
  readonly changed: boolean;
}

/** More edits than this make a line that was written anew; marking words would only be noise. */
const MAX_EDITS = 200;

/**
 * A removed line and its successor in pieces, cut to `width` characters around the first place
 * where they differ. Hidden characters and blanks at the end are made visible.
 */
export async function linePieces(
  stored: string,
  fresh: string,
  { width }: { readonly width: number },
): Promise<{ readonly stored: readonly LinePiece[]; readonly fresh: readonly LinePiece[] }> {
  const [a, b] = cutAround(stored, fresh, width);
  const { diffWordsWithSpace } = await loadPackage("diff", () => import("diff"));
  const changes = diffWordsWithSpace(a, b, { maxEditLength: MAX_EDITS });
  if (changes === undefined) {
    return { stored: [{ text: a, changed: true }], fresh: [{ text: b, changed: true }] };
  }
  const side = (other: "added" | "removed") =>
    changes.filter((change) => !change[other])
      .map(({ value, added, removed }) => ({ text: value, changed: added || removed }));
  return { stored: side("added"), fresh: side("removed") };
}

/** A line that has no partner, cut to `width` characters. */
export function cutLine(text: string, { width }: { readonly width: number }): string {
  return cut(text, { from: 0, width });
}

/** Both lines from the same column, so that they stay comparable one below the other. */
function cutAround(a: string, b: string, width: number): [string, string] {
  const length = Math.min(a.length, b.length);
  let same = 0;
  while (same < length && a[same] === b[same]) same++;
  const longest = Math.max(a.length, b.length);
  let from = longest <= width ? 0 : Math.min(same - Math.floor(width / 3), longest - width);
  if (from < 2) from = 0;
  // Not between the halves of a surrogate pair; up to here both lines are the same.
  if (SECOND_HALF.test(a[from] ?? b[from] ?? "")) from--;
  return [cut(a, { from, width }), cut(b, { from, width })];
}

/** `width` characters of a line from `from` on, with what is hidden in them made visible. */
function cut(line: string, { from, width }: { from: number; width: number }): string {
  const before = from > 0 ? "…" : "";
  const room = width - before.length;
  const taken = line.slice(from, from + room + 1);
  const text = visibleText(taken.length > room ? taken : showEnd(taken));
  if (text.length <= room) return before + text;
  return `${before}${text.slice(0, room - 1).replace(FIRST_HALF, "")}…`;
}

/** Blanks at the end of a line are a difference that nobody would see. */
function showEnd(line: string): string {
  const end = line.trimEnd().length;
  return line.slice(0, end) + line.slice(end).replaceAll(" ", "·").replaceAll("\t", "⇥");
}

const FIRST_HALF = /[\ud800-\udbff]$/, SECOND_HALF = /[\udc00-\udfff]/;
