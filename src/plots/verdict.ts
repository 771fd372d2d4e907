import type { Drawing } from "./create_figure.ts";
import { BOLD, wrapText } from "./fit_text.ts";
import { element, textElement } from "./svg_element.ts";
import { COLOURS, SIZES } from "./theme.ts";

/** What a check of explanations found. */
export interface CheckLike {
  /** Whether the maps can be believed. */
  readonly verdict: "trustworthy" | "doubtful" | "undecided";
  /** Why, in plain sentences. */
  readonly reasons: readonly string[];
}

/** Mark and colour of a verdict. The word always stands beside it: no one has to tell colours apart. */
export const VERDICTS: Readonly<Record<CheckLike["verdict"], { mark: string; colour: string }>> = {
  trustworthy: { mark: "✓", colour: COLOURS.right },
  doubtful: { mark: "✗", colour: COLOURS.wrong },
  undecided: { mark: "?", colour: COLOURS.muted },
};

/** @throws {RangeError} when the verdict is none of the three words */
export function checkVerdict(where: string, { verdict }: CheckLike): void {
  if (Object.hasOwn(VERDICTS, verdict)) return;
  throw new RangeError(
    `${where}: found verdict "${verdict}", wanted ${Object.keys(VERDICTS).join(", ")}. ` +
      `Pass one of these words`,
  );
}

const LINE = 14, INSET = 10;

/** A verdict and its reasons in a box; `about` names what was checked, such as a method. */
export function drawVerdict(
  { verdict, reasons }: CheckLike,
  { width, about = "check" }: { width: number; about?: string },
): Drawing {
  const { mark, colour } = VERDICTS[verdict];
  const left = INSET + 18, inner = width - left - INSET;
  const head = wrapText(`${about}: ${verdict}`, { width: inner / BOLD, size: SIZES.label });
  const lines = reasons.flatMap((reason) =>
    wrapText(reason, { width: inner - 10, size: SIZES.small }).map((line, i) => ({ line, i }))
  );
  const height = (head.length + lines.length) * LINE + 10;
  const top = (n: number) => 16 + n * LINE;
  const markup = element("rect", { width, height, fill: COLOURS.empty }) +
    element("rect", { width: 3, height, fill: colour }) +
    textElement(mark, [INSET, 17], { size: 14, bold: true, fill: colour }) +
    head.map((line, i) => textElement(line, [left, top(i)], { bold: true, fill: colour })).join(
      "",
    ) +
    lines.map(({ line, i }, n) => {
      const y = top(head.length + n), style = { size: SIZES.small };
      return (i === 0 ? textElement("–", [left, y], style) : "") +
        textElement(line, [left + 10, y], style);
    }).join("");
  return { markup, width, height };
}

/** The same as lines of text. */
export function verdictText({ verdict, reasons }: CheckLike, about = "check"): string {
  return [`${VERDICTS[verdict].mark} ${about}: ${verdict}`, ...reasons.map((r) => `  - ${r}`)]
    .join("\n");
}
