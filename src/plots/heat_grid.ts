import type { Drawing } from "./create_figure.ts";
import { fitText, textWidth } from "./fit_text.ts";
import { element, textElement } from "./svg_element.ts";
import { COLOURS, shareColour, SIZES, textColourOn } from "./theme.ts";

/** One coloured cell. */
export interface HeatCell {
  /** Share in 0…1 that gives the colour; null is drawn grey. */
  readonly share: number | null;
  /** The large text. */
  readonly main: string;
  /** The small text under it. */
  readonly detail?: string;
}

/** What {@linkcode drawHeatGrid} draws. */
export interface HeatGrid {
  readonly rows: readonly { readonly label: string; readonly detail?: string }[];
  readonly columns: readonly string[];
  /** `cells[row][column]` */
  readonly cells: readonly (readonly HeatCell[])[];
  readonly rowTitle: string;
  readonly columnTitle: string;
  /** Labels of the bar of colours at 0, 1/2 and 1; null for no bar. @default {["0 %", "50 %", "100 %"]} */
  readonly bar?: readonly [string, string, string] | null;
  /** Cell width. @default by the number of columns */
  readonly cellWidth?: number;
  /** Cell height. @default by the number of columns */
  readonly cellHeight?: number;
  /** Colour of a share. @default white to dark blue */
  readonly colour?: (share: number) => string;
}

const WIDEST_LABEL = 150;

/** A matrix of coloured cells with labels on the left and below. */
export function drawHeatGrid(grid: HeatGrid): Drawing {
  const { rows, columns, cells, bar = ["0 %", "50 %", "100 %"], colour = shareColour } = grid;
  const cellWidth = grid.cellWidth ?? Math.max(22, Math.min(76, 640 / columns.length));
  const cellHeight = grid.cellHeight ?? Math.max(22, Math.min(46, 640 / columns.length));
  const left = 22 + labelWidth(rows) + 8;
  const width = columns.length * cellWidth, height = rows.length * cellHeight;
  const markup: string[] = [];
  const size = commonSize(cells, cellWidth);
  cells.forEach((line, r) =>
    line.forEach((cell, c) => {
      const box = {
        x: left + c * cellWidth,
        y: r * cellHeight,
        width: cellWidth,
        height: cellHeight,
      };
      markup.push(drawCell(cell, box, { size, colour }));
    })
  );
  rows.forEach(({ label, detail }, r) => {
    const y = (r + 0.5) * cellHeight;
    const name = fitText(label, WIDEST_LABEL, SIZES.label);
    const anchor = "end" as const, small = { size: SIZES.small, fill: COLOURS.muted, anchor };
    const twoLines = detail !== undefined && cellHeight >= 34;
    markup.push(textElement(name, [left - 8, y + (twoLines ? -2 : 4)], { anchor }));
    if (twoLines) markup.push(textElement(detail, [left - 8, y + 12], small));
  });
  const bottom = columnLabels(columns, { left, top: height, cellWidth });
  markup.push(bottom.markup);
  markup.push(
    textElement(grid.rowTitle, [12, height / 2], { anchor: "middle", bold: true, rotate: -90 }),
    textElement(grid.columnTitle, [left + width / 2, height + bottom.height + 16], {
      anchor: "middle",
      bold: true,
    }),
  );
  if (bar !== null) markup.push(shareBar({ x: left + width + 18, height }, bar, colour));
  const total = {
    width: left + width + (bar !== null ? 74 : 6),
    height: height + bottom.height + 24,
  };
  return { markup: markup.join(""), ...total };
}

function labelWidth(rows: HeatGrid["rows"]): number {
  const widths = rows.flatMap(({ label, detail }) => [
    textWidth(fitText(label, WIDEST_LABEL, SIZES.label), SIZES.label),
    textWidth(detail ?? "", SIZES.small),
  ]);
  return Math.max(0, ...widths);
}

function drawCell(
  { share, main, detail }: HeatCell,
  box: { x: number; y: number; width: number; height: number },
  { size, colour }: { size: number; colour: (share: number) => string },
): string {
  const fill = share === null ? COLOURS.empty : colour(share);
  const ink = share === null ? COLOURS.muted : textColourOn(fill);
  const x = box.x + box.width / 2, y = box.y + box.height / 2;
  const markup = [
    element("rect", { ...box, fill, stroke: COLOURS.background, "stroke-width": 1.5 }),
  ];
  const anchor = "middle" as const;
  const fits = textWidth(detail ?? "", SIZES.small) <= box.width - 4;
  const twoLines = detail !== undefined && fits && box.height >= 34;
  if (size > 0) {
    markup.push(textElement(main, [x, y + (twoLines ? -1 : 4)], { size, fill: ink, anchor }));
  }
  if (twoLines) {
    markup.push(textElement(detail, [x, y + 13], { size: SIZES.small, fill: ink, anchor }));
  }
  return markup.join("");
}

/** The largest font size at which every cell's text fits; 0 when none does. */
function commonSize(cells: HeatGrid["cells"], width: number): number {
  const widest = Math.max(0, ...cells.flat().map(({ main }) => textWidth(main, 1)));
  return [12.5, 10, 8.5].find((size) => widest * size <= width - 4) ?? 0;
}

/** Labels under the columns: level where all fit, slanted otherwise. */
function columnLabels(
  columns: readonly string[],
  { left, top, cellWidth }: { left: number; top: number; cellWidth: number },
): { markup: string; height: number } {
  const names = columns.map((name) => fitText(name, WIDEST_LABEL, SIZES.label));
  const widest = Math.max(0, ...names.map((name) => textWidth(name, SIZES.label)));
  const slanted = widest > cellWidth - 6;
  const markup = names.map((name, c) => {
    const x = left + (c + 0.5) * cellWidth;
    return slanted
      ? textElement(name, [x + 4, top + 14], { anchor: "end", rotate: -38 })
      : textElement(name, [x, top + 16], { anchor: "middle" });
  });
  return { markup: markup.join(""), height: slanted ? 14 + widest * 0.62 : 20 };
}

/** The colours from 0 to 1, upright. */
function shareBar(
  { x, height }: { x: number; height: number },
  labels: readonly string[],
  colour: (share: number) => string,
): string {
  const steps = 40, full = Math.min(height, 230);
  const strips = Array.from({ length: steps }, (_, i) =>
    element("rect", {
      x,
      y: i * full / steps,
      width: 12,
      // A little overlap, so that no white seams show between the strips.
      height: full / steps + (i < steps - 1 ? 0.5 : 0),
      fill: colour(1 - (i + 0.5) / steps),
    }));
  const frame = { x, y: 0, width: 12, height: full, fill: "none", stroke: COLOURS.rule };
  const ticks = labels.map((label, i) =>
    textElement(label, [x + 17, (1 - i / 2) * full + [0, 4, 9][i]], {
      size: SIZES.small,
      fill: COLOURS.muted,
    })
  );
  return [...strips, element("rect", frame), ...ticks].join("");
}
