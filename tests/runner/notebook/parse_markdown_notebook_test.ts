import assert from "node:assert/strict";
import { parseMarkdownNotebook } from "../../../src/runner/notebook/parse_markdown_notebook.ts";
import type { ParseNotebookOptions } from "../../../src/runner/notebook/parse_notebook.ts";
import { formatNotebook } from "../../../src/runner/notebook/nbformat.ts";
import { parseNotebook } from "../../../src/runner/notebook/parse_notebook.ts";
import { cellTags } from "../../../src/runner/notebook/parameters.ts";
import { sourceLine } from "../../../src/runner/notebook/text_notebook.ts";
import { NotebookError } from "../../../src/runner/runner_errors.ts";

/** Kind, line and text of each cell. */
async function cellsOf(...lines: string[]): Promise<[string, number | undefined, string][]> {
  const { cells } = await parseMarkdownNotebook(lines.join("\n"));
  return cells.map((cell) => [cell.cell_type, sourceLine(cell), cell.source]);
}

async function fault(lines: readonly string[], message: RegExp): Promise<void> {
  await assert.rejects(parseMarkdownNotebook(lines.join("\n"), { name: "a.md" }), (error) => {
    assert(error instanceof NotebookError && error.code === "not_a_notebook", `${error}`);
    assert.match(error.message, message);
    return true;
  });
}

Deno.test("parseMarkdownNotebook() makes cells of the fences in its language, and keeps all else", async () => {
  const lines = [
    ...["# Title", "", "Text", "```ts", "const a = 1;", "", "a + 1", "```", ""],
    ...["```sh", "rm -rf x", "```", "and", "```json", "{}", "```", "~~~typescript", "a", "~~~"],
  ];
  const notebook = await parseMarkdownNotebook(lines.join("\r\n"), { name: "a.md" });
  assert.deepEqual(
    notebook.cells.map((cell) => [cell.cell_type, sourceLine(cell), cell.source]),
    [
      ["markdown", 1, "# Title\n\nText"],
      ["code", 5, "const a = 1;\n\na + 1"],
      ["markdown", 10, lines.slice(9, 16).join("\n")],
      ["code", 18, "a"],
    ],
  );
  assert.deepEqual(notebook.metadata.kernelspec, {
    ...{ name: "deno", display_name: "Deno", language: "typescript" },
  });
  const text = formatNotebook(notebook);
  assert.deepEqual(parseNotebook(text), notebook);
});

Deno.test("parseMarkdownNotebook() chooses the kernel by the fences", async () => {
  const kernel = async (...lines: string[]) => {
    const { metadata, cells } = await parseMarkdownNotebook(lines.join("\n"));
    const spec = metadata.kernelspec as { name: string } | undefined;
    return [spec?.name, cells.filter((cell) => cell.cell_type === "code").length];
  };
  for (const word of ["py", "python", "python3", "Python"]) {
    assert.deepEqual(await kernel("```" + word, "1", "```"), ["python3", 1]);
  }
  for (const word of ["ts", "typescript", "js", "javascript", "mts"]) {
    assert.deepEqual(await kernel("```" + word, "1", "```"), ["deno", 1]);
  }
  assert.deepEqual(await kernel("```sh", "1", "```", "text"), [undefined, 0]);
  assert.deepEqual(await kernel(""), [undefined, 0]);
  await fault(
    ["```ts", "1", "```", "", "```py", "1", "```"],
    /^a\.md:5: found python after typescript on line 1, .*kernelspec/,
  );
});

