import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadNotebook, parseNotebook } from "../../../src/runner/notebook/load_notebook.ts";
import {
  formatNotebook,
  type Notebook,
  saveNotebook,
} from "../../../src/runner/notebook/nbformat.ts";
import { splitLines } from "../../../src/runner/notebook/split_lines.ts";
import { fixture } from "../_fixture.ts";

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
    // Keys outside of metadata are for a schema newer than 4.5, which has none of them.
    nbformat_minor: 6,
    metadata: { z: 1, a: { c: 1, b: 2 } },
    cells: [{ ...cell, later: 1 }],
  };
  const notebook = parseNotebook(JSON.stringify({ ...value, extra: true }));
  const text = formatNotebook(notebook);
  assert(text.endsWith("}\n"));
  assert.equal(formatNotebook(parseNotebook(text)), text);
  const back = JSON.parse(text);
  assert.equal(back.extra, true);
  assert.equal(back.cells[0].later, 1);
  assert.deepEqual(Object.keys(back.metadata), ["a", "z"]);
  assert.deepEqual(back.cells[0].outputs[0].data, json);
  assert.deepEqual(back.cells[0].source, ["a\n", "b"]);
});

Deno.test("formatNotebook() leaves out what the schema of 4.5 forbids", () => {
  const keys = (value: object) => Object.keys(value).sort().join(" ");
  const outputs = [
    { output_type: "stream", name: "stdout", text: "a", metadata: {} },
    { output_type: "display_data", data: {}, metadata: {}, transient: { display_id: "a" } },
    { output_type: "execute_result", data: { "a/b": 1 }, metadata: {}, execution_count: 1, x: 1 },
    { output_type: "error", ename: "E", evalue: "", traceback: [], status: "error" },
  ];
  const cells = [
    {
      ...{ cell_type: "code", source: "1", metadata: {}, id: "a", outputs },
      ...{ execution_count: null, prompt_number: 3 },
    },
    { cell_type: "markdown", source: "a", metadata: {}, id: "b", outputs: [], attachments: {} },
  ];
  const value = { nbformat: 4, nbformat_minor: 4, metadata: {}, cells, signature: "abc" };
  // A kernel sent the number 1; in a file it would be a fault.
  const stored = JSON.stringify(value).replace('"a/b":1', '"a/b":"1"');
  for (const notebook of [parseNotebook(stored), value as unknown as Notebook]) {
    const back = JSON.parse(formatNotebook(notebook));
    assert.equal(back.cells[0].outputs[2].data["a/b"], "1");
    assert.equal(keys(back), "cells metadata nbformat nbformat_minor");
    assert.equal(back.nbformat_minor, 5);
    assert.equal(keys(back.cells[1]), "attachments cell_type id metadata source");
    assert.equal(keys(back.cells[0]), "cell_type execution_count id metadata outputs source");
    assert.deepEqual(back.cells[0].outputs.map(keys), [
      "name output_type text",
      "data metadata output_type",
      "data execution_count metadata output_type",
      "ename evalue output_type traceback",
    ]);
  }
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

Deno.test("saveNotebook() writes no JSON over a document or script", async () => {
  for (const path of ["a.md", "a.py", "b/a.ts", "a.mts", "a.JS"]) {
    const notebook = parseNotebook(
      JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [] }),
    );
    await assert.rejects(saveNotebook(path, notebook), {
      name: "TypeError",
      message: /ends with \.ipynb, such as (?:b\/)?a\.ipynb$/,
    });
  }
});
