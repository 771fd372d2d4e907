import { checkOptions } from "../_internal/check_options.ts";
import type { Figure } from "../_internal/figure.ts";
import { colourMap } from "../images/colour_map.ts";
import { checkWhole } from "./check_whole.ts";
import { counted } from "./class_names.ts";
import { createFigure, type Drawing } from "./create_figure.ts";
import { finite } from "./finite.ts";
import { drawHeatGrid, type HeatCell } from "./heat_grid.ts";
import { hexColour } from "./hex_colour.ts";
import { messageBox } from "./message_box.ts";
import {
  type QubitAttributionsLike,
  type QubitShares,
  qubitShares,
  type ShareRow,
} from "./qubit_shares.ts";
import { textTable } from "./text_table.ts";
import { shareColour } from "./theme.ts";

/** Options of {@linkcode plotQubitAttributions}. */
export interface PlotQubitAttributionsOptions {
  /** Title of the figure. @default {"What feeds the qubits"} */
  readonly title?: string;
  /** Features with a row of their own; the rest is one row "others". @default {12} */
  readonly top?: number;
}

/**
 * Draws which features feed which qubit: a row for each feature, the strongest first, a column for
 * each qubit. Numbers are percent of the whole; signed values keep their sign and get two colours,
 * while sums are always taken without signs. Colours compare features; grey cells are sums.
 *
 * @throws {RangeError} when the numbers or names do not fit the size, or `top` is no whole number
 *   above 0
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { plotQubitAttributions } from "@qsight/qsight/plots";
 *
 * const values = Float32Array.of(0.1, 0, 0.3, 0.6); // 2 features, 2 qubits
 * const figure = plotQubitAttributions({ values, features: 2, qubits: 2, head: "quantum" });
 * assert.match(figure.text, /feature 1 +30 +60 +90/);
 * assert.match(figure.text, /all features +40 +60 +100/);
 * ```
 */
export function plotQubitAttributions(
  attributions: QubitAttributionsLike,
  options: PlotQubitAttributionsOptions = {},
): Figure {
  const where = "plotQubitAttributions()";
  checkOptions(where, options, ["title", "top"]);
  const { title = "What feeds the qubits", top = 12 } = options;
  checkWhole(where, { top }, 12);
  const shares = qubitShares(where, attributions, top);
  const { features, qubits, head, images } = attributions;
  const empty = shares.whole === 0, why = attributions.diagnosis ?? "";
  return createFigure({
    name: "qubit_attributions",
    title,
    subtitle: [
      ...(head === undefined ? [] : [`head ${head}`]),
      `${counted(features, "feature")} into ${counted(qubits, "qubit")}`,
      ...(images === undefined ? [] : [`mean of ${counted(images, "image")}`]),
    ].join(" · "),
    body: empty ? messageBox(NOTHING, 340) : drawShares(shares),
    notes: [
      ...(empty ? why === "" ? [] : [why] : [
        "numbers are % of the whole" + (shares.signed ? ", sums without signs" : "") +
        "; colours compare features, grey cells are sums",
      ]),
      ...(shares.broken === 0
        ? []
        : [`${counted(shares.broken, "value")} not finite, written as – and left out of sums`]),
    ],
    text: empty ? NOTHING : sharesText(shares),
    data: describe({ title, top }, attributions, shares),
  });
}

const NOTHING = "no feature moves any qubit";

/** Percent of the whole with as many digits as tell values apart. */
function percentOf(value: number, whole: number): string {
  if (Number.isNaN(value)) return "–";
  const percent = value / whole * 100, size = Math.abs(percent);
  if (size === 0) return "0";
  // "0" is nothing at all, "0.0" a little; "-0.0" would only puzzle.
  if (size < 0.05) return "0.0";
  return percent.toFixed(size >= 9.95 ? 0 : 1);
}

function drawShares({ rows, others, qubitNames, totals, whole, signed }: QubitShares): Drawing {
  const largest = Math.max(
    ...rows.flatMap(({ values }) => values.map((v) => Math.abs(v)).filter((v) => !Number.isNaN(v))),
  );
  const shareOf = (value: number) => signed ? (value / largest + 1) / 2 : value / largest;
  const number = (value: number) => percentOf(value, whole);
  const cell = (value: number): HeatCell => ({
    share: Number.isNaN(value) ? null : shareOf(value),
    main: number(value),
  });
  const sum = (value: number): HeatCell => ({ share: null, main: number(value) });
  const line = (row: ShareRow) => [
    ...row.values.map(row.feature === null ? sum : cell),
    sum(row.total),
  ];
  const shown = others === null ? rows : [...rows, others];
  const end = `${percentOf(largest, whole)} %`;
  const columns = [...qubitNames, "all"];
  return drawHeatGrid({
    rows: [...shown.map(({ label }) => ({ label })), { label: "all features" }],
    columns,
    cells: [...shown.map(line), [...totals.map(sum), sum(whole)]],
    rowTitle: "feature",
    columnTitle: "qubit",
    bar: signed ? [`-${end}`, "0", end] : ["0", `${percentOf(largest / 2, whole)} %`, end],
    cellWidth: Math.max(34, Math.min(64, 640 / columns.length)),
    cellHeight: 26,
    colour: signed ? twoColours : shareColour,
  });
}

/** Blue below the middle, orange above. */
function twoColours(share: number): string {
  return hexColour(colourMap([share * 2 - 1], { map: "blue_orange" }));
}

function sharesText({ rows, others, qubitNames, totals, whole }: QubitShares): string {
  const number = (value: number) => percentOf(value, whole);
  const shown = others === null ? rows : [...rows, others];
  return textTable(["feature", ...qubitNames, "all"], [
    ...shown.map(({ label, values, total }) => [label, ...values.map(number), number(total)]),
    ["all features", ...totals.map(number), number(whole)],
  ]);
}

/** Everything, for JSON, which knows no NaN. */
function describe(
  { title, top }: { title: string; top: number },
  { values, features, qubits, featureNames, head, images, diagnosis }: QubitAttributionsLike,
  { rows, qubitNames, totals, whole, signed }: QubitShares,
) {
  return {
    title,
    top,
    head: head ?? null,
    images: images ?? null,
    diagnosis: diagnosis ?? null,
    features,
    qubits,
    values: Array.from(values, finite),
    featureNames: featureNames ?? null,
    qubitNames,
    signed,
    shown: rows.map(({ feature, total }) => ({ feature, total })),
    qubitTotals: totals,
    whole,
  };
}
