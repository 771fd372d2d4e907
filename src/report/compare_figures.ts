import type { MetricsRow } from "../runs/metrics_rows.ts";
import type { ComparedRun } from "./compared_run.ts";
import { metricName, metricsIn } from "./curves_section.ts";
import { headOrder } from "./head_order.ts";
import { type Html, markup } from "./html.ts";
import { numberOf } from "./json_access.ts";
import {
  digits,
  FIGURES,
  figureText,
  type HeadFigures,
  headFigures,
  intervalsApart,
  lastRows,
  type RunFigure,
} from "./run_figures.ts";
import { absent, section } from "./section.ts";
import { intervalLine } from "./summary_section.ts";

interface Answers extends ComparedRun {
  readonly heads: ReadonlyMap<string, HeadFigures>;
  readonly last: ReadonlyMap<string, MetricsRow>;
}

/** Final figures by head, with the difference from the first run. */
export function compareFigures(runs: readonly ComparedRun[]): Html {
  const answers = runs.map((one): Answers => ({
    ...one,
    heads: new Map(headFigures(one.run).map((figures) => [figures.head, figures])),
    last: lastRows(one.run.rows),
  }));
  const heads = headOrder(
    answers.flatMap(({ heads, last }) => [...heads.keys(), ...last.keys()]),
  );
  if (heads.length === 0) {
    return section(
      "figures",
      "Final figures on validation",
      absent("None of the runs has figures."),
    );
  }
  const metrics = new Set<string>(FIGURES);
  for (const { last } of answers) {
    for (const name of metricsIn([...last.values()])) metrics.add(name);
  }
  return section(
    "figures",
    "Final figures on validation",
    markup`<p>In brackets: the interval around a figure. Δ is the difference from run A; where the intervals
do not overlap it is marked “apart”. Without final figures the last epoch is shown, and said so.</p>
${heads.map((head) => headTable(answers, { head, metrics: [...metrics].slice(0, 12) }))}`,
  );
}

function headTable(
  answers: readonly Answers[],
  { head, metrics }: { readonly head: string; readonly metrics: readonly string[] },
): Html {
  const rows = metrics.flatMap((metric) => {
    const found = answers.map((one) => figureIn(one, { head, metric }));
    return found.every((figure) => figure === undefined) ? [] : [{ metric, found }];
  });
  return markup`<h3>${head}</h3>
<div class="scroll" tabindex="0" role="region" aria-label="Figures of ${head}"><table>
<thead><tr><th scope="col">metric</th>${
    answers.map(({ letter }) => markup`<th scope="col">${letter}</th>`)
  }</tr></thead>
<tbody>${
    rows.map(({ metric, found }) =>
      markup`<tr><th scope="row">${metricName(metric)}</th>${
        found.map((figure, i) =>
          markup`<td>${cell(figure, { metric, first: i === 0 ? undefined : found[0] })}</td>`
        )
      }</tr>
`
    )
  }</tbody></table></div>`;
}

interface Figure extends RunFigure {
  /** It is the last epoch's, as the run has no final ones. */
  readonly isLast: boolean;
}

function figureIn(
  { heads, last }: Answers,
  { head, metric }: { readonly head: string; readonly metric: string },
): Figure | undefined {
  const final = heads.get(head)?.figures[metric];
  if (final !== undefined) return { ...final, isLast: false };
  const value = numberOf(last.get(head)?.[metric]);
  return value === undefined
    ? undefined
    : { value, reason: "", low: null, high: null, level: null, isLast: true };
}

function cell(
  figure: Figure | undefined,
  { metric, first }: { readonly metric: string; readonly first: Figure | undefined },
): Html {
  if (figure === undefined) return markup`–`;
  const isFigure = (FIGURES as readonly string[]).includes(metric);
  const difference = first === undefined || first.value === null || figure.value === null
    ? undefined
    : figure.value - first.value;
  const sign = difference === undefined ? "" : difference > 0 ? "+" : "";
  const apart = first !== undefined && intervalsApart(figure, first) ? " apart" : "";
  return markup`${figureText(figure)}${
    figure.isLast && isFigure ? markup` <small class="soft">last epoch</small>` : undefined
  }${isFigure ? intervalLine(figure, metric) : undefined}${
    difference === undefined
      ? undefined
      : markup` <small class="soft">Δ ${sign}${digits(difference, 3)}${apart}</small>`
  }`;
}
