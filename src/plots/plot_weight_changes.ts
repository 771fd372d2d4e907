import { checkOptions } from "../_internal/check_options.ts";
import type { Figure } from "../_internal/figure.ts";
import { counted, percent } from "./class_names.ts";
import { createFigure } from "./create_figure.ts";
import { finite } from "./finite.ts";
import { drawHeatGrid, type HeatCell } from "./heat_grid.ts";
import { messageBox } from "./message_box.ts";
import { textTable } from "./text_table.ts";

/** Which weights a training moved. */
export interface WeightChanges {
  /** Names of the parts of a model, a row each. */
  readonly parts: readonly string[];
  /** Names of the stages, a column each. */
  readonly stages: readonly string[];
  /**
   * `changed[part][stage]`: share of the part's weights in 0…1 that differ in any byte between the
   * beginning and the end of the stage; 0 says that it is equal to the byte, null that it is not known.
   */
  readonly changed: readonly (readonly (number | null)[])[];
}

/** Options of {@linkcode plotWeightChanges}. */
export interface PlotWeightChangesOptions {
  /** Title of the figure. @default {"Which weights each stage moved"} */
  readonly title?: string;
}

/**
 * Draws which parts of a model each stage of a training changed, and which it left as they were.
 *
 * @throws {RangeError} when `changed` has not a row for each part and a number for each stage
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { plotWeightChanges } from "@qsight/qsight/plots";
 *
 * const changes = { parts: ["encoder", "quantum"], stages: ["a", "b"], changed: [[1, 0], [0, 0.9]] };
 * assert.match(plotWeightChanges(changes).text, /encoder +100 % +equal/);
 * ```
 */
export function plotWeightChanges(
  changes: WeightChanges,
  options: PlotWeightChangesOptions = {},
): Figure {
  const where = "plotWeightChanges()";
  checkOptions(where, options, ["title"]);
  const { title = "Which weights each stage moved" } = options;
  const { parts, stages, changed } = changes;
  if (changed.length !== parts.length || changed.some((row) => row.length !== stages.length)) {
    throw new RangeError(
      `${where}: found ${counted(changed.length, "row")} of ${
        changed.map((row) => row.length).join(", ") || "no"
      } numbers, wanted a row for each of ${
        counted(parts.length, "part")
      } and a number for each of ` +
        `${counted(stages.length, "stage")}. Pass changed[part][stage]`,
    );
  }
  const cells = changed.map((row) => row.map((value) => cellOf(finite(value))));
  return createFigure({
    name: "weight_changes",
    title,
    subtitle: `${counted(parts.length, "part")}, ${counted(stages.length, "stage")}`,
    body: parts.length === 0 || stages.length === 0
      ? messageBox("nothing was compared", 340)
      : drawHeatGrid({
        rows: parts.map((label) => ({ label })),
        columns: stages,
        cells,
        rowTitle: "part",
        columnTitle: "stage",
        cellWidth: Math.max(64, Math.min(110, 440 / stages.length)),
        cellHeight: 30,
      }),
    notes: ["share of the weights that changed in a stage; = is equal to the last byte"],
    text: textTable(
      ["part", ...stages],
      parts.map((part, p) => [
        part,
        ...cells[p].map(({ main }) => main === "=" ? "equal" : main),
      ]),
    ),
    data: { title, changes },
  });
}

/** A little is never written as nothing, and nothing but all as all. */
function cellOf(share: number | null): HeatCell {
  if (share === null) return { share, main: "n/a" };
  if (share <= 0) return { share: null, main: "=" };
  const main = share < 0.005 ? "< 1 %" : share < 1 && share >= 0.995 ? "> 99 %" : percent(share);
  return { share, main };
}
