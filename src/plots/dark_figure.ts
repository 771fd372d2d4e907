import type { Figure } from "../_internal/figure.ts";
import { freezeFigure } from "./freeze_figure.ts";
import { COLOURS, PALETTE, textColourOn } from "./theme.ts";
import { turnLightness } from "./turn_lightness.ts";

/** The colours of the theme on a dark page. */
const DARK: Readonly<Record<string, string>> = {
  [COLOURS.background]: "#0d1117",
  [COLOURS.ink]: "#e6edf3",
  [COLOURS.muted]: "#9da7b3",
  [COLOURS.rule]: "#6e7681",
  [COLOURS.grid]: "#262c36",
  [COLOURS.empty]: "#1c2128",
  [COLOURS.right]: "#3fb68b",
  [COLOURS.wrong]: "#f0825a",
  // Of the palette only what would be lost on a dark page.
  [PALETTE[0]]: "#4aa3e0",
  [PALETTE[1]]: "#f07f3c",
  [PALETTE[2]]: "#1fb58a",
  [PALETTE[3]]: PALETTE[3],
  [PALETTE[4]]: PALETTE[4],
  [PALETTE[5]]: "#8fd0f5",
  "#000000": "#f5f7fa",
};

/**
 * A figure of this room for a dark page: the same drawing with other colours. Words, places and
 * numbers do not change; photographs and maps keep theirs.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { darkFigure, plotConfusionMatrix } from "@qsight/qsight/plots";
 *
 * const light = plotConfusionMatrix([[8, 2], [1, 9]]), dark = darkFigure(light);
 * assert.match(light.svg, /fill="#ffffff"/);
 * assert.match(dark.svg, /<rect [^>]*fill="#0d1117"/);
 * assert.equal(dark.text, light.text);
 * ```
 */
export function darkFigure(figure: Figure): Figure {
  const { name, text, data, width, height } = figure;
  return freezeFigure({ name, svg: darkSvg(figure.svg), text, data, width, height });
}

/**
 * The SVG of a figure, as a run saved it, for a dark page; see {@linkcode darkFigure}.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { darkSvg } from "@qsight/qsight/plots";
 *
 * assert.equal(darkSvg('<rect fill="#ffffff"/>'), '<rect fill="#0d1117"/>');
 * ```
 */
export function darkSvg(svg: string): string {
  let below: string = COLOURS.background;
  // Only attributes that are colours: a text may speak of "#ffffff" too.
  return svg.replace(/<([a-zA-Z]+)[^<>]*>/g, (tag, name: string) => {
    const fill = / fill="(#[0-9a-f]{6})"/.exec(tag)?.[1];
    if (name === "rect" && fill !== undefined) below = fill;
    return tag.replace(
      / (fill|stroke)="(#[0-9a-f]{6})"/g,
      (_, attribute: string, colour: string) => {
        // Pure black and white is text in a cell, drawn right after the cell and chosen to be read on it.
        const inCell = name === "text" && (colour === "#000000" || colour === "#ffffff");
        const dark = inCell ? textColourOn(darkColour(below)) : darkColour(colour);
        return ` ${attribute}="${dark}"`;
      },
    );
  });
}

/** A colour on a dark page: by the table above, others with their lightness turned round. */
export function darkColour(colour: string): string {
  return DARK[colour] ?? turnLightness(colour);
}
