import { checkOptions } from "../_internal/check_options.ts";
import { loadPackage } from "../_internal/load_package.ts";
import { ImageError } from "./image_error.ts";
import { shippedFonts } from "./shipped_fonts.ts";

/** Options of {@linkcode renderPng}. */
export interface RenderPngOptions {
  /** Pixels per SVG unit, above 0 and at most 16; 2 doubles both sides. @default {1} */
  readonly scale?: number;
}

/** More than this would be a gigabyte of pixels in the renderer. */
const MAX_SIDE = 16384;

/**
 * Draws an SVG document as PNG. Only the shipped DejaVu fonts are used, never those of the system:
 * the same document gives the same bytes on every machine.
 *
 * @param svg a whole document; the root needs `xmlns="http://www.w3.org/2000/svg"`
 * @throws {ImageError} when the text is no SVG document or would be larger than 16384 pixels a side
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { decodeImage, renderPng } from "@qsight/qsight/images";
 * const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="2"/>';
 * const { width, height } = await decodeImage(await renderPng(svg, { scale: 2 }));
 * assert.deepEqual([width, height], [8, 4]);
 * ```
 */
export async function renderPng(
  svg: string,
  options: RenderPngOptions = {},
): Promise<Uint8Array> {
  checkOptions("renderPng()", options, ["scale"]);
  const { scale = 1 } = options;
  if (!(scale > 0 && scale <= 16)) {
    throw new RangeError(
      `renderPng(): found scale ${scale}, wanted a number above 0 and at most 16. Pass e.g. 2.`,
    );
  }
  checkDocument(svg);
  const { Resvg } = await loadPackage("@resvg/resvg-js", () => import("@resvg/resvg-js"));
  try {
    const document = new Resvg(svg, {
      fitTo: { mode: "zoom", value: scale },
      font: {
        loadSystemFonts: false,
        fontFiles: shippedFonts(),
        defaultFontFamily: "DejaVu Sans",
        sansSerifFamily: "DejaVu Sans",
        serifFamily: "DejaVu Sans",
        monospaceFamily: "DejaVu Sans Mono",
      },
    });
    const longest = Math.max(document.width, document.height) * scale;
    if (longest > MAX_SIDE) {
      throw new Error(`${Math.round(longest)} pixels a side, at most ${MAX_SIDE} are drawn`);
    }
    return new Uint8Array(document.render().asPng());
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ImageError(
      `renderPng(): the document could not be drawn (${reason}), wanted well-formed SVG. ` +
        "Open it in a browser to see where it breaks.",
      { file: "svg", cause },
    );
  }
}

/** The two mistakes that the renderer reports in words nobody understands. */
function checkDocument(svg: string): void {
  if (typeof svg !== "string") {
    throw new TypeError(
      `renderPng(): found ${typeof svg}, wanted the text of an SVG document. Pass figure.svg.`,
    );
  }
  const root = /<svg\b[^>]*>/.exec(svg)?.[0];
  if (root === undefined) {
    throw new ImageError(
      `renderPng(): found no <svg> element in "${svg.slice(0, 40)}", wanted an SVG document. ` +
        "Pass the whole document, not a path or a fragment.",
      { file: "svg" },
    );
  }
  if (!/\bxmlns\s*=\s*["']http:\/\/www\.w3\.org\/2000\/svg["']/.test(root)) {
    throw new ImageError(
      'renderPng(): the <svg> element has no xmlns, wanted xmlns="http://www.w3.org/2000/svg". ' +
        "Add it: outerHTML of a DOM leaves it out.",
      { file: "svg" },
    );
  }
}
