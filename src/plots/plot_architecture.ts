import { checkOptions } from "../_internal/check_options.ts";
import type { Figure } from "../_internal/figure.ts";
import {
  architectureBoxes,
  type ArchitectureLike,
  parameterText,
  type PartBox,
} from "./architecture_boxes.ts";
import { counted } from "./class_names.ts";
import { createFigure, type Drawing } from "./create_figure.ts";
import { BOLD, fitText } from "./fit_text.ts";
import { element, textElement } from "./svg_element.ts";
import { textTable } from "./text_table.ts";
import { COLOURS, PALETTE, SIZES } from "./theme.ts";

/** Options of {@linkcode plotArchitecture}. */
export interface PlotArchitectureOptions {
  /** Title of the figure. @default {"Architecture"} */
  readonly title?: string;
}

/**
 * Draws the parts of a hybrid model as boxes with their trainable parameters, from the image to the
 * fused answer. Heads that do not vote are grey; the circuit has a colour of its own.
 *
 * @param model what `describeModel()` returned, or the same as plain data
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { plotArchitecture } from "@qsight/qsight/plots";
 *
 * const figure = plotArchitecture({
 *   encoder: "convnet",
 *   heads: ["classical_a", "quantum"],
 *   activeHeads: ["classical_a"],
 *   fusion: "dynamic",
 *   parameters: [
 *     { part: "encoder", classical: 1200, quantum: 0 },
 *     { part: "quantum", classical: 10, quantum: 36 },
 *   ],
 *   quantum: { wires: 4, angles: 36, readOut: "z" },
 * });
 * assert.match(figure.text, /quantum +10 +36/);
 * assert.match(figure.svg, /does not vote/);
 * ```
 */
export function plotArchitecture(
  model: ArchitectureLike,
  options: PlotArchitectureOptions = {},
): Figure {
  checkOptions("plotArchitecture()", options, ["title"]);
  const { title = "Architecture" } = options;
  const { parameters, notes = [], activeHeads, heads } = model;
  const classical = parameters.reduce((sum, part) => sum + part.classical, 0);
  const quantum = parameters.reduce((sum, part) => sum + part.quantum, 0);
  return createFigure({
    name: "architecture",
    title,
    subtitle: `${parameterText({ classical, quantum })} · ${activeHeads.length} of ${
      counted(heads.length, "head")
    } vote`,
    body: drawBoxes(architectureBoxes(model)),
    notes,
    text: textTable(["part", "parameters", "circuit angles"], [
      ...parameters.map((
        { part, classical, quantum },
      ) => [part, String(classical), String(quantum)]),
      ["all", String(classical), String(quantum)],
    ]),
    data: { title, model },
  });
}

const WIDTH = 140, LINE = 14, BETWEEN = 36, GAP = 14;

interface Placed extends PartBox {
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

/** Boxes in columns, each column in the middle of the height, and arrows between them. */
function drawBoxes(columns: readonly (readonly PartBox[])[]): Drawing {
  const heightOf = ({ lines }: PartBox) => 30 + lines.length * LINE;
  const tall = (column: readonly PartBox[]) =>
    column.reduce((sum, box) => sum + heightOf(box) + GAP, -GAP);
  const height = Math.max(...columns.map(tall));
  const placed = columns.flatMap((column, c) => {
    let y = (height - tall(column)) / 2;
    return column.map((box): Placed => {
      const at = { x: c * (WIDTH + BETWEEN), y, height: heightOf(box) };
      y += at.height + GAP;
      return { ...box, ...at };
    });
  });
  const byName = new Map(placed.map((box) => [box.name, box]));
  const arrows = placed.flatMap((to) =>
    to.from.flatMap((name) => {
      const from = byName.get(name);
      return from === undefined ? [] : [drawArrow(from, to)];
    })
  );
  const width = columns.length * (WIDTH + BETWEEN) - BETWEEN;
  return {
    markup: arrows.join("") + placed.map(drawBox).join(""),
    width: width + 2,
    height: height + 2,
  };
}

function drawBox({ x, y, height, title, lines, kind }: Placed): string {
  const grey = kind === "silent";
  const stroke = kind === "quantum" ? PALETTE[3] : kind === "plain" ? PALETTE[0] : COLOURS.rule;
  const name = fitText(title, (WIDTH - 16) / BOLD, SIZES.label);
  return element("rect", {
    x: x + 0.5,
    y: y + 0.5,
    width: WIDTH,
    height,
    rx: 5,
    fill: grey || kind === "end" ? COLOURS.empty : COLOURS.background,
    stroke,
    "stroke-width": 1.6,
    "stroke-dasharray": grey ? "4 3" : undefined,
  }) +
    textElement(name, [x + 9, y + 19], { bold: true, fill: grey ? COLOURS.muted : COLOURS.ink }) +
    lines.map((line, i) =>
      textElement(fitText(line, WIDTH - 14, SIZES.small), [x + 9, y + 34 + i * LINE], {
        size: SIZES.small,
        fill: COLOURS.muted,
      })
    ).join("");
}

/** From the right side of a box to the left of another; over a column in between, where there is one. */
function drawArrow(from: Placed, to: Placed): string {
  const x1 = from.x + WIDTH, y1 = from.y + from.height / 2;
  const x2 = to.x - 5, y2 = to.y + to.height / 2;
  const silent = to.kind === "silent" || from.kind === "silent";
  const style = {
    fill: "none",
    stroke: silent ? COLOURS.grid : COLOURS.rule,
    "stroke-width": 1.5,
    "stroke-dasharray": silent ? "4 3" : undefined,
  };
  const bend = x2 - BETWEEN * 0.6;
  const path = `M${x1} ${y1}L${bend} ${y1 === y2 ? y1 : y2}L${x2} ${y2}`;
  // A long arrow passes above the boxes that it skips.
  const skips = x2 - x1 > BETWEEN;
  const over = Math.min(y1, y2);
  const long = `M${x1} ${y1}L${x1 + BETWEEN * 0.4} ${over}L${bend} ${over}L${x2} ${y2}`;
  const head = `M${x2} ${y2 - 4}L${x2 + 5} ${y2}L${x2} ${y2 + 4}Z`;
  return element("path", { d: skips ? long : path, ...style }) +
    element("path", { d: head, fill: silent ? COLOURS.grid : COLOURS.rule });
}
