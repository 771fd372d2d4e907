import assert from "node:assert/strict";
import {
  parseNotebook,
  type ParseNotebookOptions,
} from "../../../src/runner/notebook/parse_notebook.ts";
import { NotebookError } from "../../../src/runner/runner_errors.ts";

Deno.test("parseNotebook() refuses other versions than 3 and 4 and says how to convert them", () => {
  for (const version of [1, 2, 5, 4.5]) {
    const text = JSON.stringify({ nbformat: version, nbformat_minor: 0, metadata: {}, cells: [] });
    assert.throws(() => parseNotebook(text, { name: "a.ipynb" }), (error: unknown) => {
      assert(error instanceof NotebookError);
      assert.equal(error.code, "unsupported_version");
      assert.match(error.message, new RegExp(`^a.ipynb is nbformat ${version}, .*nbconvert`));
      return true;
    });
  }
});

Deno.test("parseNotebook() names the place of a fault", () => {
  const cells = [
    { cell_type: "markdown", source: "", metadata: {} },
    { cell_type: "code", source: 3, metadata: {} },
  ];
  const text = JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells });
  assert.throws(
    () => parseNotebook(text, { name: "a.ipynb" }),
    /a\.ipynb .* at cells\[1\]\.source/,
  );
  assert.throws(() => parseNotebook("", {}), /the file is empty/);
  const options = { path: "a.ipynb" } as ParseNotebookOptions;
  assert.throws(() => parseNotebook(text, options), /parseNotebook: unknown option "path"/);
});

Deno.test("parseNotebook() adds the same ids each time and replaces doubled ones", () => {
  const cell = (id?: string) => ({ cell_type: "code", source: "1", metadata: {}, id });
  const text = JSON.stringify({
    nbformat: 4,
    nbformat_minor: 2,
    metadata: {},
    cells: [cell(), cell("a"), cell("a"), cell("no spaces")],
  });
  const notebook = parseNotebook(text);
  const ids = notebook.cells.map(({ id }) => id);
  assert.equal(new Set(ids).size, 4);
  assert.equal(ids[1], "a");
  assert(ids.every((id) => /^[\w-]{1,64}$/.test(id)));
  assert.deepEqual(parseNotebook(text), notebook);
  assert.equal(notebook.nbformat_minor, 5);
});

Deno.test("parseNotebook() says what it found and wanted at the place of a fault", () => {
  const output = (value: object) => ({ cells: [code, { ...code, outputs: [value] }] });
  const code = { cell_type: "code", source: "1", metadata: {} };
  const cases: [object, string][] = [
    [{ cells: undefined }, "at cells: found nothing, wanted a list"],
    [{ metadata: [] }, "at metadata: found a list of 0, wanted an object"],
    [{ nbformat_minor: "5" }, 'at nbformat_minor: found "5", wanted a whole number, at least 0'],
    [{ nbformat: "4" }, 'at nbformat: found "4", wanted 4'],
    [{ nbformat: undefined }, "at nbformat: found nothing, wanted 4"],
    [{ cells: [code, 3] }, "at cells[1]: found 3, wanted an object"],
    [
      { cells: [{ ...code, cell_type: "cod" }] },
      'at cells[0].cell_type: found "cod", wanted one of code, markdown, raw',
    ],
    [{ cells: [{ ...code, source: undefined }] }, "at cells[0].source: found nothing, wanted text"],
    [{ cells: [{ ...code, source: ["a", 3] }] }, "at cells[0].source[1]: found 3, wanted text"],
    [
      { cells: [{ ...code, execution_count: -1 }] },
      "at cells[0].execution_count: found -1, wanted a whole number, at least 0",
    ],
    [
      output({ output_type: "strem" }),
      'at cells[1].outputs[0].output_type: found "strem", wanted one of stream, display_data, ' +
      "execute_result, error",
    ],
    [
      output({ output_type: "display_data", data: { "text/plain": true } }),
      'at cells[1].outputs[0].data["text/plain"]: found true, wanted text or a list of lines',
    ],
    [
      output({ output_type: "error", ename: "a", evalue: "b", traceback: "c" }),
      'at cells[1].outputs[0].traceback: found "c", wanted a list of lines',
    ],
    [
      { metadata: { kernelspec: { name: ["python3"] } } },
      "at metadata.kernelspec.name: found a list of 1, wanted text",
    ],
    [
      { cells: [{ ...code, cell_type: "markdown", attachments: { "a b.png": 3 } }] },
      'at cells[0].attachments["a b.png"]: found 3, wanted an object',
    ],
  ];
  for (const [change, message] of cases) {
    const value = { nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [], ...change };
    assert.throws(() => parseNotebook(JSON.stringify(value), { name: "a.ipynb" }), (error) => {
      assert(error instanceof NotebookError && error.code === "not_a_notebook");
      assert(
        error.message.startsWith(`a.ipynb is not an nbformat 4 notebook: ${message}`),
        `${error}`,
      );
      return true;
    });
  }
  assert.throws(() => parseNotebook("[]"), /at the top: found a list of 0, wanted an object/);
});

Deno.test("parseNotebook() puts in what has one neutral value and cleans metadata", () => {
  const times = { "iopub.status.busy": "2020", other: 3 };
  const cells = [
    { cell_type: "code", source: "1" },
    {
      cell_type: "code",
      source: ["1"],
      outputs: [{ output_type: "display_data", data: {} }],
      metadata: {
        ...{ tags: ["a,b", "b", 3, ""], name: "", scrolled: "yes", collapsed: true, trusted: true },
        ...{ jupyter: null, execution: times, mine: { deep: [1] } },
      },
    },
    { cell_type: "raw", source: "", metadata: { format: 3, tags: "parameters" } },
  ];
  const metadata = {
    ...{ kernelspec: { name: "deno" }, language_info: { name: "typescript", mimetype: 3 } },
    ...{ title: 3, authors: "me", orig_nbformat: 3, signature: "a", mine: null },
  };
  const notebook = parseNotebook(JSON.stringify({ nbformat: 4, metadata, cells }));
  assert.deepEqual(notebook.metadata, {
    kernelspec: { name: "deno", display_name: "deno" },
    language_info: { name: "typescript" },
    mine: null,
  });
  const [first, second, third] = notebook.cells;
  assert(first.cell_type === "code" && second.cell_type === "code");
  assert.deepEqual([first.metadata, first.outputs, first.execution_count], [{}, [], null]);
  assert.deepEqual(second.outputs, [{ output_type: "display_data", data: {}, metadata: {} }]);
  const execution = { "iopub.status.busy": "2020" };
  assert.deepEqual(second.metadata, {
    ...{ tags: ["a", "b"], collapsed: true, execution, mine: { deep: [1] } },
  });
  assert.deepEqual(third.metadata, {});
});
