/**
 * Applies backspaces and carriage returns as nbclient's `coalesce_streams` does, in a time that
 * grows with the length of the text alone: a line may be megabytes long.
 */
export function settleText(text: string): string {
  const erased = text.includes("\b") ? applyBackspaces(text) : text;
  if (!erased.includes("\r")) return erased;
  return erased.split("\n").map(applyCarriageReturns).join("\n");
}

/** Each backspace takes the character before it away, but never the end of a line. */
function applyBackspaces(text: string): string {
  const kept: string[] = [];
  for (const character of text) {
    const last = kept.at(-1);
    const erases = character === "\b" && last !== undefined && last !== "\n" && last !== "\b";
    if (erases) kept.pop();
    else kept.push(character);
  }
  return kept.join("");
}

/** A carriage return before the line's end lets the rest of the line overwrite what stood there. */
function applyCarriageReturns(line: string): string {
  return line.slice(line.slice(0, -1).lastIndexOf("\r") + 1);
}
