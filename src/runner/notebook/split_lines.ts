/** The lines of a text with their ends, cut where Jupyter cuts them (Python's `str.splitlines`). */
export function splitLines(text: string): string[] {
  if (text === "") return [];
  // deno-lint-ignore no-control-regex
  return text.split(/(?<=[\n\v\f\x1c-\x1e\x85\u2028\u2029]|\r(?!\n))/);
}
