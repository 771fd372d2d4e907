import { type Html, htmlTemplate } from "../_internal/html_template.ts";
import type { Finding, Status } from "./finding.ts";
import { countsText, type ReportData } from "./report.ts";
import { MARKS } from "./report_text.ts";

const COLOURS: Readonly<Record<Status, string>> = {
  ok: "#1a7f37",
  warning: "#9a6700",
  failure: "#cf222e",
  skipped: "#6e7781",
};

const html = htmlTemplate((text) => text);

/** A table for a notebook. All texts are escaped; styles stand in the cells, as front ends drop others. */
export function reportHtml(report: ReportData): string {
  const { points, findings, counts, version } = report;
  const groups = points.map(({ point, status }) =>
    html`
      <tr>
        <th colspan="4" style="text-align:left">${mark(status)} ${point}</th>
      </tr>${findings.filter((entry) => entry.point === point).map(row)}
    `
  );
  return html`
    <table>
      <thead>
        <tr>
          <th colspan="4" style="text-align:left">qsight ${version}: ${countsText(counts)}</th>
        </tr>
      </thead>
      <tbody>${groups}</tbody>
    </table>
  `.toString();
}

function row({ code, title, status, found, remedy }: Finding): Html {
  const todo = remedy === null ? html`` : html`<br><b>→ ${remedy}</b>`;
  return html`
    <tr>
      <td>${mark(status)}</td>
      <td>${code}</td>
      <td style="text-align:left">${title}</td>
      <td style="text-align:left">${found}${todo}</td>
    </tr>
  `;
}

function mark(status: Status): Html {
  return html`<span style="color:${COLOURS[status]}" title="${status}">${MARKS[status]}</span>`;
}
