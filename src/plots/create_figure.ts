import type { Figure } from "../_internal/figure.ts";
import { printable } from "../_internal/printable.ts";
import { BOLD, wrapText } from "./fit_text.ts";
import { freezeFigure } from "./freeze_figure.ts";
import { element, escapeXml, moved, textElement } from "./svg_element.ts";
import { COLOURS, FONT, SIZES } from "./theme.ts";

/** What a figure is made of. */
export interface FigureParts {
  /** File stem, e.g. `confusion_matrix`. */
  readonly name: string;
  readonly title: string;
  /** Lines under the title. */
  readonly subtitle?: string;
  /** Sentences under the drawing. */
  readonly notes?: readonly string[];
  /** The drawing. */
  readonly body: Drawing;
  /** The same as text, without the title. */
  readonly text: string;
  readonly data: unknown;
}

/** Markup and the room it takes, from (0, 0). */
export interface Drawing {
  readonly markup: string;
  readonly width: number;
  readonly height: number;
}

const MARGIN = 16;
/** A title names stage, epoch and data; what is longer than that is somebody's class or file name. */
const TITLE_LINES = 3;

/** Puts title, drawing and notes on a white page and makes a {@linkcode Figure} of them. */
export function createFigure(parts: FigureParts): Figure {
  const { body, notes = [] } = parts;
  const inner = Math.max(body.width, 260);
  const markup: string[] = [];
  let y = MARGIN;
  const write = (line: string, size: number, style: { bold?: boolean; fill?: string } = {}) => {
    y += size * 1.15;
    markup.push(textElement(line, [MARGIN, y], { size, ...style }));
    y += size * 0.3;
  };
  const title = { width: inner / BOLD, size: SIZES.title, lines: TITLE_LINES };
  for (const line of wrapText(parts.title, title)) write(line, SIZES.title, { bold: true });
  const muted = { fill: COLOURS.muted };
  const wrapped = (text: string, size: number) => wrapText(text, { width: inner, size });
  for (const line of wrapped(parts.subtitle ?? "", SIZES.subtitle)) {
    write(line, SIZES.subtitle, muted);
  }
  if (y > MARGIN) y += 8;
  markup.push(moved(body.markup, MARGIN, y));
  y += body.height;
  if (notes.length > 0) y += 6;
  for (const note of notes) {
    for (const line of wrapped(note, SIZES.small)) write(line, SIZES.small, muted);
  }
  const width = Math.ceil(inner + 2 * MARGIN), height = Math.ceil(y + MARGIN);
  const svg = page({ width, height, title: parts.title, content: markup.join("") });
  const lines = [parts.title, parts.subtitle ?? "", parts.text.trimEnd(), ...notes];
  // A terminal obeys control characters as a browser obeys tags.
  const text = lines.filter((line) => line !== "").join("\n").split("\n").map(printable).join("\n");
  return freezeFigure({ name: parts.name, svg, text, data: parts.data, width, height });
}

function page(
  { width, height, title, content }: {
    width: number;
    height: number;
    title: string;
    content: string;
  },
): string {
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      "font-family": `${FONT}, Verdana, sans-serif`,
      "font-size": SIZES.label,
      role: "img",
    },
    element("title", {}, escapeXml(title)),
    element("rect", { width, height, fill: COLOURS.background }),
    content,
  );
}
