import { dot, frame, gridY, line, type Markish, ruleX } from "@observablehq/plot";
import type { Drawing } from "./create_figure.ts";
import { drawChart } from "./draw_chart.ts";
import { epochTicks } from "./epoch_ticks.ts";
import { fitText, textWidth } from "./fit_text.ts";
import type { HistoryAxis, HistoryLine } from "./history_rows.ts";
import { paddedDomain } from "./padded_domain.ts";
import { textElement } from "./svg_element.ts";
import { COLOURS, SIZES } from "./theme.ts";

/** Pixels of a panel: two beside each other fit a cell of JupyterLab, which shows SVG unscaled. */
export const EPOCH_PANEL = { width: 404, height: 236, left: 48, right: 10 } as const;

const { width: WIDTH, height: HEIGHT, left: LEFT, right: RIGHT } = EPOCH_PANEL;

/** A line over the epochs and how it looks. */
export interface EpochLine {
  readonly points: HistoryLine["points"];
  readonly colour: string;
  readonly dash?: string;
  /** Dots with the background inside. */
  readonly hollow?: boolean;
}

/** Options of {@linkcode drawEpochPanel}. */
export interface EpochPanelOptions {
  readonly axis: HistoryAxis;
  /** Whether stages stand over the panel with their number instead of their name. */
  readonly numbered: boolean;
  /** Ends of the upright axis. @default around the values */
  readonly domain?: readonly [number, number];
}

/** Lines over the epochs of all stages, with a rule where a stage begins and its name over it. */
export function drawEpochPanel(
  lines: readonly EpochLine[],
  { axis, numbered, domain }: EpochPanelOptions,
): Drawing {
  const values = lines.flatMap(({ points }) => points.map(({ value }) => value));
  const chart = drawChart({
    width: WIDTH,
    height: HEIGHT,
    marginLeft: LEFT,
    marginRight: RIGHT,
    marginTop: 20,
    marginBottom: 34,
    x: {
      domain: [0.5, Math.max(axis.last, 1) + 0.5],
      ticks: epochTicks(axis.last),
      tickFormat: "d",
      label: "epoch",
      labelAnchor: "center",
      labelArrow: "none",
    },
    y: { domain: domain ?? paddedDomain(values), label: null, ticks: 6 },
    marks: [
      gridY({ stroke: COLOURS.grid, strokeOpacity: 1 }),
      ruleX(axis.stages.slice(1).map(({ first }) => first - 0.5), { stroke: COLOURS.rule }),
      ...lines.flatMap((one) => lineMarks(one, axis.last <= 40)),
      frame({ stroke: COLOURS.rule }),
    ],
  });
  return { ...chart, markup: chart.markup + stageLabels(axis, numbered) };
}

function lineMarks({ points, colour, dash, hollow }: EpochLine, allDots: boolean): Markish[] {
  const gap = (i: number) => !Number.isFinite(points[i]?.value);
  // A stage of one epoch, or a value between two gaps, is a dot or nothing.
  const dots = points.filter((_, i) => !gap(i) && (allDots || (gap(i - 1) && gap(i + 1))));
  return [
    line(points, { x: "x", y: "value", stroke: colour, strokeWidth: 1.8, strokeDasharray: dash }),
    dot(dots, {
      x: "x",
      y: "value",
      r: 2,
      fill: hollow ? COLOURS.background : colour,
      stroke: colour,
    }),
  ];
}

function stageBox(axis: HistoryAxis, first: number, last: number): { x: number; width: number } {
  const perEpoch = (WIDTH - LEFT - RIGHT) / Math.max(axis.last, 1);
  return { x: LEFT + (first - 1) * perEpoch, width: (last - first + 1) * perEpoch };
}

/** Whether every stage is long enough for its name; otherwise stages are numbered. */
export function stageNamesFit(axis: HistoryAxis): boolean {
  return axis.stages.every(({ stage, first, last }) =>
    textWidth(stage, SIZES.small) <= stageBox(axis, first, last).width - 6
  );
}

/** Names or numbers of the stages over a panel. */
function stageLabels(axis: HistoryAxis, numbered: boolean): string {
  return axis.stages.map(({ stage, first, last }, i) => {
    const { x, width } = stageBox(axis, first, last);
    const name = numbered ? String(i + 1) : stage;
    return textElement(fitText(name, Math.max(12, width), SIZES.small), [x + width / 2, 14], {
      size: SIZES.small,
      fill: COLOURS.muted,
      anchor: "middle",
    });
  }).join("");
}
