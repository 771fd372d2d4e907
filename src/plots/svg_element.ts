import { printable } from "../_internal/printable.ts";
import { COLOURS, SIZES } from "./theme.ts";

/** Attributes of an element; undefined ones are left out, numbers are rounded to 1/100. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** An SVG element as text. Children are markup already; texts go through {@linkcode escapeXml}. */
export function element(name: string, attributes: Attributes, ...children: string[]): string {
  const written = Object.entries(attributes).flatMap(([key, value]) => {
    if (value === undefined) return [];
    return ` ${key}="${typeof value === "number" ? round(value) : escapeXml(value)}"`;
  }).join("");
  const content = children.join("");
  return content === "" ? `<${name}${written}/>` : `<${name}${written}>${content}</${name}>`;
}

/** Options of {@linkcode textElement}. */
export interface TextStyle {
  readonly size?: number;
  readonly fill?: string;
  readonly anchor?: "start" | "middle" | "end";
  readonly bold?: boolean;
  readonly rotate?: number;
}

/** One line of text with its baseline at (x, y). */
export function textElement(
  text: string,
  at: readonly [number, number],
  style: TextStyle = {},
): string {
  const [x, y] = at;
  const { size = SIZES.label, fill = COLOURS.ink, anchor = "start", bold, rotate } = style;
  return element("text", {
    x,
    y,
    "font-size": size,
    fill,
    "text-anchor": anchor,
    "font-weight": bold ? "bold" : undefined,
    transform: rotate === undefined ? undefined : `rotate(${rotate} ${round(x)} ${round(y)})`,
  }, escapeXml(printable(text)));
}

/** Moves markup. */
export function moved(markup: string, dx: number, dy: number): string {
  return element("g", { transform: `translate(${round(dx)} ${round(dy)})` }, markup);
}

/** Text that can stand in markup and in attributes, whatever a file or class is called. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function round(value: number): number {
  // "+ 0" turns -0 into 0.
  return Math.round(value * 100) / 100 + 0;
}
