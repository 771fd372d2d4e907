import type { Drawing } from "./create_figure.ts";
import { moved } from "./svg_element.ts";

/** A drawing and what stands over it. */
export interface Panel {
  readonly drawing: Drawing;
  /** Markup in the `headingHeight` pixels over the drawing. */
  readonly heading: string;
}

/** Panels row by row, each column as wide as the widest panel. */
export function panelGrid(
  panels: readonly Panel[],
  { columns, headingHeight, gap = 24 }: { columns: number; headingHeight: number; gap?: number },
): Drawing {
  const across = Math.max(1, Math.min(columns, panels.length));
  const cellWidth = Math.max(0, ...panels.map(({ drawing }) => drawing.width));
  const markup: string[] = [];
  let y = 0;
  for (let from = 0; from < panels.length; from += across) {
    const row = panels.slice(from, from + across);
    if (from > 0) y += gap;
    row.forEach(({ drawing, heading }, i) => {
      const x = i * (cellWidth + gap);
      markup.push(moved(heading, x, y), moved(drawing.markup, x, y + headingHeight));
    });
    y += headingHeight + Math.max(...row.map(({ drawing }) => drawing.height));
  }
  const width = across * cellWidth + (across - 1) * gap;
  return { markup: markup.join(""), width, height: y };
}
