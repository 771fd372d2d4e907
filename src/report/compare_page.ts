import { dirname, join, relative } from "node:path";
import { compareConfiguration, compareEnvironment } from "./compare_values.ts";
import { compareCurves } from "./compare_curves.ts";
import { compareFigures } from "./compare_figures.ts";
import { compareWarnings } from "./compare_warnings.ts";
import { encodePath, type Html, type HtmlPart, markup } from "./html.ts";
import { textOf, under } from "./json_access.ts";
import { secondsText, utcText } from "./limits.ts";
import { PAGE } from "./list_run_files.ts";
import { page } from "./page.ts";
import type { RunRecord } from "./run_record.ts";
import { section } from "./section.ts";
import { verdictMark } from "./verdict_mark.ts";
import type { ComparedRun } from "./compared_run.ts";

const CONTENTS = [
  ["runs", "Runs"],
  ["figures", "Figures"],
  ["curves", "Curves"],
  ["configuration", "Configuration"],
  ["environment", "Environment"],
] as const;

/**
 * The page of several runs as a text.
 *
 * @param out where it will stand; links to the runs start there
 */
export function comparePage(runs: readonly ComparedRun[], out: string): string {
  const warnings = compareWarnings(runs);
  return page({
    title: `Comparison of ${runs.length} runs`,
    subtitle: warnings.length === 0
      ? markup`<p class="facts">The runs have the same data, backend and seed.</p>`
      : warnings.map((warning) =>
        markup`<div class="warning" role="note"><p>⚠ ${warning}</p></div>
`
      ),
    contents: CONTENTS,
    sections: [
      section("runs", "Runs", runTable(runs, out)),
      compareFigures(runs),
      compareCurves(runs),
      compareConfiguration(runs),
      compareEnvironment(runs),
    ],
  });
}

function runTable(runs: readonly ComparedRun[], out: string): Html {
  const rows: readonly (readonly [string, (run: RunRecord) => HtmlPart])[] = [
    ["Run", (run) => runLink(run, out)],
    ["Name", (run) => run.name ?? "–"],
    ["Status", (run) => markup`${verdictMark(run.status)} ${run.status}`],
    ["Started", (run) => run.started === undefined ? "not known" : utcText(run.started)],
    ["Took", (run) => run.seconds === undefined ? "not known" : secondsText(run.seconds)],
    ["Seed", (run) => run.seed === undefined ? "not known" : String(run.seed)],
    [
      "Images",
      (run) =>
        run.synthetic === undefined ? "not known" : run.synthetic ? "synthetic" : "not synthetic",
    ],
    ["Data", (run) => textOf(under(run.data, "name")) ?? "not known"],
    [
      "Backend",
      (run) => textOf(under(run.backend, "chosen")) ?? textOf(run.backend) ?? "not known",
    ],
    ["Commit", (run) => run.git === undefined ? "not known" : run.git.commit.slice(0, 12)],
  ];
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="Runs"><table>
<thead><tr><th scope="col"></th>${
    runs.map(({ letter }) => markup`<th scope="col">${letter}</th>`)
  }</tr></thead>
<tbody>${
    rows.map(([name, cell]) =>
      markup`<tr><th scope="row">${name}</th>${
        runs.map(({ run }) => markup`<td class="text">${cell(run)}</td>`)
      }</tr>
`
    )
  }</tbody></table></div>`;
}

/** A link to the run's own page, relative so that the folder can be moved as a whole. */
function runLink(run: RunRecord, out: string): Html {
  const parts = relative(dirname(out), join(run.folder, PAGE)).split(/[\\/]/);
  return markup`<a href="./${encodePath(parts)}">${run.id}</a>`;
}
