import { colourMap, type ColourMapName } from "../images/colour_map.ts";
import { overlayHeatmap } from "../images/overlay_heatmap.ts";
import { camCaption, type CaptionStyle } from "./cam_caption.ts";
import type { CamEntry, CamLike } from "./cam_entries.ts";
import { GAP, type TileSize } from "./cam_layout.ts";
import { type KnownScale, scaledMap } from "./cam_scale.ts";
import type { Drawing } from "./create_figure.ts";
import { BOLD, fitText, wrapText } from "./fit_text.ts";
import { imageElement, shrinkImage } from "./image_element.ts";
import { element, moved, textElement } from "./svg_element.ts";
import { COLOURS, SIZES } from "./theme.ts";

/** What all tiles of a panel have in common. */
export interface TileStyle extends Omit<CaptionStyle, "width"> {
  readonly size: TileSize;
  readonly map: ColourMapName;
  readonly scale: KnownScale;
}

/** One tile: original, overlay and map, with labels underneath. */
export function drawCamTile(entry: CamEntry, style: TileStyle): Drawing {
  const { cam } = entry, { size, name } = style;
  const images = cam === null ? noSample(name(entry.yTrue), size) : drawImages(cam, style);
  const caption = camCaption(entry, { ...style, width: size.width });
  return {
    markup: images + moved(caption.markup, 0, size.side),
    width: size.width,
    height: size.side + caption.height,
  };
}

function drawImages(cam: CamLike, { size, map, scale }: TileStyle): string {
  const { side, detail } = size;
  const box = (n: number) => ({ x: n * (side + GAP), y: 0, width: side, height: side });
  const image = shrinkImage(cam.image, detail);
  const original = imageElement(image, box(0));
  if (cam.status !== "ok") return original + notice(cam, size);
  const { width, height } = cam, values = scaledMap(cam, scale);
  const overlay = overlayHeatmap(image, { width, height, map: values }, { alpha: 0.45, map });
  const heat = { width, height, data: colourMap(values, { map }) };
  return original + imageElement(overlay, box(1)) +
    imageElement(shrinkImage(heat, detail), box(2));
}

/** Lines of a diagnosis as far as there is room for them, and whether that is all. */
export function diagnosisLines(
  { diagnosis }: CamLike,
  { side, width }: TileSize,
): { readonly lines: readonly string[]; readonly whole: boolean } {
  const room = { width: width - side - GAP - 20, size: SIZES.small };
  const most = Math.floor((side - 27) / 12), lines = wrapText(diagnosis, room);
  return { lines: wrapText(diagnosis, { ...room, lines: most }), whole: lines.length <= most };
}

/** The reason why there is no map, where the map would be. */
function notice(cam: CamLike, size: TileSize): string {
  const x = size.side + GAP, width = size.width - x;
  const { lines } = diagnosisLines(cam, size);
  const box = { x: x + 0.5, y: 0.5, width: width - 1, height: size.side - 1 };
  const title = fitText(`no map (${cam.status})`, (width - 20) / BOLD, SIZES.label);
  return element("rect", {
    ...box,
    fill: COLOURS.empty,
    stroke: COLOURS.wrong,
    "stroke-dasharray": "4 3",
  }) +
    textElement(title, [x + 10, 18], { bold: true, fill: COLOURS.wrong }) +
    lines.map((line, i) => textElement(line, [x + 10, 34 + i * 12], { size: SIZES.small }))
      .join("");
}

function noSample(label: string, { side, width }: TileSize): string {
  const middle = width / 2;
  const room = { width: width - 20, size: SIZES.small, lines: 2 };
  const lines = wrapText(`there is no image of class ${label}`, room);
  return element("rect", {
    x: 0.5,
    y: 0.5,
    width: width - 1,
    height: side - 1,
    fill: COLOURS.empty,
    stroke: COLOURS.rule,
    "stroke-dasharray": "4 3",
  }) +
    textElement("no sample", [middle, side / 2 - 5], { anchor: "middle", bold: true }) +
    lines.map((line, i) =>
      textElement(line, [middle, side / 2 + 12 + 13 * i], {
        anchor: "middle",
        size: SIZES.small,
        fill: COLOURS.muted,
      })
    ).join("");
}
