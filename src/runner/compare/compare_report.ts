import { checkOptions } from "../../_internal/check_options.ts";
import { cspDigest } from "../../_internal/csp_digest.ts";
import { htmlDocument } from "../../_internal/html_document.ts";
import { isBad, type ReportEntry } from "./report_entry.ts";
import { Html, markup } from "./report_html.ts";
import { countOf, cutText, duration, type ReportLimits } from "./report_limits.ts";
import { SCRIPT } from "./report_script.ts";
import { section, verdictMark } from "./report_section.ts";
import { STYLE } from "./report_style.ts";

/** Options of {@linkcode compareReport}. */
export interface CompareReportOptions {
  /** Title of the page. @default {"Notebook tests"} */
  readonly title?: string;
  /** Lines of a source, a message or a diff that are shown, at least 1. @default {200} */
  readonly maxLines?: number;
  /** Bytes of all pictures of the page together, before base64. @default {50000000} */
  readonly maxPictureBytes?: number;
}

/** Longer lines make a browser slow and nobody reads them. */
const LINE_WIDTH = 400;

/**
 * The results of a suite as one HTML page that needs nothing else: a table of the notebooks, and for
 * each failing cell its source, its message, texts side by side and pictures that can be laid over
 * each other. It follows the reader's light or dark scheme and works with the keyboard.
 *
 * Outputs are never executed: everything is escaped text or a PNG or JPEG picture, and the page's
 * policy forbids network, foreign scripts and anything embedded. What is left out to keep the page
 * small is said where it is missing.
 *
 * @param entries one for each notebook, in the order in which they are shown
 * @returns a whole HTML document
 * @throws {RangeError} when `maxLines` or `maxPictureBytes` is no whole number or too small
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { compareReport } from "@qsight/qsight/runner";
 * const page = await compareReport([
 *   { path: "a.ipynb", verdict: "passed", status: "ok", durationMs: 900, cells: [], differences: [] },
 * ]);
 * assert.match(page, /^<!doctype html>/);
 * assert.match(page, /1 notebook: 1 passed/);
 * ```
 */
export async function compareReport(
  entries: readonly ReportEntry[],
  options: CompareReportOptions = {},
): Promise<string> {
  checkOptions("compareReport()", options, ["title", "maxLines", "maxPictureBytes"]);
  const { title = "Notebook tests", maxLines = 200, maxPictureBytes = 50_000_000 } = options;
  const bounds = [["maxLines", maxLines, 1], ["maxPictureBytes", maxPictureBytes, 0]] as const;
  for (const [name, value, least] of bounds) {
    if (Number.isInteger(value) && value >= least) continue;
    throw new RangeError(
      `compareReport(): found ${name} ${value}, wanted a whole number of at least ${least}. ` +
        "Leave it out for the default.",
    );
  }
  const limits: ReportLimits = { maxLines, width: LINE_WIDTH, pictureBytes: maxPictureBytes };
  const sections: Html[] = [];
  for (const [i, entry] of entries.entries()) {
    sections.push(await section(entry, { id: `notebook-${i + 1}`, limits }));
  }
  return htmlDocument({
    // Only the page's own script may run; a script that an output smuggled in has another hash.
    allowed: { images: "data:", styles: "'unsafe-inline'", scripts: cspDigest(SCRIPT) },
    head: markup`<title>${title}</title>
<style>${new Html(STYLE)}</style>`,
    body: markup`<body id="top">
<header><h1>${title}</h1><p class="facts">${totals(entries)}</p></header>
<main>
${summary(entries, limits)}
${sections}
</main>
<script>${new Html(SCRIPT)}</script>
</body>`,
  });
}

function totals(entries: readonly ReportEntry[]): string {
  if (entries.length === 0) return "No notebook was tested.";
  const counts = new Map<string, number>();
  for (const { verdict } of entries) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  const verdicts = [...counts].map(([verdict, count]) => `${count} ${verdict}`).join(", ");
  const differences = entries.reduce((sum, entry) => sum + entry.differences.length, 0);
  const time = entries.reduce((sum, entry) => sum + entry.durationMs, 0);
  return [
    `${countOf(entries.length, "notebook")}: ${verdicts}`,
    countOf(differences, "difference"),
    `${duration(time)} of notebook time`,
  ].join(" · ");
}

function summary(entries: readonly ReportEntry[], limits: ReportLimits): Html | undefined {
  if (entries.length === 0) return undefined;
  const checked = (on: boolean) => on ? new Html(" checked") : undefined;
  const rows = entries.map((entry, i) => {
    const { path, message, status, durationMs, differences } = entry;
    const why = isBad(entry) && message !== undefined ? firstLine(message, limits) : status;
    return markup`<tr class="${isBad(entry) ? "bad" : "good"}"><td>${verdictMark(entry)}</td>
<th scope="row"><a class="path" href="#notebook-${
      i + 1
    }">${path}</a><br><span class="why">${why}</span></th>
<td class="number">${differences.length}</td><td class="number wide">${
      duration(durationMs)
    }</td></tr>
`;
  });
  const bad = entries.filter(isBad).length;
  return markup`<fieldset class="filter"><legend>Show</legend>
<label><input type="radio" name="show" id="show-all"${
    checked(bad === 0)
  }> all ${entries.length}</label>
<label><input type="radio" name="show" id="show-failed"${
    checked(bad > 0)
  }> only the ${bad} that failed</label></fieldset>
<div class="scroll"><table>
<thead><tr><th scope="col">Verdict</th><th scope="col">Notebook</th>
<th scope="col" class="number"><abbr title="Differences from the stored outputs">Diffs</abbr></th>
<th scope="col" class="number wide">Time</th></tr></thead>
<tbody>${rows}</tbody></table></div>`;
}

function firstLine(message: string, limits: ReportLimits): string {
  return cutText(message.trimStart(), { ...limits, maxLines: 1 }).text;
}
