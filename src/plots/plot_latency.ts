import { checkOptions } from "../_internal/check_options.ts";
import type { Figure } from "../_internal/figure.ts";
import { counted, percent } from "./class_names.ts";
import { createFigure, type Drawing } from "./create_figure.ts";
import { finite } from "./finite.ts";
import { fitText, textWidth } from "./fit_text.ts";
import { messageBox } from "./message_box.ts";
import { element, textElement } from "./svg_element.ts";
import { textTable } from "./text_table.ts";
import { COLOURS, PALETTE, SIZES } from "./theme.ts";

/** How long one part of a model took. */
export interface PartLatency {
  /** Name of the part. */
  readonly part: string;
  /** Milliseconds for all images together; null for a part that was not needed. */
  readonly milliseconds: number | null;
}

/** Options of {@linkcode plotLatency}. */
export interface PlotLatencyOptions {
  /** Title of the figure. @default {"Time by part"} */
  readonly title?: string;
  /** Images that were computed together. @default unknown */
  readonly images?: number;
  /** On what it was computed, e.g. `wasm`; stands under the title. */
  readonly backend?: string;
}

const BAR = 300, ROW = 26, WIDEST_NAME = 150;

/**
 * Draws how long each part of a model takes, in the order in which the parts are computed.
 *
 * @param parts as `predict(…, { now })` measures them
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { plotLatency } from "@qsight/qsight/plots";
 *
 * const parts = [{ part: "encoder", milliseconds: 6 }, { part: "quantum", milliseconds: 2 }];
 * assert.match(plotLatency(parts, { images: 4 }).text, /encoder +6\.00 +75 % +1\.50/);
 * ```
 */
export function plotLatency(
  parts: readonly PartLatency[],
  options: PlotLatencyOptions = {},
): Figure {
  const where = "plotLatency()";
  checkOptions(where, options, ["title", "images", "backend"]);
  const { title = "Time by part", images, backend } = options;
  if (images !== undefined && !(Number.isInteger(images) && images > 0)) {
    throw new RangeError(
      `${where}: found images ${images}, wanted a whole number above 0. Leave it out if unknown`,
    );
  }
  const whole = parts.reduce((sum, { milliseconds }) => sum + (finite(milliseconds) ?? 0), 0);
  const empty = parts.every(({ milliseconds }) => finite(milliseconds) === null);
  const share = (ms: number | null) => ms === null || whole === 0 ? "n/a" : percent(ms / whole);
  return createFigure({
    name: "latency",
    title,
    subtitle: [
      ...(backend === undefined ? [] : [`backend ${backend}`]),
      ...(images === undefined ? [] : [counted(images, "image")]),
      `${whole.toFixed(1)} ms in all`,
    ].join(" · "),
    body: empty ? messageBox("nothing was measured", 340) : drawBars(parts, { whole, images }),
    notes: empty ? [] : ["one measurement: other work on the machine is in it"],
    text: textTable(
      ["part", "ms", "share", "ms/image"],
      parts.map(({ part, milliseconds }) => {
        const ms = finite(milliseconds);
        return [
          part,
          ms?.toFixed(2) ?? "n/a",
          share(ms),
          ms === null || images === undefined ? "n/a" : (ms / images).toFixed(2),
        ];
      }),
    ),
    data: { title, images: images ?? null, backend: backend ?? null, parts },
  });
}

function drawBars(
  parts: readonly PartLatency[],
  { whole, images }: { whole: number; images: number | undefined },
): Drawing {
  const names = parts.map(({ part }) => fitText(part, WIDEST_NAME, SIZES.label));
  const left = Math.max(...names.map((name) => textWidth(name, SIZES.label))) + 10;
  const longest = Math.max(...parts.map(({ milliseconds }) => finite(milliseconds) ?? 0));
  const markup = parts.map(({ milliseconds }, i) => {
    const y = i * ROW + 3, ms = finite(milliseconds);
    const width = ms === null || longest === 0 ? 0 : ms / longest * BAR;
    const each = ms === null || images === undefined
      ? ""
      : `, ${(ms / images).toFixed(2)} ms an image`;
    const fact = ms === null
      ? "not needed"
      : `${ms.toFixed(1)} ms${whole === 0 ? "" : ` (${percent(ms / whole)})`}${each}`;
    return textElement(names[i], [left - 8, y + 14], { anchor: "end" }) +
      element("rect", {
        x: left,
        y,
        width: Math.max(width, 1),
        height: ROW - 7,
        fill: PALETTE[0],
      }) +
      textElement(fact, [left + width + 8, y + 14], { size: SIZES.small, fill: COLOURS.muted });
  });
  return { markup: markup.join(""), width: left + BAR + 190, height: parts.length * ROW };
}
