import type { OutputDifference } from "./output_difference.ts";
import { diffTable } from "./report_diff.ts";
import { isBad, type ReportCell, type ReportEntry, type ReportTypeFault } from "./report_entry.ts";
import { type Html, markup } from "./report_html.ts";
import { countOf, cutText, duration, type ReportLimits } from "./report_limits.ts";
import { pictures } from "./report_pictures.ts";

/** Everything about one cell that needs a look. */
interface Suspect {
  readonly cellIndex: number;
  readonly cell?: ReportCell;
  readonly faults: readonly ReportTypeFault[];
  readonly differences: readonly OutputDifference[];
}

/** The section of a notebook: its failing cells, and a list of all of them. */
export async function section(
  entry: ReportEntry,
  { id, limits }: { readonly id: string; readonly limits: ReportLimits },
): Promise<Html> {
  const suspects = suspectsOf(entry);
  const articles: Html[] = [];
  for (const suspect of suspects) articles.push(await article(suspect, { id, limits }));
  // The message of a notebook repeats what its cells say; it is needed where none says anything.
  const message = articles.length === 0 && entry.message !== undefined
    ? block(entry.message, { label: "Message", limits })
    : undefined;
  return markup`<section id="${id}" class="notebook ${isBad(entry) ? "bad" : "good"}">
<h2>${verdictMark(entry)} <span class="path">${entry.path}</span></h2>
<p class="facts">${facts(entry)}</p>
${message}${articles}${cellList(entry)}
<p class="up"><a href="#top">Back to the summary</a></p>
</section>`;
}

const MARKS = { passed: "✓", cached: "✓", failed: "✗", fault: "!", interrupted: "■", skipped: "–" };

/** The verdict as a sign and a word. */
export function verdictMark({ verdict }: Pick<ReportEntry, "verdict">): Html {
  return markup`<span class="verdict ${verdict}"><span aria-hidden="true">${
    MARKS[verdict]
  }</span> ${verdict}</span>`;
}

function facts({ status, durationMs, cells, differences, typeFaults = [] }: ReportEntry): string {
  return [
    status,
    duration(durationMs),
    countOf(cells.length, "cell"),
    ...(differences.length > 0 ? [countOf(differences.length, "difference")] : []),
    ...(typeFaults.length > 0 ? [countOf(typeFaults.length, "type fault")] : []),
  ].join(" · ");
}

/** Statuses of cells that nobody has to look at. */
const FINE = ["ok", "allowed_error", "skipped", "not_run"];

function suspectsOf({ cells, differences, typeFaults = [] }: ReportEntry): Suspect[] {
  const indexOf = ({ cellIndex, executedIndex = cellIndex }: OutputDifference) => executedIndex;
  const indices = new Set([
    ...cells.filter(({ status }) => !FINE.includes(status)).map(({ cellIndex }) => cellIndex),
    ...differences.map(indexOf),
    ...typeFaults.map(({ cellIndex }) => cellIndex),
  ]);
  return [...indices].sort((a, b) => a - b).map((cellIndex) => {
    const cell = cells.find((one) => one.cellIndex === cellIndex);
    return {
      cellIndex,
      ...(cell === undefined ? {} : { cell }),
      faults: typeFaults.filter((fault) => fault.cellIndex === cellIndex),
      differences: differences.filter((difference) => indexOf(difference) === cellIndex),
    };
  });
}

async function article(
  { cellIndex, cell, faults, differences }: Suspect,
  { id, limits }: { readonly id: string; readonly limits: ReportLimits },
): Promise<Html> {
  const name = `${id}-cell-${cellIndex}`;
  const parts: Html[] = [];
  for (const difference of differences) {
    const { part, message } = difference;
    parts.push(
      markup`<div class="difference"><h4><code>${part}</code> ${cutText(message, limits).text}</h4>
${pictures(difference, limits) ?? await diffTable(difference, limits)}</div>`,
    );
  }
  const state = [
    ...(cell === undefined ? [] : [cell.status, duration(cell.durationMs)]),
    ...(differences.length > 0 ? [countOf(differences.length, "difference")] : []),
  ].join(" · ");
  return markup`<article id="${name}" aria-labelledby="${name}-title">
<h3 id="${name}-title"><a href="#${name}">Cell ${cellIndex}</a> <span class="facts">${state}</span></h3>
${cell === undefined ? undefined : block(cell.source, { label: "Source", limits })}
${
    faults.map((fault) =>
      markup`<p class="type-fault"><strong>Line ${fault.line ?? "?"}</strong> ${fault.message}</p>`
    )
  }
${cell?.message === undefined ? undefined : block(cell.message, { label: "Message", limits })}
${parts}
</article>`;
}

function block(
  text: string,
  { label, limits }: { readonly label: string; readonly limits: ReportLimits },
): Html {
  const cut = cutText(text, limits);
  return markup`<div class="block"><p class="label">${label}</p>
<pre tabindex="0" role="region" aria-label="${label}">${cut.text}</pre>
${cut.note === undefined ? undefined : markup`<p class="note">${cut.note}</p>`}</div>`;
}

function cellList({ cells }: ReportEntry): Html | undefined {
  if (cells.length === 0) return undefined;
  const rows = cells.map(({ cellIndex, status, durationMs, source }) =>
    markup`<tr><th scope="row">${cellIndex}</th><td>${status}</td><td class="number">${
      duration(durationMs)
    }</td><td><code>${firstLine(source)}</code></td></tr>
`
  );
  return markup`<details><summary>${
    cells.length === 1 ? "The cell" : `All ${cells.length} cells`
  }</summary><div class="scroll"><table>
<thead><tr><th scope="col">Cell</th><th scope="col">Status</th><th scope="col" class="number">Time</th>
<th scope="col">Begins with</th></tr></thead>
<tbody>${rows}</tbody></table></div></details>`;
}

function firstLine(source: string): string {
  const line = source.trimStart().split("\n", 1)[0];
  return line.length > 80 ? `${line.slice(0, 80)}…` : line;
}