Deno.test("parseMarkdownNotebook() does not execute fences that say so", async () => {
  const tags = async (info: string) => {
    const { cells } = await parseMarkdownNotebook(`\`\`\`${info}\n1\n\`\`\``);
    return cellTags(cells[0]);
  };
  for (const info of ["ts ignore", "ts no_run", "ts,ignore", "py .noeval", 'ts a="b c" ignore']) {
    assert.deepEqual(await tags(info), ["skip-execution"], info);
  }
  assert.deepEqual(await tags('ts tags=["a", "b"] ignore'), ["a", "b", "skip-execution"]);
  assert.deepEqual(await tags("ts tags=a"), ["a"]);
  assert.deepEqual(await tags("ts {1,3}"), []);
  assert.deepEqual(await tags('ts title="ignore"'), []);
  await fault(["", '```ts tags=["a"', "1", "```"], /^a\.md:2: found tags=\["a", wanted a value/);
  await fault(["```ts tags=[a: b: c]", "1", "```"], /^a\.md:1: this is not YAML/);
});

Deno.test("parseMarkdownNotebook() sees fences as CommonMark does", async () => {
  // Longer fences hold shorter ones.
  assert.deepEqual(await cellsOf("````md", "```ts", "1", "```", "````"), [
    ["markdown", 1, "````md\n```ts\n1\n```\n````"],
  ]);
  assert.deepEqual(await cellsOf("~~~~ts", "`", "~~~", "```", "~~~~~"), [[
    "code",
    2,
    "`\n~~~\n```",
  ]]);
  // Words after the closing marks make it no closing line; backticks in the info no fence.
  assert.deepEqual(await cellsOf("```ts", "``` ts", "```"), [["code", 2, "``` ts"]]);
  assert.deepEqual(await cellsOf("```ts `a```"), [["markdown", 1, "```ts `a```"]]);
  // Up to three spaces indent the fence, and are taken from its lines.
  assert.deepEqual(await cellsOf("  ```ts", "  a", "    b", " c", "   ```"), [
    ["code", 2, "a\n  b\nc"],
  ]);
  assert.deepEqual(await cellsOf("text", "", "    ```ts", "    1", "    ```"), [
    ["markdown", 1, "text\n\n    ```ts\n    1\n    ```"],
  ]);
  assert.deepEqual(await cellsOf("> ```ts", "> 1", "> ```"), [[
    "markdown",
    1,
    "> ```ts\n> 1\n> ```",
  ]]);
  assert.deepEqual(await cellsOf("<!--", "```ts", "1", "```", "-->", "```ts", "2", "```"), [
    ["markdown", 1, "<!--\n```ts\n1\n```\n-->"],
    ["code", 7, "2"],
  ]);
  assert.deepEqual(await cellsOf("```ts", "```"), []);
});

Deno.test("parseMarkdownNotebook() finds fences in list items", async () => {
  const lines = [
    ...["1. First", "", "   ```ts", "   a {", "     b", "   }", "   ```", "", "   - Inner"],
    ...[
      "     ```ts",
      "\t c",
      "     ```",
      "- ```ts",
      "  d",
      "  ```",
      "",
      "10. Wide",
      "",
      "    ```ts",
    ],
    ...["    e", "    ```", "* * *", "    ```ts", "    no", "    ```"],
  ];
  const code = (await cellsOf(...lines)).filter(([kind]) => kind === "code");
  assert.deepEqual(code, [
    ["code", 4, "a {\n  b\n}"],
    ["code", 11, "c"],
    ["code", 14, "d"],
    ["code", 20, "e"],
  ]);
  // More than four spaces after the mark make indented text.
  assert.deepEqual(await cellsOf("-      ```ts", "  x"), [["markdown", 1, "-      ```ts\n  x"]]);
});

Deno.test("parseMarkdownNotebook() names the line of what does not end", async () => {
  await fault(["a", "", "```ts", "1"], /^a\.md:3: the fence ``` does not end\. Close it with ```/);
  await fault(["````sh", "```"], /^a\.md:1: the fence ```` does not end/);
  await fault(["~~~py", "```"], /^a\.md:1: the fence ~~~ does not end/);
  await fault(["- a", "  ```ts", "  1", "b"], /^a\.md:2: .* ends with its list item, on line 4/);
  await fault(["text", "<!-- ```ts", "```"], /^a\.md:2: the comment "<!--" does not end/);
});

Deno.test("parseMarkdownNotebook() honours a header with a kernelspec", async () => {
  const jupytext = [
    ...["---", "title: Sums", "jupyter:", "  jupytext: {text_representation: {format_name: md}}"],
    ...["  kernelspec:", "    display_name: My Python", "    language: python", "    name: mine"],
    ...["---", "", "```python", "1", "```", "```ts", "2", "```"],
  ];
  const notebook = await parseMarkdownNotebook(jupytext.join("\n"));
  assert.deepEqual(notebook.metadata, {
    jupytext: { text_representation: { format_name: "md" } },
    kernelspec: { display_name: "My Python", language: "python", name: "mine" },
  });
  assert.deepEqual(
    notebook.cells.map((cell) => [cell.cell_type, sourceLine(cell), cell.source]),
    [
      ["raw", 1, jupytext.slice(0, 9).join("\n")],
      ["code", 12, "1"],
      ["markdown", 14, "```ts\n2\n```"],
    ],
  );
  const bash = ["---", "kernelspec: {name: bash, language: bash}", "---", "```bash", "ls", "```"];
  assert.deepEqual(await cellsOf(...bash), [["code", 5, "ls"]]);
  const quarto = ["---", "jupyter: python3", "...", "```py", "1", "```"];
  assert.deepEqual(await cellsOf(...quarto), [["code", 5, "1"]]);
});

Deno.test("parseMarkdownNotebook() takes no rule for a header, and says where one is broken", async () => {
  const rule = ["---", "some words", "---", "```ts", "1", "```"];
  assert.deepEqual((await cellsOf(...rule))[0], ["markdown", 1, "---\nsome words\n---"]);
  assert.deepEqual(await cellsOf("---", "words"), [["markdown", 1, "---\nwords"]]);
  await fault(["---", "a: 1", "b: [", "---", "x"], /^a\.md:3: this is not YAML/);
  await fault(
    ["---", "kernelspec: {name: 3}", "---"],
    /^a\.md: .*metadata\.kernelspec\.name: found 3/,
  );
  await fault(
    ["---", "jupyter: {a: &x [*x]}", "---"],
    /^a\.md: its header gives no valid notebook/,
  );
  await fault(["---", "a: *x", "---"], /^a\.md:2: this is not YAML/);
});

Deno.test("parseMarkdownNotebook() reads MyST blocks with their options", async () => {
  const lines = [
    ...["---", "kernelspec: {name: python3, display_name: Python 3}", "---"],
    ...["```{code-cell} ipython3", ":tags: [a, raises-exception]", ":name: first", "", "1", "```"],
    ...["```{code-cell}", "---", "tags: [b]", "mystnb:", "  image: {width: 3}", "---", "2", "```"],
    ...["```python", "only shown", "```", "```{note}", "text", "```"],
    ...["```{code-cell} python", ":tags: c", "```"],
  ];
  const notebook = await parseMarkdownNotebook(lines.join("\n"));
  const code = notebook.cells.filter((cell) => cell.cell_type === "code");
  assert.deepEqual(code.map((cell) => [cell.source, cell.metadata]), [
    ["1", { tags: ["a", "raises-exception"], name: "first", qsight: { line: 8 } }],
    ["2", { tags: ["b"], mystnb: { image: { width: 3 } }, qsight: { line: 16 } }],
  ]);
  assert.match(notebook.cells.at(-1)!.source, /only shown[^]*note/);
  const plain = "```{code-cell} python\n1\n```";
  assert.deepEqual(
    ((await parseMarkdownNotebook(plain)).metadata.kernelspec as { name: string }).name,
    "python3",
  );
  await fault(["```{code-cell}", "1", "```"], /^a\.md:1: \{code-cell\} names no language/);
  await fault(["```{code-cell} cobol", "1", "```"], /^a\.md:1: \{code-cell\} cobol: wanted python/);
  await fault(["```{code-cell} py", ":tags: [a", "1", "```"], /^a\.md:[23]: this is not YAML/);
  await fault(["```{code-cell} py", "---", "- a", "---", "```"], /^a\.md:2: the options of/);
});

Deno.test("parseMarkdownNotebook() refuses unknown options", async () => {
  const options = { path: "a.md" } as ParseNotebookOptions;
  await assert.rejects(parseMarkdownNotebook("", options), /unknown option "path"/);
});
