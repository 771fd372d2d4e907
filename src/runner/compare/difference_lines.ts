import { loadPackage } from "../../_internal/load_package.ts";

/** One line of a diff; `equal` stands on both sides. Numbers count the lines of a side from 1. */
export interface DiffLine {
  readonly kind: "equal" | "removed" | "added";
  readonly text: string;
  readonly storedLine?: number;
  readonly freshLine?: number;
}

/** Lines of a diff that belong together. */
export interface DiffHunk {
  readonly lines: readonly DiffLine[];
}

/** More edits than this are looked for only at both ends of the texts: the search is quadratic. */
const MAX_EDITS = 400;

/**
 * The lines that differ, each run of them with `context` equal lines around it. A newline that only
 * one of the texts ends with is a line of its own, because it is a difference.
 */
export async function diffHunks(
  stored: string,
  fresh: string,
  { context }: { readonly context: number },
): Promise<DiffHunk[]> {
  const lines = await diffLines(stored.split("\n"), fresh.split("\n"));
  const hunks: DiffLine[][] = [];
  let shownUpTo = 0, last = -Infinity;
  for (const [i, line] of lines.entries()) {
    if (line.kind === "equal") continue;
    // Hunks whose contexts touch are one.
    const from = Math.max(0, i - context);
    if (from > last + context + 1 || hunks.length === 0) {
      if (hunks.length > 0) hunks.at(-1)!.push(...lines.slice(shownUpTo, last + context + 1));
      hunks.push(lines.slice(from, i + 1));
    } else {
      hunks.at(-1)!.push(...lines.slice(shownUpTo, i + 1));
    }
    shownUpTo = i + 1;
    last = i;
  }
  hunks.at(-1)?.push(...lines.slice(shownUpTo, last + context + 1));
  return hunks.map((lines) => ({ lines }));
}

async function diffLines(stored: string[], fresh: string[]): Promise<DiffLine[]> {
  const { diffArrays } = await loadPackage("diff", () => import("diff"));
  const changes = diffArrays(stored, fresh, { maxEditLength: MAX_EDITS }) ??
    endsInCommon(stored, fresh);
  let storedLine = 1, freshLine = 1;
  return changes.flatMap(({ value, added, removed }) =>
    value.map((text): DiffLine => {
      if (added) return { kind: "added", text, freshLine: freshLine++ };
      if (removed) return { kind: "removed", text, storedLine: storedLine++ };
      return { kind: "equal", text, storedLine: storedLine++, freshLine: freshLine++ };
    })
  );
}

interface Change {
  readonly value: string[];
  readonly added: boolean;
  readonly removed: boolean;
}

function endsInCommon(stored: readonly string[], fresh: readonly string[]): Change[] {
  const length = Math.min(stored.length, fresh.length);
  let head = 0, tail = 0;
  while (head < length && stored[head] === fresh[head]) head++;
  while (tail < length - head && stored.at(-1 - tail) === fresh.at(-1 - tail)) tail++;
  const change = (value: string[], kind?: "added" | "removed"): Change => ({
    value,
    added: kind === "added",
    removed: kind === "removed",
  });
  return [
    change(stored.slice(0, head)),
    change(stored.slice(head, stored.length - tail), "removed"),
    change(fresh.slice(head, fresh.length - tail), "added"),
    change(stored.slice(stored.length - tail)),
  ];
}

/** A line that was removed and the one that took its place; either may be alone. */
export interface LinePair {
  readonly stored?: DiffLine;
  readonly fresh?: DiffLine;
}

/** The lines of a hunk side by side: the first removed line of a run beside the first added one. */
export function linePairs({ lines }: DiffHunk): LinePair[] {
  const pairs: LinePair[] = [];
  let removed: DiffLine[] = [], added: DiffLine[] = [];
  const flush = () => {
    for (let i = 0; i < Math.max(removed.length, added.length); i++) {
      pairs.push({
        ...(i < removed.length ? { stored: removed[i] } : {}),
        ...(i < added.length ? { fresh: added[i] } : {}),
      });
    }
    removed = [];
    added = [];
  };
  for (const line of lines) {
    if (line.kind === "removed") removed.push(line);
    else if (line.kind === "added") added.push(line);
    else {
      flush();
      pairs.push({ stored: line, fresh: line });
    }
  }
  flush();
  return pairs;
}
