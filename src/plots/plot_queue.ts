import { checkOptions } from "../_internal/check_options.ts";
import type { Figure } from "../_internal/figure.ts";
import { counted } from "./class_names.ts";
import { createFigure, type Drawing } from "./create_figure.ts";
import { fitText, textWidth } from "./fit_text.ts";
import { drawLegend } from "./legend.ts";
import { messageBox } from "./message_box.ts";
import { stack } from "./stack.ts";
import { element, textElement } from "./svg_element.ts";
import { textTable } from "./text_table.ts";
import { COLOURS, PALETTE, SIZES } from "./theme.ts";

/** One call of something that one caller at a time may be in; all times in milliseconds. */
export interface QueuedCall {
  /** Who called. */
  readonly caller: string;
  /** When the call was made. */
  readonly asked: number;
  /** When it got in. */
  readonly entered: number;
  /** When it was over. */
  readonly left: number;
  /** Whether it ended in an error. @default {false} */
  readonly failed?: boolean;
}

/** Options of {@linkcode plotQueue}. */
export interface PlotQueueOptions {
  /** Title of the figure. @default {"Who is inside, and who waits"} */
  readonly title?: string;
}

/**
 * Draws calls as lanes over time: how long each waited, when it was inside, and whether it failed.
 *
 * @throws {RangeError} for a call that entered before it asked, or left before it entered
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { plotQueue } from "@qsight/qsight/plots";
 *
 * const figure = plotQueue([
 *   { caller: "a", asked: 0, entered: 0, left: 2 },
 *   { caller: "b", asked: 0, entered: 2, left: 5 },
 * ]);
 * assert.match(figure.text, /2 calls · at most 1 inside at once · none failed/);
 * ```
 */
export function plotQueue(calls: readonly QueuedCall[], options: PlotQueueOptions = {}): Figure {
  const where = "plotQueue()";
  checkOptions(where, options, ["title"]);
  const { title = "Who is inside, and who waits" } = options;
  for (const { caller, asked, entered, left } of calls) {
    if (asked <= entered && entered <= left && Number.isFinite(left - asked)) continue;
    throw new RangeError(
      `${where}: found ${caller} asked at ${asked}, entered at ${entered}, left at ${left}, wanted ` +
        `finite times in this order. Take all three from one clock`,
    );
  }
  const failed = calls.filter((call) => call.failed).length;
  const start = Math.min(...calls.map(({ asked }) => asked));
  return createFigure({
    name: "queue",
    title,
    subtitle: `${counted(calls.length, "call")} · at most ${mostInside(calls)} inside at once · ${
      failed === 0 ? "none failed" : `${failed} failed`
    }`,
    body: calls.length === 0 ? messageBox("nobody called", 340) : stack([
      drawLegend([
        { label: "waits", colour: WAITING, filled: true },
        { label: "is inside", colour: PALETTE[0], filled: true },
        ...(failed === 0 ? [] : [{ label: "fails", colour: COLOURS.wrong, filled: true }]),
      ], LANE),
      drawLanes(calls, start),
    ], 4),
    text: textTable(
      ["caller", "waited ms", "inside ms", "ended"],
      calls.map(({ caller, asked, entered, left, failed }) => [
        caller,
        (entered - asked).toFixed(2),
        (left - entered).toFixed(2),
        failed ? "failed" : "ok",
      ]),
    ),
    data: { title, calls },
  });
}

const LANE = 430, ROW = 20, WIDEST_NAME = 150, WAITING = "#c9d1d9";

/** The most calls that were inside at one time. One that leaves makes room for one that enters then. */
function mostInside(calls: readonly QueuedCall[]): number {
  const moments = calls.flatMap(({ entered, left }) => [[entered, 1], [left, -1]] as const)
    .sort(([a, up], [b, down]) => a - b || up - down);
  let inside = 0, most = 0;
  for (const [, step] of moments) most = Math.max(most, inside += step);
  return most;
}

function drawLanes(calls: readonly QueuedCall[], start: number): Drawing {
  const names = calls.map(({ caller }) => fitText(caller, WIDEST_NAME, SIZES.label));
  const left = Math.max(...names.map((name) => textWidth(name, SIZES.label))) + 10;
  const end = Math.max(...calls.map((call) => call.left)), span = end - start || 1;
  const x = (time: number) => left + (time - start) / span * LANE;
  const height = calls.length * ROW;
  const bar = (from: number, to: number, y: number, fill: string) =>
    to === from
      ? ""
      : element("rect", { x: x(from), y, width: Math.max(1, x(to) - x(from)), height: 13, fill });
  const lanes = calls.map(({ asked, entered, left: over, failed }, i) => {
    const y = i * ROW + 3;
    return textElement(names[i], [left - 8, y + 11], { anchor: "end" }) +
      bar(asked, entered, y, WAITING) +
      bar(entered, Math.max(over, entered + span / LANE), y, failed ? COLOURS.wrong : PALETTE[0]) +
      (failed
        ? textElement("✗", [Math.min(x(over) + 4, left + LANE - 8), y + 11], {
          fill: COLOURS.wrong,
          bold: true,
        })
        : "");
  });
  const ticks = [0, 0.5, 1].map((share) => {
    const at = left + share * LANE;
    const line = { x1: at, x2: at, y1: 0, y2: height + 2, stroke: COLOURS.grid };
    return element("line", line) +
      textElement(`${Number((share * span).toPrecision(2))}`, [at, height + 16], {
        size: SIZES.small,
        anchor: "middle",
        fill: COLOURS.muted,
      });
  });
  const label = textElement("milliseconds", [left + LANE / 2, height + 32], { anchor: "middle" });
  return {
    markup: [...ticks, ...lanes, label].join(""),
    width: left + LANE + 16,
    height: height + 38,
  };
}
