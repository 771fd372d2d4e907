import { accuracyOf } from "../metrics/accuracy.ts";
import { cohenKappaOf } from "../metrics/cohen_kappa.ts";
import { headOrder } from "./head_order.ts";
import { type Html, inert, linkTo, markup } from "./html.ts";
import { counted, whole } from "./limits.ts";
import type { ClassRecords, MatrixRecord } from "./load_matrices.ts";
import { picker } from "./picker.ts";
import { absent, noteList, section } from "./section.ts";
import { shadeOf } from "./shades.ts";

/** Confusion matrices with pickers of stage, epoch and head. */
export function matrixSection({ matrices, notes }: ClassRecords): Html {
  if (matrices.length === 0) {
    return section(
      "matrices",
      "Confusion matrices",
      markup`${absent("There are no confusion matrices under reports/visualizations.")}
${noteList(notes)}`,
    );
  }
  const stages = [...new Set(matrices.map(({ place }) => place.stage))];
  const heads = headOrder(matrices.map(({ head }) => head));
  return section(
    "matrices",
    "Confusion matrices",
    markup`<p>Rows are true classes. A cell shows the share of its row and, in brackets, the number of
images; darker is more.</p>
${picker({ id: "matrix", label: "Confusion matrix to show", stages, heads })}
<div id="matrix-panels" class="panels">${
      matrices.map((matrix) =>
        panel(matrix, {
          stage: stages.indexOf(matrix.place.stage),
          head: heads.indexOf(matrix.head),
        })
      )
    }</div>
${noteList(notes)}`,
  );
}

function panel(
  { place, head, counts, labels, files }: MatrixRecord,
  at: { stage: number; head: number },
): Html {
  const title = `${head}, stage ${place.stage}, epoch ${place.epoch}`;
  return markup`<article data-stage="${at.stage}" data-epoch="${place.epoch}" data-head="${at.head}">${
    inert(markup`<h3>${title}</h3>
<p class="facts">${facts(counts)}</p>
<div class="scroll" tabindex="0" role="region" aria-label="Confusion matrix of ${title}"><table class="matrix">
<caption class="hidden">Confusion matrix of ${title}</caption>
<thead><tr><th scope="col"><span class="corner">true \\ predicted</span></th>${
      labels.map((label) => markup`<th scope="col">${label}</th>`)
    }</tr></thead>
<tbody>${counts.map((row, i) => matrixRow(row, labels[i]))}</tbody></table></div>
<p class="links">${
      files.map(([name, path], i) => markup`${i === 0 ? "Files: " : ", "}${linkTo(path, name)}`)
    }</p>`)
  }</article>
`;
}

function matrixRow(row: readonly number[], label: string): Html {
  const total = row.reduce((sum, count) => sum + count, 0);
  return markup`<tr><th scope="row">${label}</th>${
    row.map((count) =>
      total === 0
        ? markup`<td class="empty">n/a</td>`
        : markup`<td class="${shadeOf(count / total)}">${Math.round(100 * count / total)}\u00a0% (${
          whole(count)
        })</td>`
    )
  }</tr>
`;
}

function facts(counts: readonly (readonly number[])[]): string {
  const total = counts.flat().reduce((sum, count) => sum + count, 0);
  const accuracy = accuracyOf(counts).value, kappa = cohenKappaOf(counts, "quadratic").value;
  return [
    counted(total, "image"),
    `accuracy ${accuracy === null ? "n/a" : `${(100 * accuracy).toFixed(1)} %`}`,
    `quadratic weighted kappa ${kappa === null ? "n/a" : kappa.toFixed(3)}`,
  ].join(" · ");
}
