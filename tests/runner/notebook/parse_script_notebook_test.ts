import assert from "node:assert/strict";
import { parseScriptNotebook } from "../../../src/runner/notebook/parse_script_notebook.ts";
import type { ParseNotebookOptions } from "../../../src/runner/notebook/parse_notebook.ts";
import { sourceLine } from "../../../src/runner/notebook/text_notebook.ts";
import { NotebookError } from "../../../src/runner/runner_errors.ts";

/** Kind, line and text of each cell. */
async function cellsOf(name: string, ...lines: string[]) {
  const { cells } = await parseScriptNotebook(lines.join("\n"), { name });
  return cells.map((cell) => [cell.cell_type, sourceLine(cell), cell.source]);
}

async function fault(name: string, text: string, message: RegExp): Promise<void> {
  await assert.rejects(parseScriptNotebook(text, { name }), (error) => {
    assert(error instanceof NotebookError && error.code === "not_a_notebook", `${error}`);
    assert.match(error.message, message);
    return true;
  });
}

Deno.test("parseScriptNotebook() cuts a script at its marks", async () => {
  const lines = ["import a", "", "# %%", "x = 1", "", "", "#%% Title", "y = 2", "# %%", "", "# %%"];
  assert.deepEqual(await cellsOf("a.py", ...lines), [
    ["code", 1, "import a"],
    ["code", 4, "x = 1"],
    ["code", 8, "y = 2"],
  ]);
  const script = ["// %%", "let a = 1;", "# %%", "//%% b", "a"];
  for (const name of ["a.ts", "b/a.mts", "a.js"]) {
    assert.deepEqual(await cellsOf(name, ...script), [
      ["code", 2, "let a = 1;\n# %%"],
      ["code", 5, "a"],
    ]);
  }
  const { metadata } = await parseScriptNotebook("\ufeff// %%\r\n1\r\n2", { name: "a.ts" });
  assert.equal((metadata.kernelspec as { name: string }).name, "deno");
});

Deno.test("parseScriptNotebook() takes the language from the marks of a script without a name", async () => {
  const kernel = async (text: string) =>
    ((await parseScriptNotebook(text)).metadata.kernelspec as { name: string }).name;
  assert.equal(await kernel("# %%\n1"), "python3");
  assert.equal(await kernel("1\n// %%\n# %%"), "deno");
});

Deno.test("parseScriptNotebook() reads titles, kinds and options", async () => {
  const marks = [
    '# %% A title tags=["parameters", "b"] scrolled=true',
    '# %% {"tags": ["c"], "x": 1}',
    "# %% x = 3",
    "# %%%% sub",
    "# %% tags=d, name='n'",
    "# %% [notes]",
    '# %% a="x\\"] y" b={"c": "}"}',
  ];
  const { cells } = await parseScriptNotebook(marks.map((mark) => mark + "\n1\n").join(""), {});
  assert.deepEqual(
    cells.map(({ metadata: { qsight: _, ...rest } }) => rest),
    [
      { title: "A title", tags: ["parameters", "b"], scrolled: true },
      { tags: ["c"], x: 1 },
      { title: "x = 3" },
      { title: "sub" },
      { tags: ["d"], name: "n" },
      { title: "[notes]" },
      { a: 'x"] y', b: { c: "}" } },
    ],
  );
  await fault("a.py", '# %%\n1\n# %% tags=["a\n', /^a\.py:3: found tags=\["a, wanted a value/);
});

Deno.test("parseScriptNotebook() takes text out of its comments", async () => {
  const lines = [
    ...["# %% [markdown] tags=[a]", "# # Head", "#", "#   - item", "# %% A [md]", '"""', "Long"],
    ...["text", '"""', "# %% [raw]", "# raw", "plain"],
  ];
  assert.deepEqual(await cellsOf("a.py", ...lines), [
    ["markdown", 2, "# Head\n\n  - item"],
    ["markdown", 7, "Long\ntext"],
    ["raw", 11, "raw\nplain"],
  ]);
  assert.deepEqual(await cellsOf("a.ts", "// %% [markdown]", "// # A", "//", "// b"), [
    ["markdown", 2, "# A\n\nb"],
  ]);
});

Deno.test("parseScriptNotebook() reads the header of jupytext", async () => {
  const header = [
    ...["#!/usr/bin/env python", "# -*- coding: utf-8 -*-", "# ---", "# jupyter:"],
    ...["#   kernelspec: {name: mine, display_name: M, language: python}", "# ---", ""],
  ];
  const lines = [...header, "import a", "# %%", "# %timeit a", "# !ls", "# %d is kept? no: magic"];
  const notebook = await parseScriptNotebook(lines.join("\n"), { name: "a.py" });
  assert.deepEqual(notebook.metadata.kernelspec, {
    ...{ name: "mine", display_name: "M", language: "python" },
  });
  assert.deepEqual(notebook.cells.map((cell) => [sourceLine(cell), cell.source]), [
    [8, "import a"],
    [10, "%timeit a\n!ls\n%d is kept? no: magic"],
  ]);
  // Without the header nobody said that the comments were magics.
  assert.deepEqual(await cellsOf("a.py", "# %%", "# %timeit a"), [["code", 2, "# %timeit a"]]);
  assert.deepEqual(await cellsOf("a.py", "# %%bash", "# %%", "1"), [
    ["code", 1, "# %%bash"],
    ["code", 3, "1"],
  ]);
  const typed = ["// ---", "// jupyter:", "//   kernelspec: {name: tslab}", "// ---", "// %%", "1"];
  const { metadata } = await parseScriptNotebook(typed.join("\n"), { name: "a.ts" });
  assert.deepEqual(metadata.kernelspec, { name: "tslab", display_name: "tslab" });
  await fault("a.py", "#!\n# ---\n# a: [\n# ---\n# %%\n1", /^a\.py:3: this is not YAML/);
});

Deno.test("parseScriptNotebook() refuses a script without marks and says what it wanted", async () => {
  await fault(
    "a.py",
    "x = 1\n  # %%\n",
    /^a\.py has no cells: .* starts with # %%\. Put one before/,
  );
  await fault("a.ts", "let x = 1; // %%\n", /^a\.ts has no cells: .* starts with \/\/ %%/);
  await fault("a.ts", "", /^a\.ts has no cells/);
  const options = { path: "a.ts" } as ParseNotebookOptions;
  await assert.rejects(parseScriptNotebook("// %%", options), /unknown option "path"/);
});
