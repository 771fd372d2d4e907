import type { Drawing } from "./create_figure.ts";
import { moved } from "./svg_element.ts";

/** Drawings under each other. */
export function stack(drawings: readonly Drawing[], gap = 6): Drawing {
  const markup: string[] = [];
  let height = 0;
  drawings.forEach((drawing, i) => {
    if (i > 0) height += gap;
    markup.push(moved(drawing.markup, 0, height));
    height += drawing.height;
  });
  const width = Math.max(0, ...drawings.map((drawing) => drawing.width));
  return { markup: markup.join(""), width, height };
}
