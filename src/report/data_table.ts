import { fileLink, type Html, jsonBlock, markup, visible } from "./html.ts";
import { LIMITS, shortText, whole } from "./limits.ts";

/** What a column holds and so how its cells look and sort. */
export interface Column {
  readonly name: string;
  readonly kind: "text" | "number" | "whole" | "file" | "code";
}

/** A value of a table; null is not known. */
export type Cell = string | number | null;

/** A table that sorts, filters and turns pages once the page's script runs. */
export interface DataTable {
  /** Unique on the page. */
  readonly id: string;
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  /** Where all rows are, for those who read without a script. */
  readonly all: string;
}

/**
 * The table with its first rows as they are, so that it can be read without a script, and all rows as
 * JSON for the script.
 */
export function dataTable({ id, caption, columns, rows, all }: DataTable): Html {
  const cells = rows.map((row) => row.map(plainCell));
  const first = cells.slice(0, LIMITS.pageRows);
  return markup`<div class="data" id="${id}">
<p class="controls"><label>Filter <input type="search" autocomplete="off" spellcheck="false"></label>
<output aria-live="polite"></output>
<span class="turn"><button type="button" data-turn="-1">Previous</button>
<button type="button" data-turn="1">Next</button></span></p>
<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table>
<caption>${caption}</caption>
<thead><tr>${
    columns.map(({ name, kind }) =>
      markup`<th scope="col" class="${kind}" aria-sort="none">${name}</th>`
    )
  }</tr></thead>
<tbody>${first.map((row) => rowMarkup(row, columns))}</tbody></table></div>
${
    rows.length > first.length
      ? markup`<noscript><p class="note">The first ${first.length} of ${
        whole(rows.length)
      } rows; ${all} has all.</p></noscript>`
      : undefined
  }
${
    jsonBlock(`${id}-rows`, {
      columns: columns.map(({ kind }) => kind),
      rows: cells,
      page: LIMITS.pageRows,
    })
  }
</div>`;
}

/** Numbers to six digits, which is more than is shown and keeps the page small. */
function plainCell(cell: Cell): Cell {
  if (cell === null) return null;
  if (typeof cell === "string") return visible(shortText(cell));
  return Number.isInteger(cell) ? cell : Number.isFinite(cell) ? Number(cell.toPrecision(6)) : null;
}

function rowMarkup(row: readonly Cell[], columns: readonly Column[]): Html {
  return markup`<tr>${
    row.map((cell, i) => {
      const { kind } = columns[i], text = cellText(cell, kind);
      const href = kind === "file" ? fileLink(String(cell), 1) : undefined;
      return href === undefined
        ? markup`<td class="${kind}">${text}</td>`
        : markup`<td class="${kind}"><a href="${href}">${text}</a></td>`;
    })
  }</tr>
`;
}

/** How a cell is written; the page's script does it in the same way. */
function cellText(cell: Cell, kind: Column["kind"]): string {
  if (cell === null) return "–";
  if (typeof cell === "string") return cell;
  if (kind === "whole") return whole(cell);
  const size = Math.abs(cell);
  return cell !== 0 && (size >= 1e5 || size < 1e-3) ? cell.toPrecision(3) : cell.toFixed(4);
}
