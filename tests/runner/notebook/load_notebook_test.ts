import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadNotebook } from "../../../src/runner/notebook/load_notebook.ts";
import { NotebookError, type NotebookErrorCode } from "../../../src/runner/runner_errors.ts";
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
  await fails(loadNotebook(fixture("not_a_notebook")), "not_a_notebook", /at cells:/);
});

Deno.test("loadNotebook() refuses bytes that are no UTF-8", async () => {
  const folder = await mkdtemp(join(tmpdir(), "qsight-test-"));
  try {
    const path = join(folder, "a.ipynb");
    const text = await readFile(fixture("ok"), "utf8");
    await writeFile(path, Buffer.from("\ufeff" + text, "utf16le"));
    await fails(loadNotebook(path), "not_json", /a\.ipynb is not UTF-8 text: .*UTF-16/);
    await writeFile(path, Buffer.concat([Buffer.from('{"a": "'), Uint8Array.of(0xff, 0x22, 0x7d)]));
    await fails(loadNotebook(path), "not_json", /a\.ipynb is not UTF-8 text.*Save it again/);
    await writeFile(path, "\ufeff" + text);
    assert.deepEqual(await loadNotebook(path), await loadNotebook(fixture("ok")));
    await writeFile(path, text.replace("{", "{\n<<<<<<< HEAD\n"));
    await fails(loadNotebook(path), "not_json", /line 2 is the mark of a merge conflict/);
    await writeFile(join(folder, "a.md"), Uint8Array.of(0xc3));
    await fails(loadNotebook(join(folder, "a.md")), "not_a_notebook", /a\.md is not UTF-8 text/);
  } finally {
    await rm(folder, { recursive: true });
  }
});

Deno.test("loadNotebook() reads documents and scripts by their names, with errors that name them", async () => {
  const folder = await mkdtemp(join(tmpdir(), "qsight-test-"));
  try {
    const files: [string, string, string][] = [
      ["a.md", "# A\n```ts\n1\n```\n", "deno"],
      ["b.MD", "```py\n1\n```\n", "python3"],
      ["a.py", "# %%\n1\n", "python3"],
      ["a.ts", "// %%\n1\n", "deno"],
      ["a.mts", "// %%\n1\n", "deno"],
      ["a.js", "// %%\n1\n", "deno"],
    ];
    for (const [name, text, kernel] of files) {
      await writeFile(join(folder, name), text);
      const { metadata, cells } = await loadNotebook(join(folder, name));
      assert.equal((metadata.kernelspec as { name: string }).name, kernel, name);
      assert.equal(cells.at(-1)?.source, "1", name);
    }
    await writeFile(join(folder, "a.md"), "text\n```ts\n1");
    await fails(loadNotebook(join(folder, "a.md")), "not_a_notebook", /\/a\.md:2: the fence/);
    await writeFile(join(folder, "a.py"), "1");
    await fails(loadNotebook(join(folder, "a.py")), "not_a_notebook", /\/a\.py has no cells/);
    await fails(loadNotebook(join(folder, "no.md")), "missing", /no\.md/);
  } finally {
    await rm(folder, { recursive: true });
  }
});
