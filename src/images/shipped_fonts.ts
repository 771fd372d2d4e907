import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { AbsentPackageError } from "../_internal/load_package.ts";

/** DejaVu is shipped as a package, so that text in PNGs looks the same on every machine. */
const FILES = ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSansMono.ttf"];

/** Absolute paths of the font files that renderPng() draws text with. */
export function shippedFonts(): string[] {
  const packageFile = fontsManifest();
  return FILES.map((file) => join(dirname(packageFile), "ttf", file));
}

function fontsManifest(): string {
  try {
    return createRequire(import.meta.url).resolve("dejavu-fonts-ttf/package.json");
  } catch (error) {
    throw new AbsentPackageError("dejavu-fonts-ttf", error);
  }
}
