import type { Drawing } from "./create_figure.ts";
import { fitText, textWidth } from "./fit_text.ts";
import { element, moved, textElement } from "./svg_element.ts";
import { SIZES } from "./theme.ts";

/** One entry of a legend. */
export interface LegendEntry {
  readonly label: string;
  readonly colour: string;
  readonly dashed?: boolean;
  /** Dashes of the line, where `dashed` is not enough to tell lines apart. */
  readonly dash?: string;
  /** A filled box instead of a line. */
  readonly filled?: boolean;
}

const LINE_HEIGHT = 18, SWATCH = 22;

/** Entries from left to right, on as many lines as they need. */
export function drawLegend(entries: readonly LegendEntry[], width: number): Drawing {
  let x = 0, y = 0;
  const markup = entries.map(({ label, colour, dashed, dash, filled }) => {
    const name = fitText(label, Math.min(220, width - SWATCH - 6), SIZES.label);
    const wide = SWATCH + 6 + textWidth(name, SIZES.label) + 18;
    if (x > 0 && x + wide - 18 > width) [x, y] = [0, y + LINE_HEIGHT];
    const line = { x1: 0, x2: SWATCH, y1: 9, y2: 9, stroke: colour, "stroke-width": 2 };
    const sign = filled
      ? element("rect", { x: 0, y: 3, width: SWATCH, height: 11, fill: colour })
      : element("line", { ...line, "stroke-dasharray": dash ?? (dashed ? "5 3" : undefined) });
    const entry = moved(sign + textElement(name, [SWATCH + 6, 13]), x, y);
    x += wide;
    return entry;
  });
  return { markup: markup.join(""), width, height: entries.length === 0 ? 0 : y + LINE_HEIGHT + 4 };
}
