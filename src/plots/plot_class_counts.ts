import { checkOptions } from "../_internal/check_options.ts";
import type { Figure } from "../_internal/figure.ts";
import { counted, percent } from "./class_names.ts";
import { createFigure, type Drawing } from "./create_figure.ts";
import { fitText, textWidth } from "./fit_text.ts";
import { drawLegend } from "./legend.ts";
import { messageBox } from "./message_box.ts";
import { stack } from "./stack.ts";
import { element, textElement } from "./svg_element.ts";
import { textTable } from "./text_table.ts";
import { COLOURS, seriesColour, SIZES } from "./theme.ts";

/** How many images of each class a split holds. */
export interface SplitCounts {
  /** Name of the split, e.g. `train`. */
  readonly split: string;
  /** One number a class. */
  readonly counts: readonly number[];
}

/** Options of {@linkcode plotClassCounts}. */
export interface PlotClassCountsOptions {
  /** Class names. @default {class 0, class 1, …} */
  readonly labels?: readonly string[];
  /** Title of the figure. @default {"Images by class"} */
  readonly title?: string;
}

const BAR = 13, WIDE = 320, WIDEST_NAME = 160;

/**
 * Draws how the classes are shared out in each split: bars are shares of the split, so that splits of
 * different size can be compared, and the numbers stand beside them.
 *
 * @throws {RangeError} when the splits differ in their number of classes
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { plotClassCounts } from "@qsight/qsight/plots";
 *
 * const splits = [{ split: "train", counts: [60, 20] }, { split: "val", counts: [15, 5] }];
 * const figure = plotClassCounts(splits, { labels: ["healthy", "ill"] });
 * assert.match(figure.text, /ill +20 \(25 %\) +5 \(25 %\)/);
 * ```
 */
export function plotClassCounts(
  splits: readonly SplitCounts[],
  options: PlotClassCountsOptions = {},
): Figure {
  const where = "plotClassCounts()";
  checkOptions(where, options, ["labels", "title"]);
  const { labels, title = "Images by class" } = options;
  const classes = splits[0]?.counts.length ?? 0;
  const other = splits.find(({ counts }) => counts.length !== classes);
  if (
    other !== undefined || (labels !== undefined && splits.length > 0 && labels.length !== classes)
  ) {
    throw new RangeError(
      `${where}: found ${
        other?.counts.length ?? labels?.length
      } and ${classes} classes, wanted as ` +
        "many in each split and label. Write 0 for a class without images",
    );
  }
  const names = Array.from({ length: classes }, (_, c) => labels?.[c] ?? `class ${c}`);
  const totals = splits.map(({ counts }) => counts.reduce((a, b) => a + b, 0));
  const share = (s: number, c: number) => totals[s] === 0 ? 0 : splits[s].counts[c] / totals[s];
  return createFigure({
    name: "class_counts",
    title,
    subtitle: splits.map(({ split }, s) => `${split} ${counted(totals[s], "image")}`).join(" · "),
    body: classes === 0 ? messageBox("no classes", 340) : drawCounts(splits, { names, share }),
    text: textTable(
      ["class", ...splits.map(({ split }) => split)],
      names.map((name, c) => [
        name,
        ...splits.map(({ counts }, s) => `${counts[c]} (${percent(share(s, c))})`),
      ]),
    ),
    data: { title, labels: labels ?? null, splits },
  });
}

function drawCounts(
  splits: readonly SplitCounts[],
  { names, share }: {
    readonly names: readonly string[];
    readonly share: (split: number, c: number) => number;
  },
): Drawing {
  const shown = names.map((name) => fitText(name, WIDEST_NAME, SIZES.label));
  const left = Math.max(...shown.map((name) => textWidth(name, SIZES.label))) + 10;
  const group = splits.length * BAR + 10;
  const most = Math.max(...splits.flatMap((_, s) => names.map((_, c) => share(s, c)))) || 1;
  const markup = names.flatMap((_, c) => {
    const top = c * group + 4;
    const name = textElement(shown[c], [left - 8, top + splits.length * BAR / 2 + 4], {
      anchor: "end",
    });
    const bars = splits.map(({ counts }, s) => {
      const width = share(s, c) / most * WIDE, y = top + s * BAR;
      const fact = `${counts[c]} (${percent(share(s, c))})`;
      const bar = { x: left, y, width: Math.max(width, 0.5), height: BAR - 2 };
      return element("rect", { ...bar, fill: seriesColour(s) }) +
        textElement(fact, [left + width + 6, y + BAR - 4], {
          size: SIZES.small,
          fill: COLOURS.muted,
        });
    });
    return [name, ...bars];
  });
  const chart = { markup: markup.join(""), width: left + WIDE + 90, height: names.length * group };
  const legend = drawLegend(
    splits.map(({ split }, s) => ({ label: split, colour: seriesColour(s), filled: true })),
    chart.width,
  );
  return stack([legend, chart], 2);
}
