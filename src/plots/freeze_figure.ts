import { Buffer } from "node:buffer";
import { checkOptions } from "../_internal/check_options.ts";
import { type Figure, jupyterDisplay } from "../_internal/figure.ts";
import { renderPng } from "../images/render_png.ts";

/** A {@linkcode Figure} of a drawn SVG and what belongs to it. */
export function freezeFigure(
  parts: Pick<Figure, "name" | "svg" | "text" | "data" | "width" | "height">,
): Figure {
  return Object.freeze({
    kind: "figure" as const,
    ...parts,
    png: async (options: { readonly scale?: number } = {}) => {
      checkOptions("figure.png()", options, ["scale"]);
      return await renderPng(parts.svg, { scale: options.scale ?? 1 });
    },
    // The PNG comes first: a reader who has not trusted the notebook sees nothing of an SVG.
    [jupyterDisplay]: async () => ({
      "image/png": Buffer.from(await renderPng(parts.svg)).toString("base64"),
      "image/svg+xml": parts.svg,
      "text/plain": parts.text,
    }),
  });
}
