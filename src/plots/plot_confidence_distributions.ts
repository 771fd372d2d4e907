import { checkOptions } from "../_internal/check_options.ts";
import type { Figure } from "../_internal/figure.ts";
import type {
  ClassConfidences,
  ConfidenceDistributions,
} from "../metrics/confidence_distributions.ts";
import { counted } from "./class_names.ts";
import { createFigure, type Drawing } from "./create_figure.ts";
import { BOLD, fitText } from "./fit_text.ts";
import { drawLegend } from "./legend.ts";
import { panelGrid } from "./panel_grid.ts";
import { stack } from "./stack.ts";
import { element, textElement } from "./svg_element.ts";
import { textTable } from "./text_table.ts";
import { COLOURS, SIZES } from "./theme.ts";

/** Options of {@linkcode plotConfidenceDistributions}. */
export interface PlotConfidenceDistributionsOptions {
  /** Title of the figure. @default {"Confidence by true class"} */
  readonly title?: string;
  /** Which head predicted; stands under the title. */
  readonly head?: string;
}

/** Pixels of a panel's chart, and of one side of it. */
const WIDTH = 190, SIDE = 52;

/**
 * Draws how sure the predictions are, a panel for each true class: right ones upwards, wrong ones
 * downwards. A head that is as sure when it is wrong as when it is right cannot be trusted.
 *
 * @param distributions what `confidenceDistributions()` returned
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { confidenceDistributions } from "@qsight/qsight/metrics";
 * import { plotConfidenceDistributions } from "@qsight/qsight/plots";
 *
 * const found = confidenceDistributions([0, 0], [0.9, 0.1, 0.4, 0.6], { classes: ["no", "yes"] });
 * assert.match(plotConfidenceDistributions(found).text, /no +1 +1 +0\.900 +0\.600/);
 * ```
 */
export function plotConfidenceDistributions(
  distributions: ConfidenceDistributions,
  options: PlotConfidenceDistributionsOptions = {},
): Figure {
  checkOptions("plotConfidenceDistributions()", options, ["title", "head"]);
  const { title = "Confidence by true class", head } = options;
  const { perClass, invalid } = distributions;
  const count = perClass.reduce((all, one) => all + total(one.right) + total(one.wrong), 0);
  const columns = perClass.length <= 4 ? 2 : perClass.length <= 9 ? 3 : 4;
  const grid = panelGrid(perClass.map(drawPanel), { columns, headingHeight: 34, gap: 18 });
  const legend = drawLegend([
    { label: "right", colour: COLOURS.right, filled: true },
    { label: "wrong", colour: COLOURS.wrong, filled: true },
  ], grid.width);
  return createFigure({
    name: "confidence_distributions",
    title,
    subtitle: [
      ...(head === undefined ? [] : [`head ${head}`]),
      counted(count, "image"),
      "each class has its own scale",
    ].join(" · "),
    body: stack([legend, grid], 4),
    notes: invalid === 0 ? [] : [`${counted(invalid, "image")} left out: a probability is NaN`],
    text: textTable(
      ["true class", "right", "wrong", "mean confidence right", "wrong"],
      perClass.map(({ label, right, wrong, meanRight, meanWrong }) => [
        label,
        String(total(right)),
        String(total(wrong)),
        meanRight?.toFixed(3) ?? "n/a",
        meanWrong?.toFixed(3) ?? "n/a",
      ]),
    ),
    data: { title, head: head ?? null, distributions },
  });
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

function drawPanel(one: ClassConfidences): { heading: string; drawing: Drawing } {
  const { label, right, wrong, meanRight, meanWrong } = one;
  const most = Math.max(1, ...right, ...wrong), bar = WIDTH / right.length;
  const bars = (counts: readonly number[], fill: string, up: boolean) =>
    counts.map((count, i) => {
      // One image of thousands is still a line.
      const height = count === 0 ? 0 : Math.max(1, count / most * SIDE);
      const y = up ? SIDE - height : SIDE;
      return count === 0
        ? ""
        : element("rect", { x: i * bar + 0.5, y, width: bar - 1, height, fill });
    }).join("");
  const frame = { x: 0, y: 0, width: WIDTH, height: 2 * SIDE, fill: "none", stroke: COLOURS.rule };
  const base = { x1: 0, x2: WIDTH, y1: SIDE, y2: SIDE, stroke: COLOURS.rule };
  const ticks = [0, 0.5, 1].map((share, i) =>
    textElement(String(share), [share * WIDTH, 2 * SIDE + 13], {
      size: SIZES.small,
      anchor: (["start", "middle", "end"] as const)[i],
    })
  );
  const mean = (value: number | null) => value === null ? "–" : value.toFixed(2);
  const facts = `${total(right)} right (mean ${mean(meanRight)}), ${total(wrong)} wrong (${
    mean(meanWrong)
  })`;
  const empty = total(right) + total(wrong) === 0;
  const nothing = textElement("no images", [WIDTH / 2, SIDE - 8], {
    anchor: "middle",
    fill: COLOURS.muted,
  });
  return {
    heading: textElement(fitText(label, WIDTH / BOLD, SIZES.label), [0, 12], { bold: true }) +
      textElement(empty ? "" : fitText(facts, WIDTH + 14, 9), [0, 27], {
        size: 9,
        fill: COLOURS.muted,
      }),
    drawing: {
      markup: bars(right, COLOURS.right, true) + bars(wrong, COLOURS.wrong, false) +
        (empty ? nothing : "") + element("line", base) + element("rect", frame) + ticks.join(""),
      width: WIDTH + 10,
      height: 2 * SIDE + 16,
    },
  };
}
