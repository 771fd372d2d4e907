import { colourMap, type ColourMapName } from "../images/colour_map.ts";
import { GAP, TILE_GAP, type TileSize } from "./cam_layout.ts";
import { type KnownScale, peakText } from "./cam_scale.ts";
import type { Drawing } from "./create_figure.ts";
import { wrapText } from "./fit_text.ts";
import { imageElement } from "./image_element.ts";
import { element, textElement } from "./svg_element.ts";
import { COLOURS, SIZES } from "./theme.ts";

const BAR = { x: 52, y: 2, width: 128, height: 12 };

/** The colours from no to most evidence, lying, with the numbers at their ends and what they mean. */
export function camLegend(
  scale: KnownScale,
  { map, width }: { map: ColourMapName; width: number },
): Drawing {
  const style = { size: SIZES.small, fill: COLOURS.muted };
  const ramp = Float32Array.from({ length: BAR.width }, (_, i) => i / (BAR.width - 1));
  const strip = { width: BAR.width, height: 1, data: colourMap(ramp, { map }) };
  const highest = scale.peak === null ? "1" : peakText(scale.peak);
  const x = BAR.x + BAR.width + 14;
  const lines = wrapText(scaleSentence(scale), { width: width - x, size: SIZES.small });
  const markup = textElement("evidence", [0, 12], style) +
    imageElement(strip, BAR).replace("xMidYMid meet", "none") +
    element("rect", { ...BAR, fill: "none", stroke: COLOURS.rule }) +
    textElement("0", [BAR.x, 26], style) +
    textElement(highest, [BAR.x + BAR.width, 26], { ...style, anchor: "end" }) +
    lines.map((line, i) => textElement(line, [x, 12 + i * 13], style)).join("");
  return { markup, width, height: Math.max(30, 12 + lines.length * 13) };
}

/** What the numbers at the bar of colours mean. */
export function scaleSentence({ kind, peak }: KnownScale): string {
  if (kind === "image") return "each map has its own scale: 1 is the most of that image";
  if (peak === null) return "one scale for this panel, which has no map to take it from";
  const whose = kind === "shared" ? "the highest peak in it" : "a peak given by hand";
  return `one scale for all maps of this panel: ${peakText(peak)} is ${whose}`;
}

/** What the three images of a tile are, over each column of tiles. */
export function columnHeads(columns: number, { side, width }: TileSize): string {
  const heads = ["original", "overlay", "map"];
  return Array.from(
    { length: columns },
    (_, column) =>
      heads.map((label, n) => {
        const x = column * (width + TILE_GAP) + n * (side + GAP);
        return textElement(label, [x, 10], { size: SIZES.small, fill: COLOURS.muted });
      }),
  ).flat().join("");
}
