import { checkOptions } from "../_internal/check_options.ts";
import type { Figure } from "../_internal/figure.ts";
import { counted, percent } from "./class_names.ts";
import { createFigure, type Drawing } from "./create_figure.ts";
import { epochTicks } from "./epoch_ticks.ts";
import { fitText } from "./fit_text.ts";
import { type HistoryAxis, historyAxis } from "./history_rows.ts";
import { drawLegend } from "./legend.ts";
import { messageBox } from "./message_box.ts";
import { seriesFill } from "./series_style.ts";
import { stack } from "./stack.ts";
import { element, textElement } from "./svg_element.ts";
import { textTable } from "./text_table.ts";
import { COLOURS, SIZES } from "./theme.ts";

/** What was predicted in one epoch. */
export interface PredictedShares {
  /** Name of the stage. */
  readonly stage: string;
  /** Counted anew in each stage, or on. */
  readonly epoch: number;
  /** Share of the predictions that are each class, in class order; null where there are none. */
  readonly shares: readonly (number | null)[];
}

/** Something that a collapse detector noticed. */
export interface CollapseEventLike {
  /** Name of the stage. */
  readonly stage: string;
  /** Epoch within the stage, as in {@linkcode PredictedShares}. */
  readonly epoch: number;
  /** What happened. */
  readonly kind: "collapse" | "recovered";
  /** Index of the class. */
  readonly class: number;
  /** Share of the images predicted as it. */
  readonly predictedShare: number;
  /** Share of the images that are of it. */
  readonly trueShare: number;
  /** What its weight is multiplied by from then on. */
  readonly multiplier: number;
}

/** What {@linkcode plotCollapseEvents} draws. */
export interface CollapseHistory {
  /** Class names in class order. */
  readonly classes: readonly string[];
  /** One per epoch, in order. */
  readonly epochs: readonly PredictedShares[];
  /** Share of the images that are of each class; null where it is not known. */
  readonly trueShares: readonly number[] | null;
  /** What was noticed, in order. */
  readonly events: readonly CollapseEventLike[];
}

/** Options of {@linkcode plotCollapseEvents}. */
export interface PlotCollapseEventsOptions {
  /** Title of the figure. @default {"Predicted classes over the epochs"} */
  readonly title?: string;
}

/**
 * Draws which classes were predicted in each epoch, beside how often they occur, and marks where a
 * detector saw a collapse onto one class or its end.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { plotCollapseEvents } from "@qsight/qsight/plots";
 *
 * const about = { stage: "joint", class: 0, predictedShare: 1, trueShare: 0.5, multiplier: 0.5 };
 * const figure = plotCollapseEvents({
 *   classes: ["no", "yes"],
 *   trueShares: [0.5, 0.5],
 *   epochs: [{ stage: "joint", epoch: 1, shares: [1, 0] }],
 *   events: [{ ...about, epoch: 1, kind: "collapse" }],
 * });
 * assert.match(figure.text, /epoch 1 of joint: collapse onto no, predicted in 100 %, true in 50 %/);
 * ```
 */
export function plotCollapseEvents(
  history: CollapseHistory,
  options: PlotCollapseEventsOptions = {},
): Figure {
  checkOptions("plotCollapseEvents()", options, ["title"]);
  const { title = "Predicted classes over the epochs" } = options;
  const { classes, epochs, trueShares, events } = history;
  const axis = historyAxis(epochs);
  const collapses = events.filter(({ kind }) => kind === "collapse").length;
  const chart = drawShares(history, axis);
  const legend = drawLegend(
    classes.map((label, c) => ({ label, colour: seriesFill(c), filled: true })),
    chart.width,
  );
  const sentences = events.map((event) => eventSentence(event, classes));
  const shares = (of: readonly (number | null)[]) =>
    of.map((share) => share === null ? "n/a" : percent(share));
  return createFigure({
    name: "collapse_events",
    title,
    subtitle: `${counted(axis.last, "epoch")} · ${
      collapses === 0 ? "no collapse seen" : counted(collapses, "collapse")
    }`,
    body: epochs.length === 0 ? messageBox("no epochs yet", 340) : stack([legend, chart], 4),
    notes: sentences.map((sentence, i) => `${i + 1} ${MARKS[events[i].kind]} ${sentence}`),
    text: textTable(["stage", "epoch", ...classes], [
      ...(trueShares === null ? [] : [["true", "-", ...shares(trueShares)]]),
      ...epochs.map(({ stage, epoch, shares: of }) => [stage, String(epoch), ...shares(of)]),
    ]),
    data: { title, history },
  });
}

