import { checkOptions } from "../../_internal/check_options.ts";
import { formatShare, numberSentence } from "./difference_numbers.ts";
import { type Paint, unifiedDiff, type UnifiedOptions } from "./difference_unified.ts";
import { visibleText } from "./difference_visible.ts";
import { imageSize } from "./image_size.ts";
import type { ImageDifference, OutputDifference } from "./output_difference.ts";

/** Options of {@linkcode differenceText}. */
export interface DifferenceTextOptions {
  /** ANSI colours, and marks on the words that changed. @default {false} */
  readonly colour?: boolean;
  /** Characters of a line, at least 20; longer ones are cut around what changed. @default {100} */
  readonly width?: number;
  /** Lines of a difference, at least 1; the rest is counted. @default {40} */
  readonly maxLines?: number;
}

/**
 * Differences as text for a terminal: for each a line that says what differs, then a unified diff
 * with two lines of context, a sentence about two numbers, or the sizes of two pictures.
 *
 * Nothing in it can act on the terminal: control characters of outputs become visible, ESC as ␛.
 * Colours are the only escape sequences, and only when asked for.
 *
 * @returns lines without a newline at the end; empty for no differences
 * @throws {RangeError} when `width` or `maxLines` is no whole number or too small
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { differenceText } from "@qsight/qsight/runner";
 * const text = await differenceText([
 *   { cellIndex: 3, part: "text/plain", kind: "number", message: "differs", stored: "4", fresh: "5" },
 * ]);
 * assert.equal(text, "cell 3 · text/plain: differs\n  expected 4, found 5 (off by 25 %)");
 * ```
 */
export async function differenceText(
  differences: readonly OutputDifference[],
  options: DifferenceTextOptions = {},
): Promise<string> {
  checkOptions("differenceText()", options, ["colour", "width", "maxLines"]);
  const { colour = false, width = 100, maxLines = 40 } = options;
  for (const [name, value, least] of [["width", width, 20], ["maxLines", maxLines, 1]] as const) {
    if (Number.isInteger(value) && value >= least) continue;
    throw new RangeError(
      `differenceText(): found ${name} ${value}, wanted a whole number of at least ${least}. ` +
        "Leave it out for the default.",
    );
  }
  const paint: Paint = colour
    ? (code, text) => text === "" ? "" : `\x1b[${code}m${text}\x1b[0m`
    : (_code, text) => text;
  const blocks: string[] = [];
  for (const difference of differences) {
    const { cellIndex, executedIndex = cellIndex, part, message } = difference;
    const head = visibleText(`cell ${executedIndex} · ${part}: ${message}`, { oneLine: true });
    const layout = { paint, width: width - INDENT.length, maxLines };
    const { lines, more } = await body(difference, layout);
    if (more > 0) lines.push(paint(DIM, `… ${more} more ${more === 1 ? "line" : "lines"}`));
    blocks.push([paint(BOLD, head), ...lines.map((line) => INDENT + line)].join("\n"));
  }
  return blocks.join("\n\n");
}

const INDENT = "  ";
const BOLD = "1", DIM = "2";

async function body(
  { stored, fresh, image }: OutputDifference,
  layout: UnifiedOptions,
): Promise<{ readonly lines: string[]; readonly more: number }> {
  if (image !== undefined) return { lines: [imageSentence(image)], more: 0 };
  if (stored === undefined && fresh === undefined) return { lines: [], more: 0 };
  const sentence = numberSentence(stored ?? "", fresh ?? "");
  if (sentence !== undefined) return { lines: [sentence], more: 0 };
  return await unifiedDiff(stored, fresh, layout);
}

/** The sizes of both pictures, and how much differs. */
function imageSentence({ stored, fresh, share }: ImageDifference): string {
  const [was, is] = [stored, fresh].map((bytes) => {
    const size = imageSize(bytes);
    return size === undefined ? `${bytes.length} bytes` : `${size.width} x ${size.height} pixels`;
  });
  return `stored ${was}, fresh ${is}, ${formatShare(share)} of the pixels differ visibly`;
}
