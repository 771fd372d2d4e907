import { type LinePair, linePairs } from "./difference_lines.ts";
import { numberSentence } from "./difference_numbers.ts";
import { firstPairs, lineCount, textHunks } from "./difference_unified.ts";
import { cutLine, type LinePiece, linePieces } from "./difference_words.ts";
import type { OutputDifference } from "./output_difference.ts";
import { type Html, markup } from "./report_html.ts";
import { countOf, type ReportLimits } from "./report_limits.ts";

/** Both texts side by side; of HTML and SVG the source. Undefined where there is no text. */
export async function diffTable(
  { stored, fresh }: OutputDifference,
  limits: ReportLimits,
): Promise<Html | undefined> {
  if (stored === undefined && fresh === undefined) return undefined;
  const sentence = numberSentence(stored ?? "", fresh ?? "");
  const hunks = await textHunks(stored, fresh);
  const bodies: Html[] = [];
  let left = limits.maxLines;
  for (const hunk of hunks) {
    if (left <= 0) break;
    const pairs = firstPairs(linePairs(hunk), left);
    left -= pairs.reduce((sum, pair) => sum + lineCount(pair), 0);
    const rows: Html[] = [];
    for (const pair of pairs) rows.push(await row(pair, limits));
    bodies.push(markup`<tbody>${rows}</tbody>`);
  }
  const all = hunks.reduce((sum, hunk) => sum + hunk.lines.length, 0);
  const more = all - (limits.maxLines - left);
  return markup`${sentence === undefined ? undefined : markup`<p class="say">${sentence}</p>`}
<div class="scroll"><table class="diff">
<colgroup><col class="line"><col><col class="line"><col></colgroup>
<thead><tr><th scope="col" colspan="2">Stored</th><th scope="col" colspan="2">Fresh</th></tr></thead>
${bodies}</table></div>
${more > 0 ? markup`<p class="note">${countOf(more, "more line")} left out.</p>` : undefined}`;
}

async function row({ stored, fresh }: LinePair, { width }: ReportLimits): Promise<Html> {
  if (stored !== undefined && stored === fresh) {
    const text = cutLine(stored.text, { width });
    return markup`<tr class="equal">${[
      cell(stored.storedLine, "", [markup`${text}`]),
      cell(stored.freshLine, "", [markup`${text}`]),
    ]}</tr>`;
  }
  const alone = (text: string): LinePiece[] => [{ text: cutLine(text, { width }), changed: false }];
  const pieces = stored !== undefined && fresh !== undefined
    ? await linePieces(stored.text, fresh.text, { width })
    : { stored: alone(stored?.text ?? ""), fresh: alone(fresh?.text ?? "") };
  const removed = pieces.stored.map(({ text, changed }) =>
    changed ? markup`<del>${text}</del>` : markup`${text}`
  );
  const added = pieces.fresh.map(({ text, changed }) =>
    changed ? markup`<ins>${text}</ins>` : markup`${text}`
  );
  return markup`<tr>${stored === undefined ? NOTHING : cell(stored.storedLine, "−", removed)}${
    fresh === undefined ? NOTHING : cell(fresh.freshLine, "+", added)
  }</tr>`;
}

const NOTHING = markup`<td class="none" colspan="2"></td>`;

/** The sign is text: what was removed and added is not told by colour alone. */
function cell(line: number | undefined, sign: "" | "−" | "+", text: readonly Html[]): Html {
  const kind = sign === "" ? "same" : sign === "+" ? "added" : "removed";
  return markup`<td class="line ${kind}">${line}</td><td class="text ${kind}"><span class="sign">${
    sign === "" ? " " : sign
  } </span>${text}</td>`;
}
