import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  loadNotebook,
  parseNotebook,
  type ParseNotebookOptions,
} from "../../../src/runner/notebook/load_notebook.ts";
import { formatNotebook, saveNotebook } from "../../../src/runner/notebook/nbformat.ts";
import { NotebookError, type NotebookErrorCode } from "../../../src/runner/runner_errors.ts";
import { splitLines } from "../../../src/runner/notebook/split_lines.ts";
import { fixture } from "../_fixture.ts";

async function fails(promise: Promise<unknown>, code: NotebookErrorCode, message: RegExp) {
  await assert.rejects(promise, (error: unknown) => {
    assert(error instanceof NotebookError);
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  });
}

Deno.test("loadNotebook() says in which way a file is no notebook", async () => {
  await fails(loadNotebook("nowhere.ipynb"), "missing", /nowhere\.ipynb/);
  await fails(loadNotebook(fixture("not_json")), "not_json", /not JSON/);
  await fails(loadNotebook(fixture("nbformat3")), "unsupported_version", /nbformat 3.*nbconvert/);
  await fails(loadNotebook(fixture("not_a_notebook")), "not_a_notebook", /at cells:/);
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

Deno.test("formatNotebook() keeps unknown fields and JSON values, and is stable", () => {
  const json = { "application/json": ["a", "b"], "text/plain": ["x\n", "y"] };
  const output = { output_type: "display_data", data: json, metadata: { later: 1 } };
  const cell = {
    cell_type: "code",
    source: ["a\n", "b"],
    metadata: {},
    id: "a",
    outputs: [output],
  };
  const value = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { z: 1, a: { c: 1, b: 2 } },
    cells: [cell],
  };
  const notebook = parseNotebook(JSON.stringify({ ...value, extra: true }));
  const text = formatNotebook(notebook);
  assert(text.endsWith("}\n"));
  assert.equal(formatNotebook(parseNotebook(text)), text);
  const back = JSON.parse(text);
  assert.equal(back.extra, true);
  assert.deepEqual(Object.keys(back.metadata), ["a", "z"]);
  assert.deepEqual(back.cells[0].outputs[0].data, json);
  assert.deepEqual(back.cells[0].source, ["a\n", "b"]);
});

Deno.test("saveNotebook() writes what loadNotebook() reads", async () => {
  const folder = await mkdtemp(join(tmpdir(), "qsight-test-"));
  try {
    const notebook = await loadNotebook(fixture("unicode"));
    const path = join(folder, "deep", "copy.ipynb");
    await saveNotebook(path, notebook);
    assert.deepEqual(await loadNotebook(path), notebook);
    assert.equal(await readFile(path, "utf8"), formatNotebook(notebook));
  } finally {
    await rm(folder, { recursive: true });
  }
});

Deno.test("splitLines() cuts where Python's splitlines does and loses nothing", () => {
  assert.deepEqual(splitLines(""), []);
  assert.deepEqual(splitLines("a"), ["a"]);
  assert.deepEqual(splitLines("a\n\nb\n"), ["a\n", "\n", "b\n"]);
  assert.deepEqual(splitLines("a\r\nb\rc\u2028d\x85"), ["a\r\n", "b\r", "c\u2028", "d\x85"]);
});
