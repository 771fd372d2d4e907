import type { Output } from "../notebook/nbformat.ts";

/** Bytes that an output costs whatever it holds: a flood of small ones is a flood too. */
const OVERHEAD = 1024;

/** About how many bytes of memory an output takes. */
export function outputSize(output: Output): number {
  switch (output.output_type) {
    case "stream":
      return OVERHEAD + output.text.length;
    case "error":
      return OVERHEAD + output.traceback.reduce((sum, line) => sum + line.length, 0);
    default:
      return OVERHEAD + Object.values(output.data).reduce<number>(
        (sum, value) => sum + (typeof value === "string" ? value : JSON.stringify(value)).length,
        0,
      );
  }
}
