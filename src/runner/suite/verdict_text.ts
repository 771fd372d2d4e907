import type { OutputDifference } from "../compare/output_difference.ts";
import type { TypeFault } from "../typecheck/type_fault.ts";

/** One line about a difference. */
export function differenceLine(
  { cellIndex, executedIndex = cellIndex, part, message }: OutputDifference,
): string {
  return `Cell ${executedIndex}, ${part}: ${message}`;
}

/** One line about a type fault. */
export function typeFaultLine({ cellIndex, line, column, code, message }: TypeFault): string {
  return `Cell ${cellIndex}, line ${line}:${column}: ${code}: ${message.split("\n")[0]}`;
}
