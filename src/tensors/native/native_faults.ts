import {
  type CompatibilityRow,
  possibleFixes,
} from "../../hardware/compatibility/compatibility_row.ts";
import { NATIVE_TENSORFLOW_ROWS } from "../../hardware/compatibility/rows/native_tensorflow.ts";
import { NATIVE_TENSORFLOW_GPU_ROWS } from "../../hardware/compatibility/rows/native_tensorflow_gpu.ts";
import { NATIVE_TENSORFLOW_LIBRARY_ROWS } from "../../hardware/compatibility/rows/native_tensorflow_library.ts";

/** A known failure of a tensor backend: a row of the compatibility matrix, and the text it is known by. */
export interface NativeFault extends CompatibilityRow {
  /** Looser than the row's symptoms, as it is known here that a native package speaks. */
  readonly inContext: RegExp;
}

/** All known failures; the first that fits explains a text. */
export const NATIVE_FAULTS: readonly NativeFault[] = [
  ...NATIVE_TENSORFLOW_ROWS,
  ...NATIVE_TENSORFLOW_GPU_ROWS,
  ...NATIVE_TENSORFLOW_LIBRARY_ROWS,
].filter((row): row is NativeFault => row.inContext !== undefined);

/** The failure of a download, which an install that fails is most likely to be. */
export const DOWNLOAD_FAULT = "QC218";

/** The first known failure that a text shows. */
export function findNativeFault(text: string): NativeFault | undefined {
  return NATIVE_FAULTS.find(({ inContext }) => inContext.test(text));
}

/** What was said, why, and what to do; a text nobody knows is given by its first line. */
export function explainNativeFault(text: string): string {
  const fault = findNativeFault(text);
  const lines = text.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== "");
  if (fault === undefined) return lines[0] ?? "no message";
  const said = lines.find((line) => fault.inContext.test(line)) ?? lines[0];
  return `${said} (${fault.cause}). To mend it: ${fixOf(fault)}`;
}

/** What can be done, in one sentence. */
export function fixOf(fault: NativeFault): string {
  return possibleFixes(fault).join("; or ");
}