const MARKS = { collapse: "▼", recovered: "▲" } as const;

function eventSentence(event: CollapseEventLike, classes: readonly string[]): string {
  const name = classes[event.class] ?? `class ${event.class}`;
  const what = event.kind === "collapse" ? `collapse onto ${name}` : `${name} recovered`;
  return `epoch ${event.epoch} of ${event.stage}: ${what}, predicted in ${
    percent(event.predictedShare)
  }, true in ${percent(event.trueShare)}, weight × ${event.multiplier.toFixed(2)}`;
}

const HEIGHT = 200, TOP = 34, LEFT = 40, TRUE = 34;

/** A stacked bar for each epoch, one of the true shares on the left, and marks over the bars. */
function drawShares(history: CollapseHistory, axis: HistoryAxis): Drawing {
  const { epochs, trueShares, events } = history;
  const left = LEFT + (trueShares === null ? 0 : TRUE + 14);
  // Few epochs have wide bars, so that names of stages and the title have room.
  const bar = Math.max(3, Math.min(84, 460 / Math.max(1, axis.last)));
  const width = Math.max(bar * axis.last, 330);
  const x = (one: { stage: string; epoch: number }) => left + (axis.positionOf(one) - 1) * bar;
  const gap = bar > 8 ? 2 : 0;
  const bars = epochs.map((one) => stackedBar(one.shares, { x: x(one), width: bar - gap }));
  const truth = trueShares === null ? "" : stackedBar(trueShares, { x: LEFT, width: TRUE }) +
    textElement("true", [LEFT + TRUE / 2, TOP + HEIGHT + 14], {
      size: SIZES.small,
      anchor: "middle",
    });
  const known = new Set(epochs.map(({ stage, epoch }) => JSON.stringify([stage, epoch])));
  const marks = events.map((event, i) => {
    // An event of an epoch whose shares are not given has no place.
    if (!known.has(JSON.stringify([event.stage, event.epoch]))) return "";
    return textElement(`${i + 1}${MARKS[event.kind]}`, [x(event) + (bar - gap) / 2, TOP - 4], {
      size: SIZES.small,
      anchor: "middle",
      fill: event.kind === "collapse" ? COLOURS.wrong : COLOURS.right,
      bold: true,
    });
  });
  const ticks = [0, 0.5, 1].map((share) =>
    textElement(`${share * 100} %`, [LEFT - 5, TOP + (1 - share) * HEIGHT + 4], {
      size: SIZES.small,
      anchor: "end",
      fill: COLOURS.muted,
    })
  );
  const numbers = epochTicks(axis.last).map((n) =>
    textElement(String(n), [left + (n - 0.5) * bar - gap / 2, TOP + HEIGHT + 14], {
      size: SIZES.small,
      anchor: "middle",
    })
  );
  const caption = textElement("epoch", [left + axis.last * bar / 2, TOP + HEIGHT + 30], {
    anchor: "middle",
  });
  return {
    markup: [
      truth,
      ...bars,
      ...stages(axis, { left, bar, gap }),
      ...marks,
      ...ticks,
      ...numbers,
      caption,
    ]
      .join(""),
    width: left + width + 8,
    height: TOP + HEIGHT + 36,
  };
}

function stackedBar(
  shares: readonly (number | null)[],
  { x, width }: { x: number; width: number },
): string {
  if (shares.some((share) => share === null || !Number.isFinite(share))) {
    return element("rect", { x, y: TOP, width, height: HEIGHT, fill: COLOURS.empty });
  }
  let y = TOP + HEIGHT;
  return (shares as readonly number[]).map((share, c) => {
    const height = share * HEIGHT;
    y -= height;
    return height === 0 ? "" : element("rect", { x, y, width, height, fill: seriesFill(c) });
  }).join("");
}

/** Name or number of each stage over its bars, and a rule where it begins. */
function stages(
  axis: HistoryAxis,
  { left, bar, gap }: { left: number; bar: number; gap: number },
): string[] {
  return axis.stages.map(({ stage, first, last }, i) => {
    const start = left + (first - 1) * bar, wide = (last - first + 1) * bar;
    const name = fitText(stage, Math.max(10, wide - 6), SIZES.small);
    const rule = { x1: start - gap / 2, x2: start - gap / 2, y1: 0, y2: TOP + HEIGHT };
    return (i === 0 ? "" : element("line", { ...rule, stroke: COLOURS.ink })) +
      textElement(name, [start + wide / 2, 10], {
        size: SIZES.small,
        anchor: "middle",
        fill: COLOURS.muted,
      });
  });
}
