import { type Markish, plot, type PlotOptions } from "@observablehq/plot";
import { parseHTML } from "linkedom";
import type { Drawing } from "./create_figure.ts";
import { COLOURS, FONT, SIZES } from "./theme.ts";

/** What {@linkcode drawChart} adds its own look to. */
export interface ChartOptions extends Omit<PlotOptions, "document" | "style" | "className"> {
  readonly width: number;
  readonly height: number;
  readonly marks: Markish[];
}

/**
 * A chart by Observable Plot as markup: drawn into a document of its own, so nothing global is needed,
 * with explicit colours and font and without the style sheet that only browsers understand.
 */
export function drawChart(options: ChartOptions): Drawing {
  const { document } = parseHTML("<html><body></body></html>");
  const drawn = plot({
    ...options,
    document: document as unknown as Document,
    style: { fontFamily: FONT, fontSize: `${SIZES.small}px` },
  });
  const markup = drawn.outerHTML
    .replace(/<style>[\s\S]*?<\/style>/g, "")
    .replace(
      /^<svg[^>]*>/,
      `<g font-size="${SIZES.small}" text-anchor="middle" fill="${COLOURS.ink}">`,
    )
    .replace(/<\/svg>$/, "</g>")
    .replaceAll('="currentColor"', `="${COLOURS.ink}"`)
    .replace(
      /(?<=[ ,(A-Z"])-?\d+\.\d{3,}(?=[ ,)A-Z"a-z])/g,
      (number) => String(round(Number(number))),
    );
  return { markup, width: options.width, height: options.height };
}

function round(value: number): number {
  return Math.round(value * 100) / 100 + 0;
}
