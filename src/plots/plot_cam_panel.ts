import { checkOptions } from "../_internal/check_options.ts";
import type { Figure } from "../_internal/figure.ts";
import { colourMap, type ColourMapName } from "../images/colour_map.ts";
import { imageElement } from "./image_element.ts";
import { camEntries, type CamEntry, type CamLabels, type CamLike } from "./cam_entries.ts";
import { drawCamTile, GAP, SIDE, TILE } from "./cam_tile.ts";
import { counted } from "./class_names.ts";
import { createFigure } from "./create_figure.ts";
import { panelGrid } from "./panel_grid.ts";
import { element, moved, textElement } from "./svg_element.ts";
import { textTable } from "./text_table.ts";
import { COLOURS, SIZES } from "./theme.ts";

/** Options of {@linkcode plotCamPanel}. */
export interface PlotCamPanelOptions extends CamLabels {
  /** Class names in class order. @default "class 0", "class 1" … */
  readonly classes?: readonly string[];
  /** Colours of the heat. @default {"inferno"} */
  readonly colourMap?: ColourMapName;
  /** Title of the panel. @default {"Class activation maps"} */
  readonly title?: string;
  /** Tiles side by side. @default 1 to 3, by their number */
  readonly columns?: number;
}

/** Pixels between tiles, and over the first row of them. */
const TILE_GAP = 14, TOP = 41;

/**
 * Draws class activation maps in class order: original, overlay (45 % heat) and map of each image,
 * with true class, prediction and confidence as text. A class that the picks report as missing has a
 * tile "no sample"; a map that failed is replaced by its diagnosis.
 *
 * @param cams what `gradCam()` returned, in the order of the picks
 * @throws {RangeError} when there are not as many maps as picks or labels
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { plotCamPanel } from "@qsight/qsight/plots";
 *
 * const cam = {
 *   map: Float32Array.of(0, 1, 0.5, 0),
 *   width: 2,
 *   height: 2,
 *   status: "ok" as const,
 *   diagnosis: "",
 *   image: { width: 2, height: 2, data: new Uint8Array(12).fill(90) },
 * };
 * const figure = plotCamPanel([cam], { yTrue: [1], yPred: [0], classes: ["healthy", "ill"] });
 * assert.match(figure.text, /ill +healthy/);
 * ```
 */
export function plotCamPanel(
  cams: readonly CamLike[],
  options: PlotCamPanelOptions = {},
): Figure {
  checkOptions("plotCamPanel()", options, [
    "yTrue",
    "yPred",
    "confidences",
    "picks",
    "classes",
    "colourMap",
    "title",
    "columns",
  ]);
  const { title = "Class activation maps", colourMap: map = "inferno", classes } = options;
  const entries = camEntries(cams, options);
  const name = (label: number | null) =>
    label === null ? "unknown" : classes?.[label] ?? `class ${label}`;
  const columns = options.columns ??
    (entries.length < 3 ? entries.length : entries.length <= 12 ? 2 : 3);
  const panels = entries.map((entry) => ({
    heading: "",
    drawing: drawCamTile(entry, { name, map }),
  }));
  const grid = panelGrid(panels, { columns, headingHeight: 0, gap: TILE_GAP });
  const top = heatBar(map) + moved(columnHeads(Math.min(columns, entries.length)), 0, 36);
  return createFigure({
    name: "gradcam",
    title,
    subtitle: subtitle(entries),
    body: {
      markup: top + moved(grid.markup, 0, TOP),
      width: Math.max(grid.width, TILE.width),
      height: grid.height + TOP,
    },
    text: camText(entries, name),
    data: { title, classes: classes ?? null, entries: entries.map((entry) => describe(entry)) },
  });
}

/** What the three images of a tile are, over each column of tiles. */
function columnHeads(columns: number): string {
  return Array.from(
    { length: columns },
    (_, column) =>
      ["original", "overlay", "map"].map((label, n) => {
        const x = column * (TILE.width + TILE_GAP) + n * (SIDE + GAP);
        return textElement(label, [x, 0], { size: SIZES.small, fill: COLOURS.muted });
      }),
  ).flat().join("");
}

/** The colours from no to most evidence, lying. */
function heatBar(map: ColourMapName): string {
  const width = 128, style = { size: SIZES.small, fill: COLOURS.muted };
  const data = colourMap(Float32Array.from({ length: width }, (_, i) => i / (width - 1)), { map });
  const box = { x: 52, y: 2, width, height: 12 };
  return textElement("evidence", [0, 12], style) +
    imageElement({ width, height: 1, data }, { ...box }).replace("xMidYMid meet", "none") +
    element("rect", { ...box, fill: "none", stroke: COLOURS.rule }) +
    textElement("0 none, 1 the most of this image", [box.x + width + 8, 12], style);
}

function subtitle(entries: readonly CamEntry[]): string {
  const cams = entries.flatMap(({ cam }) => cam === null ? [] : [cam]);
  const same = (pick: (cam: CamLike) => string | undefined, noun: string) => {
    const values = [...new Set(cams.map(pick).filter((value) => value !== undefined))];
    return values.length === 0 ? [] : [`${noun} ${values.join(", ")}`];
  };
  const failed = cams.filter(({ status }) => status !== "ok").length;
  return [
    counted(cams.length, "image"),
    ...same((cam) => cam.head, "head"),
    ...same((cam) => cam.layer, "layer"),
    ...(failed === 0 ? [] : [`${failed} without a map`]),
  ].join(" · ");
}

function camText(entries: readonly CamEntry[], name: (label: number | null) => string): string {
  if (entries.length === 0) return "no images";
  return textTable(
    ["true", "predicted", "confidence", "verdict", "map", "image"],
    entries.map(({ cam, yTrue, yPred, confidence, id }) => [
      name(yTrue),
      yPred === null ? "-" : name(yPred),
      confidence === null ? "-" : confidence.toFixed(2),
      yTrue === null || yPred === null ? "-" : yTrue === yPred ? "right" : "wrong",
      cam === null ? "no sample" : cam.status === "ok" ? "ok" : `${cam.status}: ${cam.diagnosis}`,
      id ?? "-",
    ]),
  );
}

/** The facts of a tile for JSON; the pixels are in the SVG. */
function describe({ cam, ...labels }: CamEntry): Record<string, unknown> {
  return {
    ...labels,
    target: cam?.target ?? null,
    head: cam?.head ?? null,
    layer: cam?.layer ?? null,
    status: cam?.status ?? "no sample",
    diagnosis: cam?.diagnosis ?? null,
  };
}
