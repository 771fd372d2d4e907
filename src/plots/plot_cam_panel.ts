import { checkOptions } from "../_internal/check_options.ts";
import type { Figure } from "../_internal/figure.ts";
import type { ColourMapName } from "../images/colour_map.ts";
import { type CamData, camData, camFromData, saveable } from "./cam_data.ts";
import { camEntries, type CamEntry, type CamLabels, type CamLike } from "./cam_entries.ts";
import { camsOf, camSubtitle, camText, methodsOf } from "./cam_facts.ts";
import { camLayout, TILE_GAP, type TileSize } from "./cam_layout.ts";
import { camLegend, columnHeads, scaleSentence } from "./cam_legend.ts";
import { type CamScale, clippedCount, type KnownScale, knownScale } from "./cam_scale.ts";
import { diagnosisLines, drawCamTile } from "./cam_tile.ts";
import { counted } from "./class_names.ts";
import { createFigure } from "./create_figure.ts";
import { messageBox } from "./message_box.ts";
import { panelGrid } from "./panel_grid.ts";
import { stack } from "./stack.ts";
import { type CheckLike, checkVerdict, drawVerdict, verdictText } from "./verdict.ts";

/** Options of {@linkcode plotCamPanel}. */
export interface PlotCamPanelOptions extends CamLabels {
  /** Class names in class order. @default "class 0", "class 1" … */
  readonly classes?: readonly string[];
  /** Colours of the heat. @default {"inferno"} */
  readonly colourMap?: ColourMapName;
  /** Title of the panel. @default {"Class activation maps"} */
  readonly title?: string;
  /** Tiles side by side. @default 1 to 4, by their number */
  readonly columns?: number;
  /**
   * What the highest colour means. "image": the most of each image, so that every map shows where,
   * and none how much. "shared": the highest `peak` of the panel. A number: that peak, so that panels
   * of several epochs have one scale; pass the highest of them all. @default {"image"}
   */
  readonly scale?: CamScale;
  /** What a check of these explanations found; stands under the title as mark, word and reasons. */
  readonly check?: CheckLike;
}

const KNOWN: readonly string[] = [
  "yTrue",
  "yPred",
  "confidences",
  "ids",
  "picks",
  "classes",
  "colourMap",
  "title",
  "columns",
  "scale",
  "check",
];

/**
 * Draws class activation maps in class order: original, overlay (45 % heat) and map of each image,
 * with true class, prediction and confidence as text. A class that the picks report as missing has a
 * tile "no sample"; a map that failed is replaced by its diagnosis.
 *
 * A map alone says where evidence lies, not how much: each is scaled to its own highest value. With
 * `scale` all are drawn as `map * peak` over one peak, and panels can be compared.
 *
 * @param cams what `gradCam()` returned, in the order of the picks
 * @throws {RangeError} when there are not as many maps as picks or labels, or `scale`, `columns` or
 *   the verdict of `check` is none of those wanted
 * @throws {TypeError} when `scale` is not "image" and a map has no peak
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
 *
 * const strong = { ...cam, peak: 0.8 }, weak = { ...cam, peak: 0.2 };
 * const shared = plotCamPanel([strong, weak], { scale: "shared" });
 * assert.match(shared.text, /one scale for all maps of this panel: 0\.8/);
 * ```
 */
export function plotCamPanel(
  cams: readonly CamLike[],
  options: PlotCamPanelOptions = {},
): Figure {
  checkOptions("plotCamPanel()", options, KNOWN);
  return drawCamPanel(camEntries(cams, options), options);
}

/** A panel as it stands under "data" in its JSON file. */
interface CamPanelData extends Omit<PlotCamPanelOptions, keyof CamLabels | "scale"> {
  readonly scale: KnownScale;
  readonly entries: readonly CamData[];
}

/** Draws a panel again from its data: the same SVG. */
export function camPanelFromData({ entries, scale, ...options }: CamPanelData): Figure {
  checkOptions("plotFromData()", options, ["title", "classes", "colourMap", "columns", "check"]);
  const wanted = scale.kind === "given" ? scale.peak! : scale.kind;
  return drawCamPanel(entries.map(camFromData), { ...options, scale: wanted });
}

function drawCamPanel(
  tilesOf: readonly CamEntry[],
  options: Omit<PlotCamPanelOptions, keyof CamLabels>,
): Figure {
  checkColumns(options.columns);
  const { title = "Class activation maps", colourMap: map = "inferno", classes, check } = options;
  if (check !== undefined) checkVerdict("plotCamPanel()", check);
  const { columns, size } = camLayout(tilesOf.length, options.columns);
  const entries = tilesOf.map((entry) => saveable(entry, size.detail));
  const scale = knownScale(entries, options.scale ?? "image");
  const name = (label: number | null) =>
    label === null ? "unknown" : classes?.[label] ?? `class ${label}`;
  const showMethod = methodsOf(entries).length > 1;
  const showTruth = entries.some(({ yTrue }) => yTrue !== null);
  const style = { name, map, scale, size, showMethod, showTruth };
  const tiles = entries.map((entry) => ({ heading: "", drawing: drawCamTile(entry, style) }));
  const grid = panelGrid(tiles, { columns, headingHeight: 0, gap: TILE_GAP });
  const width = Math.max(grid.width, size.width);
  const across = Math.min(columns, entries.length);
  const heads = { markup: columnHeads(across, size), width, height: 14 };
  const pictures = entries.length === 0
    ? [messageBox("no images: there is nothing to explain", width)]
    : [camLegend(scale, { map, width }), heads, grid];
  const about = check === undefined ? [] : [drawVerdict(check, { width: Math.min(width, 720) })];
  return createFigure({
    name: "gradcam",
    title,
    subtitle: camSubtitle(entries),
    body: stack([...about, ...pictures]),
    notes: [...scaleNotes(entries, scale), ...cutDiagnoses(entries, size)],
    text: [
      ...(check === undefined ? [] : [verdictText(check)]),
      ...(scale.kind === "image" ? [] : [scaleSentence(scale)]),
      camText(entries, name),
    ].join("\n"),
    data: {
      title,
      classes: classes ?? null,
      colourMap: map,
      columns: options.columns ?? null,
      scale,
      check: check === undefined ? null : { verdict: check.verdict, reasons: check.reasons },
      entries: entries.map((entry) => camData(entry, scale)),
    },
  });
}

function checkColumns(columns: number | undefined): void {
  if (columns === undefined || (Number.isInteger(columns) && columns >= 1)) return;
  throw new RangeError(
    `plotCamPanel(): found columns ${columns}, wanted an integer of at least 1. Pass e.g. 2, or ` +
      `leave it out`,
  );
}

/** What a reader of one scale has to know. */
function scaleNotes(entries: readonly CamEntry[], scale: KnownScale): string[] {
  if (scale.kind === "image") return [];
  const clipped = clippedCount(entries, scale), methods = methodsOf(entries);
  return [
    ...(clipped === 0
      ? []
      : [`${counted(clipped, "map")} above the given peak, drawn in the highest colour there`]),
    ...(methods.length < 2
      ? []
      : [`maps of ${methods.join(", ")} have no common unit: compare them only within a method`]),
  ];
}

/** Diagnoses that their tiles had no room for. */
function cutDiagnoses(
  entries: readonly CamEntry[],
  size: TileSize,
): string[] {
  const cut = camsOf(entries).filter((cam) =>
    cam.status !== "ok" && !diagnosisLines(cam, size).whole
  );
  return [...new Set(cut.map(({ status, diagnosis }) => `${status}: ${diagnosis}`))];
}
