import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { NotebookError } from "../../../src/runner/runner_errors.ts";
import { findNotebooks, globExpression } from "../../../src/runner/suite/find_notebooks.ts";
import { inFolder } from "../../cli/_call.ts";

async function withFiles(
  names: readonly string[],
  test: (find: (...patterns: string[]) => string[], folder: string) => void,
): Promise<void> {
  await inFolder(async (folder) => {
    for (const name of names) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), name.endsWith(".plain.ts") ? "1;" : "// %%\n1;\n# %%\n");
    }
    const find = (...patterns: string[]) =>
      findNotebooks(patterns, { cwd: folder }).map((path) => relative(folder, path));
    test(find, folder);
  });
}

Deno.test("findNotebooks() takes files, folders and patterns, sorted and without repeats", async () => {
  await withFiles(["b.ipynb", "a.ipynb", "in/c.ipynb", "in/deep/d.ipynb"], (find) => {
    assert.deepEqual(find("b.ipynb", "*.ipynb"), ["a.ipynb", "b.ipynb"]);
    assert.deepEqual(find("in"), ["in/c.ipynb", "in/deep/d.ipynb"]);
    assert.deepEqual(find("**/*.ipynb").length, 4);
    assert.deepEqual(find("{a,in/*}.ipynb"), ["a.ipynb", "in/c.ipynb"]);
    assert.deepEqual(find("nothing_*.ipynb"), []);
  });
});

Deno.test("findNotebooks() finds documents and scripts only where their extension is named", async () => {
  await withFiles(["a.ipynb", "b.md", "c.ts", "d.py", "e.plain.ts", "f.txt"], (find) => {
    assert.deepEqual(find("."), ["a.ipynb"]);
    assert.deepEqual(find("*"), ["a.ipynb"]);
    assert.deepEqual(find("*.md"), ["b.md"]);
    assert.deepEqual(find("*.{ipynb,md}"), ["a.ipynb", "b.md"]);
    assert.deepEqual(find("*.ts"), ["c.ts"]);
    assert.deepEqual(find("*.py"), ["d.py"]);
    assert.deepEqual(find("e.plain.ts"), ["e.plain.ts"]);
  });
});

Deno.test("findNotebooks() leaves out hidden folders, node_modules and the excluded folder", async () => {
  const names = ["a.ipynb", ".ipynb_checkpoints/a.ipynb", ".venv/b.ipynb", "node_modules/c.ipynb"];
  await withFiles([...names, "out/a.ipynb", "out2/a.ipynb"], (find, folder) => {
    assert.deepEqual(find("**/*.ipynb"), ["a.ipynb", "out/a.ipynb", "out2/a.ipynb"]);
    assert.deepEqual(find(".venv/*.ipynb"), [".venv/b.ipynb"]);
    const kept = findNotebooks("**/*.ipynb", { cwd: folder, exclude: "out" });
    assert.deepEqual(kept.map((path) => relative(folder, path)), ["a.ipynb", "out2/a.ipynb"]);
  });
});

Deno.test("findNotebooks() refuses a plain path where nothing is, and unknown options", () => {
  assert.throws(
    () => findNotebooks("missing.ipynb"),
    (error) => error instanceof NotebookError && error.code === "missing",
  );
  assert.throws(
    () => findNotebooks("*.ipynb", { folder: "." } as never),
    /unknown option "folder"/,
  );
});

Deno.test("globExpression() knows *, **, ? and braces, and quotes the rest", () => {
  const matches = (glob: string, path: string) => globExpression(glob).test(path);
  assert(matches("*.ipynb", "a.ipynb") && !matches("*.ipynb", "b/a.ipynb"));
  assert(matches("**/*.ipynb", "a.ipynb") && matches("**/*.ipynb", "c/b/a.ipynb"));
  assert(matches("0?_{a,b+}.ipynb", "01_b+.ipynb") && !matches("0?_{a,b}.ipynb", "0/_b.ipynb"));
  assert(!matches("*.ipynb", "aXipynb") && matches("a,b(1).ipynb", "a,b(1).ipynb"));
});
