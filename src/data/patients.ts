import { parse } from "node:path";

/** How EyePACS and others name the two eyes of one patient. */
const EYE = /[_-](left|right)$/i;

/**
 * The patient of each image file by its name: `10_left` and `10_right` are one. A name that says
 * nothing stands for itself, with its folder, as `1.png` of two folders are two images.
 *
 * @returns undefined when no name says anything: the patients are not known then
 */
export function patientsOf(paths: readonly string[]): readonly string[] | undefined {
  const stems = paths.map((path) => parse(path).name);
  if (!stems.some((stem) => EYE.test(stem))) return undefined;
  return stems.map((stem, i) => EYE.test(stem) ? stem.replace(EYE, "") : paths[i]);
}
