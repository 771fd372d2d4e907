import { printable } from "../../_internal/printable.ts";
import { textColumns } from "../../_internal/text_columns.ts";
import type { ExplanationCheck, Measure, MethodCheck } from "./explanation_check.ts";
import { fixed } from "./fixed.ts";

/** Column titles and what stands under them. */
const COLUMNS: readonly (readonly [title: string, cell: (check: MethodCheck) => string])[] = [
  ["method", (check) => printable(check.method)],
  ["ok", (check) => `${check.ok}/${check.images}`],
  ["ROAD +", (check) => pair(check.road)],
  ["deletion -", (check) => pair(check.deletion)],
  ["insertion +", (check) => pair(check.insertion)],
  ["drop -", (check) => pair(check.averageDrop)],
  ["increase +", (check) => pair(check.increase)],
  ["pointing +", (check) => pair(check.pointing)],
  ["energy +", (check) => pair(check.energy)],
  ["randomised -", ({ randomization }) => figure(randomization?.spearman ?? null)],
  ["verdict", (check) => check.verdict],
];

/**
 * A check as text for a terminal: an aligned table with one row a method, each measure beside that
 * of random maps, then the verdicts with their reasons. Columns that no method has are left out.
 *
 * @returns lines without line ends
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { formatCheck } from "@qsight/qsight/explain";
 * const lines = formatCheck(
 *   { head: "grade", images: 0, given: 0, correct: null, seed: 1, methods: [] },
 * );
 * assert.deepEqual(lines, ['Are the maps of head "grade" true? 0 images, seed 1']);
 * ```
 */
export function formatCheck(check: ExplanationCheck): string[] {
  const { head, images, given, correct, seed, methods } = check;
  const counted = (given > images ? `${images} of ${given} images` : `${images} images`) +
    (correct === null ? "" : `, ${correct} predicted right`);
  const title = `Are the maps of head "${printable(head)}" true? ${counted}, seed ${seed}`;
  if (methods.length === 0) return [title];
  const shown = COLUMNS.filter(([, cell]) => methods.some((method) => cell(method) !== ABSENT));
  const table = textColumns(
    shown.map(([title]) => title),
    methods.map((method) => shown.map(([, cell]) => cell(method))),
  );
  return [
    title,
    "",
    ...table.split("\n"),
    "",
    "measure / of random maps; + higher is better, - lower is better; randomised: rank correlation",
    "of the maps with those of the same model with shuffled weights",
    ...methods.flatMap(({ method, verdict, reasons }) => [
      "",
      `${printable(method)}: ${verdict}`,
      ...reasons.map((reason) => `  - ${reason}`),
    ]),
  ];
}

const ABSENT = "n/a";

function pair(measure: Measure | null): string {
  if (measure === null || measure.value === null) return ABSENT;
  return `${fixed(measure.value)} / ${figure(measure.random)}`;
}

function figure(value: number | null): string {
  return value === null ? ABSENT : fixed(value);
}
