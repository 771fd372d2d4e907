import { unknownName } from "../_internal/check_options.ts";

/**
 * What is looked at of an image when a model answers: the image, or its eight turns by quarters and
 * mirror images, of whose probabilities the mean is taken.
 */
export type TestTime = "none" | "dihedral";

/** @throws {TypeError} for an unknown name */
export function checkTestTime(where: string, testTime: TestTime = "none"): void {
  const known = ["none", "dihedral"];
  if (known.includes(testTime)) return;
  throw new TypeError(unknownName(where, "testTime", String(testTime), known));
}
