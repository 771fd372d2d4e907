import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, join } from "node:path";
import { runCommand } from "../../../src/_internal/run_command.ts";
import {
  claimHiddenFile,
  OWNER_LINES,
  rewriteHiddenFile,
  sweepHiddenFiles,
} from "../../../src/runner/typecheck/hidden_file.ts";
import { folderWith } from "./_check.ts";

Deno.test("claimHiddenFile() finds a free name, however many want one", async () => {
  await using folder = await folderWith({ ".qsight-types-1.mts": "not ours" });
  const texts = ["a", "b", "c", "d"];
  const files = await Promise.all(
    texts.map((text) => claimHiddenFile(folder.path, { text, extension: ".mts" })),
  );
  assert.deepEqual(files.map((file) => basename(file)).sort(), [
    ".qsight-types-0.mts",
    ".qsight-types-2.mts",
    ".qsight-types-3.mts",
    ".qsight-types-4.mts",
  ]);
  for (const [i, file] of files.entries()) {
    const lines = (await readFile(file, "utf8")).split("\n");
    assert.deepEqual(lines.slice(OWNER_LINES), [texts[i]]);
    await rewriteHiddenFile(file, "other");
    assert.deepEqual((await readFile(file, "utf8")).split("\n"), [
      ...lines.slice(0, OWNER_LINES),
      "other",
    ]);
  }
  assert.equal(await readFile(join(folder.path, ".qsight-types-1.mts"), "utf8"), "not ours");
});

Deno.test("sweepHiddenFiles() removes what dead processes of this machine left, and nothing else", async () => {
  await using folder = await folderWith();
  const own = await claimHiddenFile(folder.path, { text: "", extension: ".tsx" });
  const owner = await readFile(own, "utf8");
  const { stdout } = await runCommand([Deno.execPath(), "eval", "console.log(Deno.pid)"], {
    timeout: 60_000,
  });
  const dead = owner.replace(String(Deno.pid), stdout.trim());
  assert.notEqual(dead, owner);
  const files: Record<string, string> = {
    ".qsight-types-7.mts": dead,
    ".qsight-types-8.tsx": `${dead}rest`,
    ".qsight-types-9.mts": dead.replace(hostname(), "elsewhere"),
    ".qsight-types-10.mts": "",
    ".qsight-types-11.txt": dead,
    "qsight-types-12.mts": dead,
    ".qsight-types-13.mts": `\n${dead}`,
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder.path, name), text);
  await sweepHiddenFiles(folder.path);
  assert.deepEqual((await readdir(folder.path)).sort(), [
    ".qsight-types-0.tsx",
    ".qsight-types-10.mts",
    ".qsight-types-11.txt",
    ".qsight-types-13.mts",
    ".qsight-types-9.mts",
    "qsight-types-12.mts",
  ]);
});
