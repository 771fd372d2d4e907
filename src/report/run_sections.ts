import { dataTable } from "./data_table.ts";
import { flatten, type FlatValue } from "./flatten.ts";
import { type Html, linkTo, markup } from "./html.ts";
import { arrayOf, numberOf, textOf, under } from "./json_access.ts";
import { byteText, counted, LIMITS, shortText, whole } from "./limits.ts";
import type { FileList } from "./list_run_files.ts";
import { reproduceText } from "./reproduce.ts";
import type { RunRecord } from "./run_record.ts";
import { absent, definitions, noteList, section } from "./section.ts";

/** What decided the result. */
export function configurationSection({ config }: RunRecord): Html {
  if (config.missing !== undefined) {
    return section(
      "configuration",
      "Configuration",
      absent(`Not known: ${config.missing}.`),
    );
  }
  const values = flatten(config.value);
  return section(
    "configuration",
    "Configuration",
    markup`<p>${linkTo("config.json", "config.json")} holds the same.</p>
${
      dataTable({
        ...{ id: "configuration-table", caption: "Configuration", all: "config.json" },
        columns: [{ name: "key", kind: "code" }, { name: "value", kind: "code" }],
        rows: values.map(({ key, text }) => [key, text]),
      })
    }
${noteList(values.length < LIMITS.values ? [] : [`The first ${whole(LIMITS.values)} values.`])}`,
  );
}

/** On what the run ran: versions, machine, backend and simulator with the reason of the choice. */
export function environmentSection(run: RunRecord): Html {
  const { versions, hardware, backend, git, manifest, facts, lock } = run;
  const changed = manifest?.backendChanged;
  const versionList = Object.entries(versions).map(([name, value]) =>
    [name, textOf(value) ?? "not known"] as const
  );
  return section(
    "environment",
    "Environment",
    markup`<h3>Tensor backend</h3>
${choice(backend)}
${
      typeof changed === "boolean"
        ? markup`<p>${
          changed
            ? "Another backend than in the run before."
            : "The same backend as in the run before."
        }</p>`
        : undefined
    }
<h3>Simulator of circuits</h3>
${choice(facts.sampler)}
<h3>Versions</h3>
${
      versionList.length === 0
        ? absent("Versions are written with the manifest.")
        : definitions(versionList)
    }
<h3>Source</h3>
${
      git === undefined ? absent("No git commit is known.") : definitions([
        ["Commit", markup`<code>${git.commit}</code>`],
        ["Branch", git.branch ?? "none"],
      ])
    }
${parameterTable(facts.parameters)}
${valueList("Machine", hardware, "The machine is written with the manifest.")}
${valueList("Sampler lock", lock, "No lock was recorded.")}`,
  );
}

/** What was asked for, what was chosen and why, and what became of the others. */
function choice(report: unknown): Html {
  if (textOf(report) !== undefined) return definitions([["Chosen", textOf(report)]]);
  const chosen = textOf(under(report, "chosen"));
  if (chosen === undefined) return absent("None was recorded.");
  const list = (key: string) => arrayOf(under(report, key)).map((name) => textOf(name) ?? "?");
  const found = arrayOf(under(report, "found")).map((one) => {
    const word = (key: string) => textOf(under(one, key)) ?? "";
    return [word("name"), word("status"), word("reason")].filter((part) => part !== "").join(": ");
  });
  return definitions([
    ["Asked for", list("asked").join(", ") || undefined],
    ["Chosen", chosen],
    ["Device", textOf(under(report, "device"))],
    ["Why", textOf(under(report, "why"))],
    [
      "Found",
      found.length === 0
        ? undefined
        : markup`<ul class="plain">${found.map((one) => markup`<li>${shortText(one)}</li>`)}</ul>`,
    ],
  ]);
}

function valueList(title: string, value: unknown, otherwise: string): Html {
  const values: FlatValue[] = value === undefined || value === null ? [] : flatten(value, 200);
  if (values.length === 0) return markup`<h3>${title}</h3>${absent(otherwise)}`;
  return markup`<h3>${title}</h3>
${definitions(values.map(({ key, text }) => [key, shortText(roundedText(key, text))] as const))}`;
}

/** Bytes with their unit, and measured times without the digits that mean nothing. */
function roundedText(key: string, text: string): string {
  return text.replace(/^-?\d+(\.\d+)?(?=$| \()/, (number, fraction?: string) => {
    if (key.endsWith("Bytes")) return byteText(Number(number));
    return fraction === undefined ? number : String(Number(Number(number).toPrecision(4)));
  });
}

function parameterTable(value: unknown): Html | undefined {
  const parts = arrayOf(value).slice(0, 200);
  if (parts.length === 0) return undefined;
  const number = (part: unknown, key: string) => whole(numberOf(under(part, key)) ?? 0);
  return markup`<h3>Parameters</h3>
<div class="scroll" tabindex="0" role="region" aria-label="Parameters"><table>
<thead><tr><th scope="col">part</th><th scope="col" class="whole">classical</th>
<th scope="col" class="whole">quantum</th></tr></thead>
<tbody>${
    parts.map((part) =>
      markup`<tr><th scope="row">${textOf(under(part, "part")) ?? "?"}</th>
<td class="whole">${number(part, "classical")}</td><td class="whole">${
        number(part, "quantum")
      }</td></tr>
`
    )
  }</tbody></table></div>`;
}

/** How to get the same run again. */
export function reproduceSection(run: RunRecord): Html {
  const { command, configuration, notes } = reproduceText(run);
  return section(
    "reproduce",
    "How to reproduce",
    markup`${notes.map((note) => markup`<p>${note}</p>`)}
<pre tabindex="0">${command}</pre>
${
      configuration === undefined
        ? undefined
        : markup`<details><summary>train.json</summary><pre tabindex="0">${configuration}</pre></details>`
    }`,
  );
}

/** All files of the run with size and digest. */
export function filesSection({ files, count, bytes, notes }: FileList): Html {
  return section(
    "files",
    "Files",
    markup`<p>${counted(count, "file")}; those in the table have ${byteText(bytes)}.</p>
${
      dataTable({
        ...{ id: "files-table", caption: "Files of the run", all: "manifest.json" },
        columns: [
          { name: "file", kind: "file" },
          { name: "bytes", kind: "whole" },
          { name: "SHA-256", kind: "code" },
        ],
        rows: files.map(({ path, bytes, sha256 }) => [path, bytes, sha256]),
      })
    }
${noteList(notes)}`,
  );
}
