import { checkOptions } from "../_internal/check_options.ts";
import type { Figure } from "../_internal/figure.ts";
import type { RgbImage } from "../images/rgb_image.ts";
import { counted } from "./class_names.ts";
import { createFigure } from "./create_figure.ts";
import { wrapText } from "./fit_text.ts";
import { imageElement, shrinkImage } from "./image_element.ts";
import { panelGrid } from "./panel_grid.ts";
import { imageFromText, imageText } from "./saved_pixels.ts";
import { element, textElement } from "./svg_element.ts";
import { COLOURS, SIZES } from "./theme.ts";

/** Options of {@linkcode plotImages}. */
export interface PlotImagesOptions {
  /** A title under each image. @default none */
  readonly titles?: readonly string[];
  /** Images in a row. @default {8} */
  readonly columns?: number;
  /** Longer side of an image in CSS pixels. @default {112} */
  readonly size?: number;
  /** Title of the whole sheet. @default {"Images"} */
  readonly title?: string;
}

/**
 * Draws a contact sheet.
 *
 * @param images 8-bit RGB images; they may differ in size
 * @throws {RangeError} when there is not one title for each image
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { plotImages } from "@qsight/qsight/plots";
 *
 * const grey = { width: 2, height: 2, data: new Uint8Array(12).fill(128) };
 * const figure = plotImages([grey, grey], { titles: ["left eye", "right eye"] });
 * assert.equal(figure.svg.match(/<image /g)?.length, 2);
 * assert.match(figure.text, /right eye/);
 * ```
 */
export function plotImages(images: readonly RgbImage[], options: PlotImagesOptions = {}): Figure {
  return drawSheet(images, options, images);
}

/** @param shapes of the images before they were made smaller to be saved */
function drawSheet(
  images: readonly RgbImage[],
  options: PlotImagesOptions,
  shapes: readonly Pick<RgbImage, "width" | "height">[],
): Figure {
  const where = "plotImages()";
  checkOptions(where, options, ["titles", "columns", "size", "title"]);
  const { titles, columns = 8, size = 112, title = "Images" } = options;
  if (titles !== undefined && titles.length !== images.length) {
    throw new RangeError(
      `${where}: ${titles.length} titles for ${images.length} images, wanted one for each. ` +
        `Leave titles out or pass as many`,
    );
  }
  if (!Number.isInteger(columns) || columns < 1) {
    throw new RangeError(`${where}: columns is ${columns}, wanted at least 1. Pass e.g. 8`);
  }
  const lines = images.map((_, i) =>
    wrapText(titles?.[i] ?? "", { width: size, size: SIZES.small, lines: 3 })
  );
  // A sheet of wide pictures has no use for square tiles.
  const tall = Math.max(0, ...shapes.map(({ width, height }) => height / width));
  const tile = Math.ceil(size * Math.min(1, tall));
  const captionHeight = Math.max(0, ...lines.map((one) => one.length)) * 13;
  const panels = images.map((image, i) => ({
    heading: "",
    drawing: {
      markup: imageElement(image, { x: 0, y: 0, width: size, height: tile }) +
        lines[i].map((line, n) =>
          textElement(line, [size / 2, tile + 13 + 13 * n], { size: SIZES.small, anchor: "middle" })
        ).join(""),
      width: size,
      height: tile + captionHeight + (captionHeight > 0 ? 4 : 0),
    },
  }));
  const nothing = textElement("no images", [size / 2, size / 2], {
    fill: COLOURS.muted,
    anchor: "middle",
  });
  const empty = element("rect", { width: size, height: size, fill: COLOURS.empty }) + nothing;
  return createFigure({
    name: "images",
    title,
    subtitle: counted(images.length, "image"),
    body: images.length === 0
      ? { markup: empty, width: size, height: size }
      : panelGrid(panels, { columns, headingHeight: 0, gap: 8 }),
    text: (titles ?? []).map((name, i) => `${i + 1}. ${name}`).join("\n"),
    data: {
      title,
      columns,
      size,
      titled: titles !== undefined,
      images: images.map((image, i) => ({
        width: image.width,
        height: image.height,
        title: titles?.[i] ?? null,
        pixels: imageText(shrinkImage(image, 2 * size)),
      })),
    },
  });
}

/** A sheet as it stands under "data" in its JSON file. */
interface ImagesData extends Omit<PlotImagesOptions, "titles"> {
  readonly titled: boolean;
  readonly images: readonly {
    readonly width: number;
    readonly height: number;
    readonly title: string | null;
    readonly pixels: string;
  }[];
}

/** Draws a contact sheet again from its data: the same SVG. */
export function imagesFromData({ images, titled, ...options }: ImagesData): Figure {
  const pixels = images.map((image) => imageFromText(image.pixels));
  const titles = images.map(({ title }) => title ?? "");
  return drawSheet(pixels, { ...options, ...titled && { titles } }, images);
}
