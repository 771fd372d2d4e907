import type { Notebook } from "../notebook/nbformat.ts";
import type { TypeFault } from "./type_fault.ts";

/** More of a line is not shown. */
const WIDTH = 120;

/**
 * A fault in words: the place, the message and, where the notebook is given, the line with a mark
 * below the column.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseNotebook, typeFaultText } from "@qsight/qsight/runner";
 *
 * const notebook = parseNotebook(JSON.stringify({
 *   nbformat: 4, nbformat_minor: 5, metadata: {},
 *   cells: [{ cell_type: "code", id: "a", source: "const n: number = 'x'", metadata: {} }],
 * }));
 * const text = typeFaultText({
 *   path: "a.ipynb", cellIndex: 0, cellId: "a", line: 1, column: 7, kind: "type", code: "TS2322",
 *   message: "Type 'string' is not assignable to type 'number'.",
 * }, notebook);
 * assert.equal(text, `a.ipynb, cell 0, line 1, column 7: TS2322
 *   Type 'string' is not assignable to type 'number'.
 *   1 | const n: number = 'x'
 *     |       ^`);
 * ```
 */
export function typeFaultText(fault: TypeFault, notebook?: Notebook): string {
  const { path, cellIndex, line, column, code, message } = fault;
  const place = `${path}, cell ${cellIndex}, line ${line}, column ${column}: ${code}`;
  const said = message.split("\n").map((text) => `  ${text}`);
  const source = notebook?.cells[cellIndex]?.source.split(/\r\n|\n|\r/)[line - 1];
  if (source === undefined) return [place, ...said].join("\n");
  // Of a long line the part around the column.
  const start = source.length <= WIDTH ? 0 : Math.max(0, column - 1 - WIDTH / 2);
  const shown = source.slice(start, start + WIDTH);
  const margin = " ".repeat(String(line).length);
  return [
    place,
    ...said,
    `  ${line} | ${start > 0 ? "…" : ""}${shown}${start + WIDTH < source.length ? "…" : ""}`,
    `  ${margin} | ${start > 0 ? " " : ""}${blanks(source.slice(start, column - 1))}^`,
  ].join("\n");
}

/** As wide as the text in a terminal, where emoji and ideographs take two columns. */
function blanks(text: string): string {
  const wide = /[\p{Emoji_Presentation}\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\uff01-\uff60]/u;
  return [...text].map((char) =>
    char === "\t" ? "\t" : /[\p{Mark}\u200d]/u.test(char) ? "" : wide.test(char) ? "  " : " "
  ).join("");
}
