import assert from "node:assert/strict";
import { loadNotebook, parseNotebook } from "../../../src/runner/notebook/load_notebook.ts";
import type { Notebook } from "../../../src/runner/notebook/nbformat.ts";
import { NotebookError } from "../../../src/runner/runner_errors.ts";
import { testOrSkip } from "../../_tools/test_or_skip.ts";
import { fixture } from "../_fixture.ts";
import { missingNbformat, python } from "./_python.ts";

const outputs = [
  { output_type: "stream", stream: "stderr", text: ["a\n", "b"] },
  { output_type: "stream", text: "c" },
  {
    ...{ output_type: "pyout", prompt_number: 3, text: ["x\n", "y"], html: "<b>", png: "iVBO" },
    ...{ json: ['{"a": ', "[1]}"], "text/x-mine": "m", metadata: { png: { width: 3 }, own: 1 } },
  },
  {
    ...{ output_type: "display_data", svg: ["<svg>", "</svg>"], jpeg: "/9j", latex: "$x$" },
    ...{ javascript: "1", pdf: "JVB" },
  },
  { output_type: "pyerr", ename: "E", evalue: "v", traceback: ["t", "u"] },
];
const code = { cell_type: "code", input: "1", language: "python", outputs: [] };
const cells = [
  { cell_type: "heading", level: 2, source: ["Two\n", "lines "] },
  { cell_type: "heading", level: 1, source: "", metadata: { a: 1 } },
  { cell_type: "markdown", source: ["no", "ends"], metadata: { trusted: true } },
  { cell_type: "html", source: "<i>" },
  { cell_type: "raw", source: ["a\n", "b\n"], metadata: { format: "text/x" } },
  { ...code, input: ["x\n", "y"], outputs, prompt_number: 7, collapsed: true },
  { ...code, input: ["x", "y"], prompt_number: null, metadata: { collapsed: true, tags: ["a"] } },
];
const metadata = { name: "old", signature: "s", kernel_info: { name: "p", language: "python" } };
const notebook3 = {
  ...{ nbformat: 3, nbformat_minor: 0, orig_nbformat: 2, metadata },
  worksheets: [{ cells, metadata: {} }, { cells: [code] }],
};

/** Without the ids, which are random there, and the kernel, which only we put in. */
function comparable(notebook: Notebook): unknown {
  const { kernelspec: _, ...metadata } = notebook.metadata;
  const cells = notebook.cells.map(({ id: _, ...cell }) => cell);
  return { ...notebook, metadata, cells };
}

testOrSkip("upgradeNotebook3() does as nbformat.convert", missingNbformat, async () => {
  const script = `
import sys, json, nbformat
with open(sys.argv[1], encoding="utf-8") as file:
    notebook = nbformat.v4.to_notebook(nbformat.convert(nbformat.read(file, as_version=3), 4))
print(json.dumps(notebook))`;
  const theirs: Notebook = JSON.parse(await python(script, notebook3));
  const ours = parseNotebook(JSON.stringify(notebook3));
  assert.deepEqual(comparable(ours), comparable(theirs));
});

Deno.test("upgradeNotebook3() gives a notebook of Python cells Python's kernel", async () => {
  const spec = (value: object) => parseNotebook(JSON.stringify(value)).metadata.kernelspec;
  const python = { display_name: "Python 3", language: "python", name: "python3" };
  assert.deepEqual(spec(notebook3), python);
  const julia = { ...notebook3, worksheets: [{ cells: [{ ...code, language: "julia" }] }] };
  assert.equal(spec(julia), undefined);
  const named = { ...notebook3, metadata: { kernelspec: { name: "mine", display_name: "M" } } };
  assert.deepEqual(spec(named), { name: "mine", display_name: "M" });
  assert.deepEqual((await loadNotebook(fixture("nbformat3"))).cells, []);
});

Deno.test("upgradeNotebook3() names the place of a fault in the stored file", () => {
  const place = (cell: object, at: string) => {
    const value = { ...notebook3, worksheets: [{ cells: [] }, { cells: [code, cell] }] };
    assert.throws(() => parseNotebook(JSON.stringify(value), { name: "a.ipynb" }), (error) => {
      assert(error instanceof NotebookError && error.code === "not_a_notebook");
      const start = `a.ipynb is not an nbformat 3 notebook: at worksheets[1].cells[1]${at}`;
      assert(error.message.startsWith(start), error.message);
      return true;
    });
  };
  place({ ...code, input: undefined }, ".input: found nothing, wanted text or a list of lines");
  place({ ...code, prompt_number: "1" }, '.prompt_number: found "1", wanted a whole number');
  place({ cell_type: "heading", source: "a", level: 0 }, ".level: found 0, wanted a whole number");
  place({ cell_type: "code2" }, '.cell_type: found "code2", wanted one of code, markdown, html');
  place(
    { ...code, outputs: [{ output_type: "pyout", json: "{" }] },
    '.outputs[0].json: found "{", wanted the text of a JSON value',
  );
  place(
    { ...code, outputs: [{ output_type: "pyout", json: "[".repeat(9e4) + "]".repeat(9e4) }] },
    ".outputs[0].json: found",
  );
  assert.throws(
    () => parseNotebook('{"nbformat": 3}'),
    /at worksheets: found nothing, wanted a list/,
  );
});
