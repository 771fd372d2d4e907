// docs/compatibility.md from the data. As a program it writes the file.
import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import {
  COMPATIBILITY_GROUPS,
  COMPATIBILITY_MATRIX,
} from "../../src/hardware/compatibility/compatibility_matrix.ts";
import type {
  CompatibilityRow,
  FixTier,
} from "../../src/hardware/compatibility/compatibility_row.ts";

/** Where the page stands. */
export const PAGE = fileURLToPath(new URL("../../docs/compatibility.md", import.meta.url));

const OPENING = `# What does not go together

Conflicts between versions, runtimes and machines: the text that is seen, why, and what can be done on
each of three tiers. A tier on which nothing can be done says why. This page is made from the data in
\`src/hardware/compatibility\` by \`deno task docs:compatibility\`; do not edit it.

To find a row by a text, paste the text:

\`\`\`ts
import { explainError, formatExplanation } from "@qsight/qsight/hardware";

console.log(formatExplanation(explainError("undefined symbol: uv_unref")));
\`\`\`

Rows are **reproduced** (seen by this project on the day given, by a test where one is named), **read**
(in source or documentation) or **reported** (by others). In texts \`…\` stands for what differs each
time.
`;

/** The page, formatted as all documents are. */
export async function renderCompatibilityPage(): Promise<string> {
  const counts = ["reproduced", "read", "reported"].map((how) =>
    `${COMPATIBILITY_MATRIX.filter(({ verified }) => verified.how === how).length} ${how}`
  );
  const parts = [
    OPENING,
    `${COMPATIBILITY_MATRIX.length} rows: ${counts.join(", ")}.`,
    ...COMPATIBILITY_GROUPS.flatMap(({ title, rows }) => [`## ${title}`, ...rows.map(renderRow)]),
  ];
  return await format(parts.join("\n\n"));
}

function renderRow(row: CompatibilityRow): string {
  const { id, title, components, platforms, symptoms, signs, cause, fixes, sources, verified } =
    row;
  const versions = components.map(({ name, versions }) => `\`${name}\` ${escape(versions)}`);
  const seen = symptoms.length === 0 ? "" : `\n\n\`\`\`text\n${symptoms.join("\n")}\n\`\`\``;
  return `### ${id}: ${escape(title)}

${versions.join(" × ")}; ${platforms.join(", ")}.${seen}

${signs === undefined ? "" : `- **Seen:** ${escape(signs)}\n`}- **Why:** ${escape(cause)}
- **Configuration:** ${renderTier(fixes.configuration)}
- **Code:** ${renderTier(fixes.code)}
- **Environment:** ${renderTier(fixes.environment)}
- **Known:** ${verified.how} on ${verified.on}: ${escape(verified.by)}. Sources:
  ${sources.map((source) => `<${source}>`).join(", ")}`;
}

function renderTier(tier: FixTier): string {
  if (tier.do === undefined) return `nothing: ${escape(tier.none)}`;
  return escape(tier.do) + (tier.template === undefined ? "" : ` (template \`${tier.template}\`)`);
}

/** What Markdown would take for its own. */
function escape(text: string): string {
  return text.replace(/[\\`*{}[\]<>#|]|(?<!\w)_|_(?!\w)/g, "\\$&");
}

async function format(markdown: string): Promise<string> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--ext=md", "--line-width=100", "-"],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(`${markdown}\n`));
  await writer.close();
  const { stdout, success } = await child.output();
  if (!success) throw new Error("deno fmt did not format the page; its message stands above");
  return new TextDecoder().decode(stdout);
}

if (import.meta.main) {
  await mkdir(new URL("../../docs/", import.meta.url), { recursive: true });
  await writeFile(PAGE, await renderCompatibilityPage());
}
