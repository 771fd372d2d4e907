import type { Drawing } from "./create_figure.ts";
import { textWidth } from "./fit_text.ts";
import { element, textElement } from "./svg_element.ts";
import { COLOURS, SIZES } from "./theme.ts";

/** A sentence where a drawing would be, when there is nothing to draw. */
export function messageBox(text: string, least: number): Drawing {
  const height = 72, width = Math.max(least, textWidth(text, SIZES.label) + 40);
  const box = { x: 0.5, y: 0.5, width: width - 1, height: height - 1, fill: COLOURS.empty };
  const middle = [width / 2, height / 2 + 4] as const;
  return {
    markup: element("rect", box) +
      textElement(text, middle, { anchor: "middle", fill: COLOURS.muted }),
    width,
    height,
  };
}
