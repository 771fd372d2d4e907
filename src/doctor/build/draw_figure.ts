// Run in a process of its own: one figure as SVG and as PNG, written to the folder that it is given.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { writeAtomic } from "../../_internal/write_atomic.ts";
import { plotConfusionMatrix } from "../../plots/plot_confusion_matrix.ts";

const PNG = [0x89, 0x50, 0x4e, 0x47];

/** Draws, writes, and reads back. */
async function drawFigure(folder: string): Promise<string> {
  const figure = plotConfusionMatrix([[8, 2], [1, 9]], { labels: ["healthy", "ill"] });
  const [svg, png] = [join(folder, "trial.svg"), join(folder, "trial.png")];
  await writeAtomic(svg, figure.svg);
  await writeAtomic(png, await figure.png());
  const [text, bytes] = await Promise.all([readFile(svg, "utf8"), readFile(png)]);
  if (!text.includes("<svg")) throw new Error("the SVG file holds no SVG");
  if (!PNG.every((byte, i) => bytes[i] === byte)) throw new Error("the PNG file holds no PNG");
  return `SVG of ${text.length} and PNG of ${bytes.length} bytes`;
}

if (import.meta.main) {
  process.stdout.write(`${await drawFigure(process.argv[2])}\n`);
  process.exit(0);
}
