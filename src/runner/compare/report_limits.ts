/** What keeps a page small enough to open. */
export interface ReportLimits {
  /** Lines of a text that are shown. */
  readonly maxLines: number;
  /** Characters of a line that are shown. */
  readonly width: number;
  /** Bytes of pictures that the page may still take; shared by all of it. */
  pictureBytes: number;
}

/** The first lines of a text, each cut, and the sentence about what was left out. */
export function cutText(
  text: string,
  { maxLines, width }: ReportLimits,
): { readonly text: string; readonly note?: string } {
  const lines = text.split("\n");
  const shown = lines.slice(0, maxLines);
  const cut = shown.map((line) => line.length > width ? `${line.slice(0, width)}…` : line);
  const long = shown.filter((line) => line.length > width).length;
  const notes = [
    ...(lines.length > maxLines ? [`${lines.length - maxLines} more lines are left out`] : []),
    ...(long > 0 ? [`lines are cut at ${width} characters`] : []),
  ];
  return { text: cut.join("\n"), ...(notes.length > 0 ? { note: sentence(notes) } : {}) };
}

/** Parts as one sentence. */
export function sentence(parts: readonly string[]): string {
  const text = parts.join("; ");
  return `${text[0].toUpperCase()}${text.slice(1)}.`;
}

/** Milliseconds as a person would say them. */
export function duration(ms: number): string {
  if (!(ms > 0)) return "–";
  if (ms < 1000) return `${Math.max(1, Math.round(ms))} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** A number and its noun: "1 notebook", "2 notebooks". */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
