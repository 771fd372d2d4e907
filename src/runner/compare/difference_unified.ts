import { type DiffHunk, diffHunks, type LinePair, linePairs } from "./difference_lines.ts";
import { cutLine, linePieces } from "./difference_words.ts";

/** Puts an ANSI colour around a text, or does not. */
export type Paint = (code: string, text: string) => string;

/** How a diff is laid out. */
export interface UnifiedOptions {
  readonly paint: Paint;
  /** Characters of a line. */
  readonly width: number;
  /** Lines that are shown at most, in addition to the heads of hunks. */
  readonly maxLines: number;
}

const CONTEXT = 2;
const RED = "31", GREEN = "32", CYAN = "36", CHANGED = "7";

/** A unified diff of two texts, and how many of its lines are left out. A missing text is all lines. */
export async function unifiedDiff(
  stored: string | undefined,
  fresh: string | undefined,
  options: UnifiedOptions,
): Promise<{ readonly lines: string[]; readonly more: number }> {
  const hunks = await textHunks(stored, fresh);
  const lines: string[] = [];
  let left = options.maxLines;
  for (const hunk of hunks) {
    if (left <= 0) break;
    const pairs = firstPairs(linePairs(hunk), left);
    lines.push(options.paint(CYAN, hunkHead(hunk)), ...await hunkLines(pairs, options));
    left -= pairs.reduce((sum, pair) => sum + lineCount(pair), 0);
  }
  const all = hunks.reduce((sum, hunk) => sum + hunk.lines.length, 0);
  return { lines, more: all - (options.maxLines - left) };
}

/** The hunks of two texts; where one is absent, the other as a whole. */
export function textHunks(
  stored: string | undefined,
  fresh: string | undefined,
): Promise<DiffHunk[]> {
  if (stored !== undefined && fresh !== undefined) {
    // A newline that both end with is no line.
    const end = stored.endsWith("\n") && fresh.endsWith("\n") ? -1 : undefined;
    return diffHunks(stored.slice(0, end), fresh.slice(0, end), { context: CONTEXT });
  }
  const texts = (stored ?? fresh ?? "").replace(/\n$/, "").split("\n");
  const lines = texts.map((text, i) =>
    stored === undefined
      ? { kind: "added" as const, text, freshLine: i + 1 }
      : { kind: "removed" as const, text, storedLine: i + 1 }
  );
  return Promise.resolve([{ lines }]);
}

/** Both sides of a long change are cut alike, so that a reader sees something of each. */
export function firstPairs(pairs: readonly LinePair[], maxLines: number): readonly LinePair[] {
  let count = 0;
  const end = pairs.findIndex((pair) => (count += lineCount(pair)) > maxLines);
  return end < 0 ? pairs : pairs.slice(0, end);
}

/** Lines of a unified diff that a pair takes. */
export function lineCount({ stored, fresh }: LinePair): number {
  return stored === fresh || stored === undefined || fresh === undefined ? 1 : 2;
}

function hunkHead({ lines }: DiffHunk): string {
  const range = (side: "storedLine" | "freshLine") => {
    const numbers = lines.flatMap((line) => line[side] ?? []);
    return `${numbers[0] ?? 0},${numbers.length}`;
  };
  return `@@ stored -${range("storedLine")} fresh +${range("freshLine")} @@`;
}

/** Removed lines of a run first, then the added ones, as a reader of diffs is used to. */
async function hunkLines(
  pairs: readonly LinePair[],
  { paint, width }: UnifiedOptions,
): Promise<string[]> {
  const lines: string[] = [];
  let added: string[] = [];
  const room = { width: width - 2 };
  for (const { stored, fresh } of pairs) {
    if (stored === fresh) {
      lines.push(...added, `  ${cutLine(stored!.text, room)}`.trimEnd());
      added = [];
    } else if (stored !== undefined && fresh !== undefined) {
      const pieces = await linePieces(stored.text, fresh.text, room);
      const join = (side: "stored" | "fresh", code: string) =>
        pieces[side].map(({ text, changed }) => paint(changed ? `${code};${CHANGED}` : code, text))
          .join("");
      lines.push(paint(RED, "- ") + join("stored", RED));
      added.push(paint(GREEN, "+ ") + join("fresh", GREEN));
    } else if (stored !== undefined) {
      lines.push(paint(RED, `- ${cutLine(stored.text, room)}`));
    } else {
      added.push(paint(GREEN, `+ ${cutLine(fresh!.text, room)}`));
    }
  }
  return [...lines, ...added];
}
