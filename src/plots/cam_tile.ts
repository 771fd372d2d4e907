import { overlayHeatmap } from "../images/overlay_heatmap.ts";
import { colourMap, type ColourMapName } from "../images/colour_map.ts";
import type { CamEntry, CamLike } from "./cam_entries.ts";
import type { Drawing } from "./create_figure.ts";
import { fitText, wrapText } from "./fit_text.ts";
import { imageElement, shrinkImage } from "./image_element.ts";
import { element, textElement } from "./svg_element.ts";
import { COLOURS, SIZES } from "./theme.ts";

/** Side of an image and the gap between two, in pixels. */
export const SIDE = 112, GAP = 4;
/** Width and height of a tile. */
export const TILE = { width: 3 * SIDE + 2 * GAP, height: SIDE + 48 };

/** One tile: original, overlay and map, with labels underneath. */
export function drawCamTile(
  entry: CamEntry,
  { name, map }: { name: (label: number | null) => string; map: ColourMapName },
): Drawing {
  const { cam } = entry;
  const images = cam === null ? noSample(name(entry.yTrue)) : drawImages(cam, map);
  return { markup: images + caption(entry, name), ...TILE };
}

function drawImages(cam: CamLike, map: ColourMapName): string {
  const box = (n: number) => ({ x: n * (SIDE + GAP), y: 0, width: SIDE, height: SIDE });
  const image = shrinkImage(cam.image, 2 * SIDE);
  const original = imageElement(image, box(0));
  if (cam.status !== "ok") return original + notice(`no map (${cam.status})`, cam.diagnosis);
  const overlay = overlayHeatmap(image, cam, { alpha: 0.45, map });
  const heat = { width: cam.width, height: cam.height, data: colourMap(cam.map, { map }) };
  return original + imageElement(overlay, box(1)) + imageElement(heat, box(2));
}

/** The reason why there is no map, where the map would be. */
function notice(title: string, diagnosis: string): string {
  const x = SIDE + GAP, width = TILE.width - x, size = SIZES.small;
  const lines = wrapText(diagnosis, { width: width - 20, size, lines: 6 });
  const box = { x: x + 0.5, y: 0.5, width: width - 1, height: SIDE - 1 };
  return element("rect", {
    ...box,
    fill: COLOURS.empty,
    stroke: COLOURS.wrong,
    "stroke-dasharray": "4 3",
  }) +
    textElement(title, [x + 10, 19], { size: SIZES.label, bold: true, fill: COLOURS.wrong }) +
    lines.map((line, i) => textElement(line, [x + 10, 36 + i * 13], { size })).join("");
}

function noSample(label: string): string {
  const box = { x: 0.5, y: 0.5, width: TILE.width - 1, height: SIDE - 1 };
  const middle = TILE.width / 2;
  return element("rect", {
    ...box,
    fill: COLOURS.empty,
    stroke: COLOURS.rule,
    "stroke-dasharray": "4 3",
  }) +
    textElement("no sample", [middle, SIDE / 2], { anchor: "middle", bold: true }) +
    textElement(fitText(`there is no image of class ${label}`, TILE.width - 20, SIZES.small), [
      middle,
      SIDE / 2 + 17,
    ], { anchor: "middle", size: SIZES.small, fill: COLOURS.muted });
}

/** True class, prediction and confidence. Right and wrong differ in mark and word, not only colour. */
function caption(entry: CamEntry, name: (label: number | null) => string): string {
  const { yTrue, yPred, confidence, id, cam } = entry;
  const y = SIDE + 15,
    fit = (text: string, size: number) => fitText(text, TILE.width - 20, size);
  if (cam === null) {
    return textElement(fit(`true ${name(yTrue)}`, SIZES.label), [18, y], { bold: true });
  }
  const judged = yTrue !== null && yPred !== null, right = yTrue === yPred;
  const fill = !judged ? COLOURS.muted : right ? COLOURS.right : COLOURS.wrong;
  const sure = confidence === null ? "" : ` (${Math.round(confidence * 100)} %)`;
  const predicted = yPred === null ? "not predicted" : `predicted ${name(yPred)}${sure}`;
  const verdict = judged ? `${right ? "right" : "wrong"}: ` : "";
  const about = cam.target !== undefined && cam.target !== yPred
    ? `map for ${name(cam.target)}`
    : "";
  const small = [id ?? "", about].filter((part) => part !== "").join(" · ");
  return textElement(judged ? right ? "✓" : "✗" : "?", [1, y], { size: 14, bold: true, fill }) +
    textElement(fit(`true ${name(yTrue)}`, SIZES.label), [18, y], { bold: true }) +
    textElement(fit(`${verdict}${predicted}`, SIZES.label), [18, y + 15], { fill }) +
    textElement(fit(small, SIZES.small), [18, y + 29], { size: SIZES.small, fill: COLOURS.muted });
}
