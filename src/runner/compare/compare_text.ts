import { compareNumbers } from "./number_text.ts";
import { type NumberTolerance, short } from "./number_tolerance.ts";
import type { OutputDifference } from "./output_difference.ts";

/** What differs between two contents of one part of a cell's outputs. */
export type PartDifference = Omit<OutputDifference, "cellIndex" | "executedIndex" | "part">;

/** Characters of a line that a message shows. */
const SHOWN = 60;

/** Compares two texts, with a tolerance number by number. Undefined when they are equal. */
export function compareText(
  stored: string,
  fresh: string,
  tolerance: NumberTolerance | undefined,
): PartDifference | undefined {
  if (stored === fresh) return undefined;
  const numbers = compareNumbers(stored, fresh, { tolerance: tolerance ?? {} });
  if (tolerance === undefined || numbers === undefined) {
    // Who sees this wants to know whether a tolerance would do.
    const hint = numbers !== undefined && numbers.largest > 0
      ? ` (only numbers differ, by ${short(numbers.largest)} at most)`
      : "";
    return { kind: "text", message: firstDifference(stored, fresh) + hint, stored, fresh };
  }
  if (numbers.differing === 0) return undefined;
  const { differing, count, message } = numbers;
  const others = differing > 1 ? `; ${differing} of ${count} numbers differ` : "";
  return { kind: "number", message: `${message}${others}`, stored, fresh };
}

/** Names the first line that differs and shows both sides of it. */
export function firstDifference(stored: string, fresh: string): string {
  const length = Math.min(stored.length, fresh.length);
  let at = 0;
  while (at < length && stored.charCodeAt(at) === fresh.charCodeAt(at)) at++;
  let [line, start] = [1, 0];
  for (let end = stored.indexOf("\n"); end >= 0 && end < at; end = stored.indexOf("\n", start)) {
    [line, start] = [line + 1, end + 1];
  }
  const [was, is] = [lineFrom(stored, start, at), lineFrom(fresh, start, at)];
  if (was !== is) return `line ${line}: stored ${was}, fresh ${is}`;
  const longer = stored.length > fresh.length ? "stored" : "fresh";
  return `line ${line}: only the ${longer} text goes on after ${was}`;
}

/** The line that begins at `start`, cut to what is around `at`; where the text ends before, "nothing". */
function lineFrom(text: string, start: number, at: number): string {
  if (start > 0 && start >= text.length) return "nothing";
  const found = text.indexOf("\n", start);
  const end = found < 0 ? text.length : found;
  const from = at - start <= SHOWN / 2 ? start : at - SHOWN / 2;
  const to = Math.min(end, from + SHOWN);
  const shown = JSON.stringify(text.slice(from, to));
  return `${from > start ? "…" : ""}${shown}${to < end ? "…" : ""}`;
}

/** The beginning of a text, for a message. */
export function excerpt(text: string): string {
  const line = text.trim().split("\n", 1)[0];
  const shown = JSON.stringify(line.slice(0, SHOWN));
  return line.length > SHOWN || text.trim().length > line.length ? `${shown}…` : shown;
}
