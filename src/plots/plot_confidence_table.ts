import { checkOptions } from "../_internal/check_options.ts";
import type { Figure } from "../_internal/figure.ts";
import type { ConfidenceRow, ConfidenceTable } from "../metrics/confidence_table.ts";
import { percent } from "./class_names.ts";
import { createFigure } from "./create_figure.ts";
import { textWidth } from "./fit_text.ts";
import { drawHeatGrid, type HeatCell } from "./heat_grid.ts";
import { textTable } from "./text_table.ts";
import { SIZES } from "./theme.ts";

/** Options of {@linkcode plotConfidenceTable}. */
export interface PlotConfidenceTableOptions {
  /** Title of the figure. @default {"Confidence table"} */
  readonly title?: string;
}

/**
 * Draws how sure each head is of the true class: colour and large number are the mean probability of
 * the true class, the small one is the recall. Switched-off heads have no column and are named below.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { confidenceTable } from "@qsight/qsight/metrics";
 * import { plotConfidenceTable } from "@qsight/qsight/plots";
 *
 * const heads = { classical_a: [0.75, 0.25, 0.25, 0.75], quantum: null };
 * const table = confidenceTable({ yTrue: [0, 1], heads, classes: ["healthy", "ill"] });
 * const figure = plotConfidenceTable(table);
 * assert.match(figure.text, /healthy +1 +0\.75/);
 * assert.match(figure.text, /switched off: quantum/);
 * ```
 */
export function plotConfidenceTable(
  table: ConfidenceTable,
  options: PlotConfidenceTableOptions = {},
): Figure {
  checkOptions("plotConfidenceTable()", options, ["title"]);
  const { title = "Confidence table" } = options;
  const { heads, classes, masked } = table;
  const found = new Map(table.rows.map((row) => [JSON.stringify([row.head, row.class]), row]));
  const at = (head: string, c: number) => found.get(JSON.stringify([head, c]));
  const count = (c: number) => (heads.length === 0 ? 0 : at(heads[0], c)?.count ?? 0);
  const widest = Math.max(0, ...heads.map((head) => textWidth(head, SIZES.label)));
  return createFigure({
    name: "confidence_table",
    title,
    subtitle: "mean probability of the true class, and recall, by head",
    body: drawHeatGrid({
      rows: classes.map((label, c) => ({ label, detail: `n = ${count(c)}` })),
      columns: heads,
      cells: classes.map((_, c) => heads.map((head) => cellOf(at(head, c)))),
      rowTitle: "true class",
      columnTitle: heads.length === 0 ? "no active head" : "head",
      bar: ["0", "0.5", "1"],
      cellWidth: Math.max(92, Math.min(140, widest + 12)),
    }),
    notes: [
      ...flagNotes(table),
      ...(masked.length === 0 ? [] : [`switched off: ${masked.join(", ")}`]),
    ],
    text: textTable(
      ["class", "n", ...heads],
      classes.map((label, c) => [
        label,
        String(count(c)),
        ...heads.map((head) => at(head, c)?.meanTrueProbability?.toFixed(3) ?? "n/a"),
      ]),
    ),
    data: { ...table, title },
  });
}

function cellOf(row: ConfidenceRow | undefined): HeatCell {
  const share = row?.meanTrueProbability ?? null;
  const mark = row?.flag ? " (!)" : "";
  if (row === undefined || share === null) return { share: null, main: `n/a${mark}` };
  return {
    share,
    main: share.toFixed(2) + mark,
    detail: row.recall === null ? undefined : `recall ${percent(row.recall)}`,
  };
}

/** One sentence for each head with rows that could not be used. */
function flagNotes({ heads, rows }: ConfidenceTable): string[] {
  return heads.flatMap((head) => {
    const flagged = rows.filter((row) => row.head === head && row.flag !== null);
    const parts = flagged.map(({ label, invalid, count }) => `${invalid} of ${count} ${label}`);
    if (parts.length === 0) return [];
    return [
      `(!) ${head}: left out ${
        parts.join(", ")
      }, whose probabilities are NaN, outside 0…1 or do not sum to 1`,
    ];
  });
}
