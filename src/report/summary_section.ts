import { metricName, metricsIn } from "./curves_section.ts";
import { headOrder } from "./head_order.ts";
import { Html, markup } from "./html.ts";
import { arrayOf, numberOf, textOf, under } from "./json_access.ts";
import { counted, secondsText, shortText, utcText, whole } from "./limits.ts";
import type { CamRecords } from "./load_cams.ts";
import {
  bestEpochs,
  digits,
  FIGURES,
  figureText,
  type HeadFigures,
  headFigures,
  type RunFigure,
} from "./run_figures.ts";
import type { RunRecord } from "./run_record.ts";
import { absent, definitions, noteList, section } from "./section.ts";
import { verdictMark } from "./verdict_mark.ts";

/** What the run was, when, on what, and how good it is. */
export function summarySection(run: RunRecord, { panels }: CamRecords): Html {
  const heads = headFigures(run);
  return section(
    "summary",
    "Summary",
    markup`${facts(run)}
${heads.length === 0 ? noFigures(run) : figureTable(heads)}
${bestTable(run)}
<h3>Verdicts on explanations</h3>
${verdicts(panels)}
${run.notes.length === 0 ? undefined : markup`<h3>Notes of the run</h3>`}
${noteList(run.notes.map(shortText))}`,
  );
}

function facts(run: RunRecord): Html {
  const { status, started, seconds, estimatedSeconds, epochSeconds, seed, data } = run;
  const took = seconds !== undefined
    ? `${secondsText(seconds)}${
      estimatedSeconds === undefined ? "" : ` (estimated: ${secondsText(estimatedSeconds)})`
    }`
    : epochSeconds === undefined
    ? undefined
    : `${secondsText(epochSeconds)} in its epochs`;
  const [train, val] = [numberOf(under(data, "train")), numberOf(under(data, "val"))];
  const images = train === undefined ? undefined : `${counted(train, "training image")}, ` +
    `${val === undefined ? "?" : whole(val)} for validation`;
  const classes = arrayOf(under(data, "classes")).flatMap((name) => textOf(name) ?? []);
  return definitions([
    ["Status", markup`${verdictMark(status)} ${status}`],
    // The page of a training is written just before its manifest, which comes last.
    ["Why no manifest", status === "finished" ? undefined : run.noManifest],
    ["Started", started === undefined ? "not known" : utcText(started)],
    ["Took", took],
    ["Seed", seed === undefined ? "not known" : String(seed)],
    [
      "Images",
      run.synthetic === undefined
        ? "not known whether they are drawn by a program"
        : run.synthetic
        ? "synthetic: drawn by a program, no result is clinical"
        : "not synthetic",
    ],
    ["Data", textOf(under(data, "name"))],
    ["Size of the data", images],
    ["Classes", classes.length === 0 ? undefined : classes.slice(0, 50).join(", ")],
  ]);
}

function noFigures({ noManifest }: RunRecord): Html {
  const why = noManifest === undefined ? "" : ": they are computed when a run ends";
  return absent(`Final figures with intervals are not known${why}.`);
}

function figureTable(heads: readonly HeadFigures[]): Html {
  const all = heads.flatMap(({ figures }) => FIGURES.map((name) => figures[name]));
  const levels = new Set(all.flatMap((figure) => figure?.level ?? []));
  const level = [...levels].map((share) => `${Number((share * 100).toFixed(2))} %`).join(" or ");
  return markup`<h3>Final figures on validation</h3>
<div class="scroll" tabindex="0" role="region" aria-label="Final figures"><table class="figures">
<caption>${
    level === ""
      ? "No intervals were computed."
      : `In brackets and as lines: ${level} bootstrap intervals.`
  }</caption>
<thead><tr><th scope="col">head</th><th scope="col" class="whole">images</th>${
    FIGURES.map((name) => markup`<th scope="col">${metricName(name)}</th>`)
  }</tr></thead>
<tbody>${
    heads.map(({ head, count, figures }) =>
      markup`<tr><th scope="row">${head}</th><td class="whole">${
        count === null ? "–" : whole(count)
      }</td>${
        FIGURES.map((name) =>
          markup`<td>${figureText(figures[name])}${intervalLine(figures[name], name)}</td>`
        )
      }</tr>
`
    )
  }</tbody></table></div>`;
}

/** A dot and its interval on the whole range of the metric; the grey rule is chance. */
export function intervalLine(figure: RunFigure | undefined, name: string): Html | undefined {
  const { value = null, low = null, high = null } = figure ?? {};
  if (value === null) return undefined;
  const least = name === "quadraticWeightedKappa" ? -1 : 0;
  const x = (at: number) => 4 + Math.min(1, Math.max(0, (at - least) / (1 - least))) * 112;
  const at = (number: number) => digits(x(number), 1);
  const chance = name === "macroAuc" ? 0.5 : 0;
  const line = low === null || high === null
    ? ""
    : `<line class="range" x1="${at(low)}" x2="${at(high)}" y1="7" y2="7"/>`;
  return new Html(
    `<svg class="interval" width="120" height="14" viewBox="0 0 120 14" aria-hidden="true">` +
      `<line class="axis" x1="4" x2="116" y1="7" y2="7"/>` +
      `<line class="axis" x1="${at(chance)}" x2="${at(chance)}" y1="2" y2="12"/>${line}` +
      `<circle cx="${at(value)}" cy="7" r="3.5"/></svg>`,
  );
}

function bestTable({ rows }: RunRecord): Html | undefined {
  const metrics = metricsIn(rows).slice(0, 6), best = bestEpochs(rows, metrics);
  if (best.length === 0) return undefined;
  const heads = headOrder(best.map(({ head }) => head));
  return markup`<h3>Best epochs on validation</h3>
<div class="scroll" tabindex="0" role="region" aria-label="Best epochs"><table>
<caption>The lowest loss and the highest of all else, with the stage and epoch of it. A best of many
epochs is a little too good; the final figures are the ones to quote.</caption>
<thead><tr><th scope="col">head</th>${
    metrics.map((name) => markup`<th scope="col">${metricName(name)}</th>`)
  }</tr></thead>
<tbody>${
    heads.map((head) =>
      markup`<tr><th scope="row">${head}</th>${
        metrics.map((metric) => {
          const found = best.find((one) => one.head === head && one.metric === metric);
          return found === undefined
            ? markup`<td>–</td>`
            : markup`<td>${
              digits(found.value, 3)
            } <small>${found.stage} ${found.epoch}</small></td>`;
        })
      }</tr>
`
    )
  }</tbody></table></div>`;
}

function verdicts(panels: CamRecords["panels"]): Html {
  const all = panels.flatMap(({ place, verdicts }) => verdicts.map((one) => ({ place, ...one })));
  if (all.length === 0) {
    return absent(
      panels.length === 0
        ? "No images were explained."
        : "It was not checked whether the maps can be believed.",
    );
  }
  const shown = all.slice(-20);
  return markup`<ul class="plain">${
    shown.map(({ place, method, verdict, reasons }) =>
      markup`<li>${
        verdictMark(verdict)
      } <b>${verdict}</b>: ${method} after stage ${place.stage}, epoch ${place.epoch}${
        reasons.length === 0 ? "" : ` (${shortText(reasons[0])})`
      }</li>
`
    )
  }</ul>
${
    all.length > shown.length
      ? markup`<p class="note">The last ${shown.length} of ${whole(all.length)} verdicts.</p>`
      : undefined
  }`;
}
