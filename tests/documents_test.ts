// Every link of every document and notebook leads somewhere, and the notebooks' index is whole.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { doesItHelp } from "../bench/retinamnist/sentences.ts";
import type { Comparison } from "../bench/retinamnist/tabulate.ts";
import { documentAnchors, type DocumentLink, documentLinks } from "./_tools/markdown_links.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

/** Paths of all documents and notebooks, from the root of the project. */
function documents(folder = ROOT): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (/^\.|^node_modules$|^coverage$/.test(entry.name)) return [];
    // Below it are only runs, and fixtures are notebooks that are wrong on purpose.
    if (entry.isDirectory() && /^(trained_model|fixtures)$/.test(relative(ROOT, path))) return [];
    if (entry.isDirectory()) return documents(path);
    return /\.(md|ipynb)$/.test(entry.name) ? [relative(ROOT, path)] : [];
  });
}

/** The text of a document; of a notebook that of its Markdown cells. */
function markdownOf(path: string): string {
  const text = readFileSync(join(ROOT, path), "utf8");
  if (!path.endsWith(".ipynb")) return text;
  const { cells } = JSON.parse(text) as { cells: { cell_type: string; source: string[] }[] };
  return cells.filter(({ cell_type }) => cell_type === "markdown")
    .map(({ source }) => source.join("")).join("\n\n");
}

/** What is wrong with a link of the document at `from`; undefined when it leads somewhere. */
function linkFault(from: string, { path, anchor }: DocumentLink): string | undefined {
  const target = path === "" ? from : join(dirname(from), path);
  if (target.startsWith("..")) return `${target} lies outside the project`;
  if (!existsSync(join(ROOT, target))) return `there is no ${target}`;
  if (anchor === "" || !target.endsWith(".md")) return undefined;
  return documentAnchors(markdownOf(target)).includes(anchor)
    ? undefined
    : `${target} has no heading for #${anchor}`;
}

const all = documents();

Deno.test("every link of every document and notebook leads somewhere", () => {
  assert.ok(all.includes("README.md") && all.includes("notebooks/07_notebooks_as_tests.ipynb"));
  const links = all.flatMap((from) =>
    documentLinks(markdownOf(from)).map((link) => ({ from, link }))
  );
  assert.ok(links.length > 50, `only ${links.length} links`);
  const faults = links.flatMap(({ from, link }) => {
    const fault = linkFault(from, link);
    return fault === undefined ? [] : [`${from}, [${link.text}]: ${fault}`];
  });
  assert.deepEqual(faults, []);
});

Deno.test("the check of links finds missing files and headings, and passes over code", () => {
  const faults = (markdown: string) =>
    documentLinks(markdown).map((link) => linkFault("README.md", link) ?? "");
  assert.deepEqual(faults("[a](ARCHITECTURE.md#the-house) [b](https://x.invalid/) [c](#nowhere)"), [
    "",
    "README.md has no heading for #nowhere",
  ]);
  assert.deepEqual(faults("[a](no.md)\n[b\nc](docs/../../x)"), [
    "there is no no.md",
    "../x lies outside the project",
  ]);
  assert.deepEqual(faults("`[a](no.md)`\n\n```md\n[b](no.md)\n```\n"), []);
  assert.deepEqual(
    documentAnchors("# A `b`, c!\n\n## A b c\n\n```\n# no\n```\n\n## A_b [l](x.md)\n"),
    [
      "a-b-c",
      "a-b-c-1",
      "a_b-l",
    ],
  );
});

const recipes = all.filter((path) => path.startsWith("notebooks/recipes/"));
const titleOf = (path: string) => /^# (.+)$/m.exec(markdownOf(path))?.[1] ?? "";

Deno.test("notebooks/README.md lists every notebook and every recipe by its title", () => {
  const listed = documentLinks(markdownOf("notebooks/README.md"));
  const wanted = all.filter((path) => /^notebooks\/(recipes\/.*|[^/]*\.ipynb)$/.test(path))
    .map((path) => ({ text: titleOf(path), path: relative("notebooks", path) }));
  const byPath = (a: { path: string }, b: { path: string }) => a.path < b.path ? -1 : 1;
  assert.deepEqual(
    listed.filter(({ path }) => /\.ipynb$|^recipes\//.test(path))
      .map(({ text, path }) => ({ text, path })).sort(byPath),
    wanted.sort(byPath),
  );
});

Deno.test("a recipe is one question and its answer on a screen of 30 lines", () => {
  assert.ok(recipes.length >= 25, `only ${recipes.length} recipes`);
  const faults = recipes.flatMap((path) => {
    const text = readFileSync(join(ROOT, path), "utf8"), lines = text.trimEnd().split("\n");
    return [
      ...(/^# [^\n]+\?$/.test(lines[0]) ? [] : [`${path} does not begin with a question`]),
      ...(lines.length <= 30 ? [] : [`${path} has ${lines.length} lines`]),
      ...(/^```(ts|sh|yaml|make)/m.test(text) ? [] : [`${path} has nothing to copy`]),
      // What is run must be able to fail; commands have a test of their own.
      ...(/^```ts\n/m.test(text) && !text.includes("assert.") ? [`${path} asserts nothing`] : []),
    ];
  });
  assert.deepEqual(faults, []);
});

Deno.test("the README says of the quantum head what the bench found, no more", () => {
  const results = readFileSync(join(ROOT, "bench/retinamnist/results.json"), "utf8");
  const { comparisons } = JSON.parse(results) as { comparisons: Comparison[] };
  const sentence = doesItHelp(comparisons, "hybrid-4");
  const [, answer] = markdownOf("README.md").replace(/\s+/g, " ")
    .split("**Does the quantum head help?** ");
  assert.ok(answer.startsWith(`${sentence} The control `), `write: ${sentence}`);
});

Deno.test("ARCHITECTURE.md says what to edit in every room", () => {
  const section =
    markdownOf("ARCHITECTURE.md").split("## To change X, edit Y")[1].split("\n## ")[0];
  const rooms = readdirSync(join(ROOT, "src"));
  assert.ok(rooms.length > 20);
  assert.deepEqual(rooms.filter((room) => !section.includes(`\`src/${room}/`)), []);
});
