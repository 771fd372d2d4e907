import type { ComparedRun } from "./compared_run.ts";
import { flatten } from "./flatten.ts";
import { type Html, markup } from "./html.ts";
import { counted, LIMITS, shortText, whole } from "./limits.ts";
import { absent, noteList, section } from "./section.ts";

/** Which keys of the configurations differ. */
export function compareConfiguration(runs: readonly ComparedRun[]): Html {
  const missing = runs.filter(({ run }) => run.config.missing !== undefined)
    .map(({ run, letter }) => `Run ${letter}: ${run.config.missing}.`);
  return section(
    "configuration",
    "Configuration",
    markup`${noteList(missing)}
${valueTables(runs, { what: "configuration", values: runs.map(({ run }) => run.config.value) })}`,
  );
}

/** What differs in versions, machine, backend and simulator. */
export function compareEnvironment(runs: readonly ComparedRun[]): Html {
  const values = runs.map(({ run: { versions, hardware, backend, facts, git } }) => ({
    versions,
    commit: git?.commit,
    backend,
    sampler: facts.sampler,
    hardware,
  }));
  return section("environment", "Environment", valueTables(runs, { what: "environment", values }));
}

/** They differ from minute to minute on the same machine. */
const PASSING = /(^|\.)(probeMs|milliseconds|availableBytes)$/;

interface ValueRow {
  readonly key: string;
  /** Undefined where a run has no such key. */
  readonly texts: readonly (string | undefined)[];
}

/** The differing values first, each marked; the equal ones below, folded. */
function valueTables(
  runs: readonly ComparedRun[],
  { what, values }: { readonly what: string; readonly values: readonly unknown[] },
): Html {
  const rows = valueRows(values);
  const differing = rows.filter(({ texts }) => new Set(texts).size > 1);
  const equal = rows.filter((row) => !differing.includes(row));
  if (rows.length === 0) return absent(`The ${what} of none is known.`);
  return markup`${
    differing.length === 0
      ? markup`<p>The ${what} is the same in all runs.</p>`
      : valueTable(differing, {
        caption: counted(differing.length, "differing value"),
        headings: runs.map(({ letter }) => letter),
        marked: true,
      })
  }
${
    equal.length === 0
      ? undefined
      : markup`<details><summary>${counted(equal.length, "equal value")}</summary>
${
        valueTable(equal, { caption: "The same in all runs", headings: ["all"], marked: false })
      }</details>`
  }
${
    noteList(
      rows.length < LIMITS.values ? [] : [`Compared are the first ${whole(LIMITS.values)} values.`],
    )
  }`;
}

function valueRows(values: readonly unknown[]): ValueRow[] {
  const flat = values.map((value) =>
    new Map((value === undefined ? [] : flatten(value)).map(({ key, text }) => [key, text]))
  );
  const keys = [...new Set(flat.flatMap((one) => [...one.keys()]))];
  return keys.filter((key) => !PASSING.test(key)).map((key) => ({
    key,
    texts: flat.map((one) => one.get(key)),
  }));
}

function valueTable(
  rows: readonly ValueRow[],
  { caption, headings, marked }: {
    readonly caption: string;
    readonly headings: readonly string[];
    readonly marked: boolean;
  },
): Html {
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table>
<caption>${caption}</caption>
<thead><tr><th scope="col">key</th>${
    headings.map((heading) => markup`<th scope="col">${heading}</th>`)
  }</tr></thead>
<tbody>${
    rows.map(({ key, texts }) =>
      markup`<tr class="${marked ? "differs" : "same"}"><th scope="row"><code>${key}</code>${
        marked ? markup` <span class="hidden">differs</span>` : undefined
      }</th>${
        texts.slice(0, headings.length).map((text) =>
          markup`<td class="code">${text === undefined ? "–" : shortText(text)}</td>`
        )
      }</tr>
`
    )
  }</tbody></table></div>`;
}
