import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { jsonCellLine, tracebackLine } from "../../../src/runner/suite/cell_line.ts";
import { inFolder } from "../../cli/_call.ts";
import { fixture } from "../_fixture.ts";

Deno.test("jsonCellLine() finds the line where a cell's source begins", async () => {
  for (const name of ["error", "unicode", "rich_display", "parameters"]) {
    const lines = (await readFile(fixture(name), "utf8")).split("\n");
    const { cells } = JSON.parse(lines.join("\n"));
    for (const [index, { source }] of cells.entries()) {
      if (source.length === 0) continue;
      const line = await jsonCellLine(fixture(name), index);
      assert.ok(lines[line! - 1].includes(JSON.stringify([source].flat()[0])), `${name} ${index}`);
    }
  }
});

Deno.test("jsonCellLine() is not misled by texts, other keys and one line for all", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "a.ipynb");
    const cells = [
      {
        metadata: { cells: [{ source: ["no"] }], source: "no" },
        source: ['"cells": [{"source": "'],
      },
      { outputs: [{ data: { source: ["no"] } }], source: "one\ntext" },
      { source: [] },
    ];
    await writeFile(path, `\n{"source": ["no"], "cells": ${JSON.stringify(cells, undefined, 1)}}`);
    const lines = (await readFile(path, "utf8")).split("\n");
    const at = async (index: number) => lines[(await jsonCellLine(path, index) ?? NaN) - 1]?.trim();
    assert.match(await at(0), /^"\\"cells/);
    assert.equal(await at(1), '"source": "one\\ntext"');
    assert.equal(await at(2), undefined);
    assert.equal(await at(3), undefined);
    await writeFile(path, JSON.stringify({ cells }));
    assert.equal(await jsonCellLine(path, 1), 1);
    await writeFile(path, "not JSON");
    assert.equal(await jsonCellLine(path, 0), undefined);
    assert.equal(await jsonCellLine(join(folder, "missing.ipynb"), 0), undefined);
  });
});

Deno.test("tracebackLine() reads tracebacks of Deno and of IPython old and new", () => {
  const deno = ["TypeError: wrong", "    at fail (<anonymous>:2:9)", "    at <anonymous>:4:1"];
  assert.equal(tracebackLine(deno), 2);
  const eight = ["ZeroDivisionError Traceback", "Cell In[3], line 12", "---> 12 1 / 0"];
  assert.equal(tracebackLine(eight), 12);
  assert.equal(tracebackLine(["Input In [3], in <cell line: 5>()", "----> 5 1 / 0"]), 5);
  assert.equal(tracebackLine(["----> 7 1 / 0"]), 7);
  assert.equal(tracebackLine(["no line"]), undefined);
  assert.equal(tracebackLine([]), undefined);
});
