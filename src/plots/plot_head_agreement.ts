import { checkOptions } from "../_internal/check_options.ts";
import type { Figure } from "../_internal/figure.ts";
import type { HeadAgreement, HeadPair } from "../metrics/head_agreement.ts";
import { counted, percent } from "./class_names.ts";
import { createFigure, type Drawing } from "./create_figure.ts";
import { fitText, textWidth } from "./fit_text.ts";
import { drawHeatGrid, type HeatCell } from "./heat_grid.ts";
import { messageBox } from "./message_box.ts";
import { stack } from "./stack.ts";
import { element, textElement } from "./svg_element.ts";
import { textTable } from "./text_table.ts";
import { COLOURS, PALETTE, SIZES } from "./theme.ts";

/** Options of {@linkcode plotHeadAgreement}. */
export interface PlotHeadAgreementOptions {
  /** Title of the figure. @default {"Do the heads agree?"} */
  readonly title?: string;
}

/**
 * Draws how often every two heads answer the same, with Cohen's kappa (agreement beyond chance), and
 * below it how many heads are right at once, with what the fused answer makes of it.
 *
 * @param agreement what `headAgreement()` returned
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { headAgreement } from "@qsight/qsight/metrics";
 * import { plotHeadAgreement } from "@qsight/qsight/plots";
 *
 * const heads = { a: [0, 0, 1, 1], b: [0, 1, 1, 0] };
 * const figure = plotHeadAgreement(headAgreement({ yTrue: [0, 0, 1, 0], heads, classes: 2 }));
 * assert.match(figure.text, /a +b +50 % +0\.00/);
 * ```
 */
export function plotHeadAgreement(
  agreement: HeadAgreement,
  options: PlotHeadAgreementOptions = {},
): Figure {
  checkOptions("plotHeadAgreement()", options, ["title"]);
  const { title = "Do the heads agree?" } = options;
  const { heads, masked, pairs, count, invalid, onlyRight } = agreement;
  const empty = heads.length === 0 || count === 0;
  return createFigure({
    name: "head_agreement",
    title,
    subtitle: `${counted(heads.length, "head")}, ${counted(count, "image")}` +
      " · share of equal answers, and kappa between each two",
    body: empty
      ? messageBox("no answers to compare", 340)
      : stack([drawPairs(heads, pairs), drawRightCounts(agreement)], 22),
    notes: [
      ...(empty ? [] : [
        `right where no other head is: ${
          onlyRight.map(({ head, count }) => `${head} ${count}`).join(", ")
        }`,
      ]),
      ...reasons(pairs),
      ...(invalid === 0 ? [] : [`${counted(invalid, "image")} left out, for want of a prediction`]),
      ...(masked.length === 0 ? [] : [`switched off: ${masked.join(", ")}`]),
    ],
    text: empty ? "no answers to compare" : agreementText(agreement),
    data: { title, agreement },
  });
}

function reasons(pairs: readonly HeadPair[]): string[] {
  return pairs.flatMap(({ a, b, kappa }) =>
    kappa.value === null ? [`kappa of ${a} and ${b}: n/a, ${kappa.reason}`] : []
  );
}

function drawPairs(heads: readonly string[], pairs: readonly HeadPair[]): Drawing {
  const cell = (a: string, b: string): HeatCell => {
    const pair = pairs.find((one) => (one.a === a && one.b === b) || (one.a === b && one.b === a));
    const share = pair?.agreement.value ?? null;
    // A head with itself says nothing.
    if (pair === undefined || share === null) return { share: null, main: a === b ? "–" : "n/a" };
    return { share, main: percent(share), detail: `κ ${pair.kappa.value?.toFixed(2) ?? "n/a"}` };
  };
  return drawHeatGrid({
    rows: heads.map((label) => ({ label })),
    columns: heads,
    cells: heads.map((a) => heads.map((b) => cell(a, b))),
    rowTitle: "head",
    columnTitle: "head",
    cellWidth: 84,
    cellHeight: 46,
  });
}

const BAR = 260, ROW = 24;

/** "none", "1 of 3", …, "all 3": how many heads are right. */
function rightName(right: number, heads: number): string {
  if (right === 0) return "none right";
  return right === heads ? `all ${heads} right` : `${right} of ${heads} right`;
}

/** A bar for each number of heads that are right; the filled part is what the fused answer gets right. */
function drawRightCounts({ heads, rightCounts, count }: HeadAgreement): Drawing {
  const names = rightCounts.map(({ right }) => rightName(right, heads.length));
  const left = Math.max(...names.map((name) => textWidth(name, SIZES.label))) + 10;
  const fused = rightCounts.some(({ fusedRight }) => fusedRight !== null);
  const markup = rightCounts.map(({ count: images, fusedRight }, i) => {
    const y = i * ROW + 4, width = images / count * BAR;
    const box = { x: left, y, height: ROW - 8 };
    const right = fusedRight === null ? 0 : fusedRight / count * BAR;
    const fact = `${images} (${percent(images / count)})` +
      (fusedRight === null || images === 0 ? "" : `, fused answer right in ${fusedRight}`);
    return textElement(names[i], [left - 8, y + 12], { anchor: "end" }) +
      element("rect", { ...box, width, fill: COLOURS.grid, stroke: COLOURS.rule }) +
      element("rect", { ...box, width: right, fill: PALETTE[0] }) +
      textElement(fitText(fact, 230, SIZES.small), [left + width + 8, y + 12], {
        size: SIZES.small,
        fill: COLOURS.muted,
      });
  });
  const caption = fused
    ? "images by the number of heads that are right; dark: the fused answer is right"
    : "images by the number of heads that are right";
  return {
    markup: markup.join("") +
      textElement(caption, [0, rightCounts.length * ROW + 14], {
        size: SIZES.small,
        fill: COLOURS.muted,
      }),
    width: left + BAR + 240,
    height: rightCounts.length * ROW + 20,
  };
}

function agreementText({ heads, pairs, rightCounts, count }: HeadAgreement): string {
  const none = heads.length < 2 ? [] : [textTable(
    ["head", "other head", "equal", "kappa"],
    pairs.map(({ a, b, agreement, kappa }) => [
      a,
      b,
      agreement.value === null ? "n/a" : percent(agreement.value),
      kappa.value?.toFixed(2) ?? "n/a",
    ]),
  )];
  const right = textTable(
    ["heads right", "images", "share", "fused right"],
    rightCounts.map(({ right, count: images, fusedRight }) => [
      rightName(right, heads.length),
      String(images),
      percent(images / count),
      fusedRight === null ? "n/a" : String(fusedRight),
    ]),
  );
  return [...none, right].join("\n\n");
}
